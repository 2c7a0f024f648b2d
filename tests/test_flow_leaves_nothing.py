"""The whole job with encrypted records: what it leaves on the disk, and what it asks of the system."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

HERE = Path(__file__).parent
WORD = "Xyzzyquuxfoo"
FOLDERS = {
    "HOME": "home", "XDG_DATA_HOME": "home/data", "XDG_CACHE_HOME": "home/cache", "XDG_CONFIG_HOME": "home/config",
    "XDG_STATE_HOME": "home/state", "XDG_RUNTIME_DIR": "run", "TMPDIR": "temp", "INTAKE_DATA": "data",
}  # fmt: skip
CALLS = "%network,open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2"
CREATED = re.compile(r'(?:open|openat|creat)\((?:AT_FDCWD, )?"([^"]+)", [^)]*O_CREAT.*\) = \d')
SOCKET = re.compile(r"socket\((AF_\w+)")


def can_run(*words):
    return (
        shutil.which(words[0]) is not None and subprocess.run(words, capture_output=True, check=False).returncode == 0
    )


@pytest.fixture(scope="module")
def flow(tmp_path_factory):
    """Do the whole job once, without a network and watched where this machine allows it, and look before it closes."""
    folder = tmp_path_factory.mktemp("flow")
    for name in [*FOLDERS.values(), "out"]:
        (folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    log = folder / "calls"
    alone = ["unshare", "-rn"] if can_run("unshare", "-rn", "true") else []
    watch = ["strace", "-f", "-qq", "-s", "4096", "-e", f"trace={CALLS}", "-o", str(log)]
    watch = watch if can_run("strace", "-o", os.devnull, "true") else []
    words = [
        *alone,
        *watch,
        sys.executable,
        str(HERE / "full_flow.py"),
        str(folder / "data"),
        str(folder / "out"),
        WORD,
    ]
    environment = os.environ | {name: str(folder / place) for name, place in FOLDERS.items()}
    environment |= {"PYTHONPATH": f"{HERE.parent}{os.pathsep}{HERE}", "QT_QPA_PLATFORM": "offscreen"}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1"}  # what Python keeps of itself beside its modules is no answer
    with subprocess.Popen(words, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        told = process.stdout.readline()
        while_open = find_word(folder, WORD)
        rest, _ = process.communicate("\n", timeout=60)
    assert process.returncode == 0
    found = SimpleNamespace(folder=folder, while_open=while_open, alone=bool(alone), watched=bool(watch))
    found.told, found.rest = json.loads(told), json.loads(rest)
    found.calls = log.read_text("utf-8", "replace") if watch else ""
    return found


def find_word(folder, word):
    """Return the files, and the names of files, that hold a word in UTF-8 or UTF-16; the letter itself is left out."""
    kinds = [word.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")]
    files = [p for p in folder.rglob("*") if p.is_file() and p.parent != folder / "out" and p != folder / "calls"]
    assert any(path.stat().st_size for path in files), "there was nothing to look through"
    return [
        p.name for p in folder.rglob("*") if word in p.name or (p in files and any(k in p.read_bytes() for k in kinds))
    ]


def test_check_01_what_was_typed_into_every_field_is_nowhere_on_the_disk(flow):
    assert flow.told["typed"] > 30
    assert flow.while_open == []
    assert find_word(flow.folder, WORD) == []
    [letter] = (flow.folder / "out").iterdir()
    assert letter.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("code", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_word_on_the_disk_would_be_found(tmp_path, code):
    (tmp_path / "log").write_bytes(b"before " + WORD.encode(code) + b" after")
    assert find_word(tmp_path, WORD) == ["log"]


def test_check_32_the_whole_job_is_done_without_a_network(flow):
    assert flow.told["saved"].startswith("Saved as")
    if not flow.alone:
        pytest.skip("this machine does not let a program be cut off from the network")


def test_check_32_no_socket_is_opened(flow):
    assert flow.rest["sockets"] == []
    if not flow.watched:
        pytest.skip("there is no strace here to watch the rest of the program")
    assert set(SOCKET.findall(flow.calls)) <= {"AF_UNIX"}
    assert not re.search(r"\b(?:connect|sendto|bind)\(\d+, \{sa_family=AF_INET", flow.calls)


def test_check_25_files_are_made_only_in_the_records_folder_and_where_the_letter_goes(flow):
    if not flow.watched:
        pytest.skip("there is no strace here to watch what is made")
    made = {Path(path) for path in CREATED.findall(flow.calls)}
    allowed = (flow.folder / "data", flow.folder / "out", Path("/dev"))
    assert made
    assert [path for path in made if not any(path.is_relative_to(folder) for folder in allowed)] == []
    assert not any((flow.folder / "temp").iterdir())
