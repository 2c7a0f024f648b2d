"""The whole job with encrypted records: what it leaves on the disk, and whether it needs a network."""

import pytest
from test_flow_leaves_nothing import SOCKET, WORD, find_word, flow  # noqa: F401  a fixture


@pytest.mark.gate("plain text", "0 files with what was typed, as UTF-8 or UTF-16")
def test_what_was_typed_into_every_field_is_nowhere_on_the_disk(flow, record_property):  # noqa: F811
    files = sum(path.is_file() for path in flow.folder.rglob("*"))
    found = [*flow.while_open, *find_word(flow.folder, WORD)]
    record_property("figure", f"{flow.told['typed']} fields typed into, {files} files, {len(found)} with it")
    assert found == []


@pytest.mark.gate("no network", "the whole job without a network, and no socket that leads to one")
def test_the_whole_job_opens_no_way_to_a_network(flow, record_property):  # noqa: F811
    if not (flow.alone and flow.watched):
        pytest.skip("it takes a network namespace (unshare) and somebody who watches (strace)")
    sockets = [*flow.rest["sockets"], *(kind for kind in SOCKET.findall(flow.calls) if kind != "AF_UNIX")]
    record_property("figure", f"{flow.told['saved'].split('.')[0]}; {len(sockets)} sockets")
    assert sockets == []
