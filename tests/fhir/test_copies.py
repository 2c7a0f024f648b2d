"""What goes out with the letter is in the Bundle: copies to others, and what is enclosed."""

from sample_cases import GOING_ALONG, bundle_of


def test_who_gets_a_copy_and_what_is_enclosed_is_told_in_their_sections(samples, kinds):
    bundle = bundle_of(samples["full_case"], **GOING_ALONG)
    [copy], enclosures = kinds(bundle, "CommunicationRequest"), kinds(bundle, "DocumentReference")
    composition = kinds(bundle, "Composition")[0]
    assert [one["display"] for one in copy["recipient"]] == ["Dr Abe, family doctor", "Physiotherapy <Quay>"]
    assert copy["payload"] == [{"contentReference": {"reference": f"urn:uuid:{composition['id']}"}}]
    assert [one["content"][0]["attachment"]["title"] for one in enclosures] == list(GOING_ALONG["enclosures"])
    sections = {section["title"]: section for section in composition["section"]}
    assert sections["Copies to"]["entry"] == [{"reference": f"urn:uuid:{copy['id']}"}]
    assert sections["Enclosed"]["entry"] == [{"reference": f"urn:uuid:{one['id']}"} for one in enclosures]
    assert "Physiotherapy &lt;Quay&gt;" in sections["Copies to"]["text"]["div"]
    assert "MRI report (PDF, 2 pages)" in sections["Enclosed"]["text"]["div"]


def test_a_letter_that_goes_to_nobody_else_asks_for_no_copy(full, samples, kinds):
    assert kinds(full, "CommunicationRequest") == kinds(full, "DocumentReference") == []
    unknown = bundle_of(samples["full_case"], clinic={}, copies=({"fax": "  "}, {"name": "Dr Abe"}))
    [copy] = kinds(unknown, "CommunicationRequest")
    assert (copy["recipient"], "sender" in copy) == ([{"display": "Dr Abe"}], False)
