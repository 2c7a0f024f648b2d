"""Our own rules for a bundle: what refers to what, and that it says what was answered and nothing else."""

import json
import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sample_cases import GOING_ALONG, NAMES, TODAY, bundle_of, say_about
from strategies import cases

from intake_app import demo, fhir
from intake_app.case import make_case
from intake_app.factors import evaluate_all
from intake_app.fhir.elements import read_mapping, tidy
from intake_app.letter.words import answer_words

CONFIRMED = {  # what was read in a source, with LOINC's own long common names; all else has a code of our own
    "57133-1": "Referral note",
    "42349-1": "Reason for referral (narrative)",
    "72514-3": "Pain severity - 0-10 verbal numeric rating [Score] - Reported",
    "97909-6": "Oswestry disability index score ODI",
    "82237-9": "Total score [NDI]",
    "91350-9": "Distress subscore [STarT Back]",
    "91351-7": "Total score [STarT Back]",
    "91147-9": "Mean score [PEG]",
    "55758-7": "Patient Health Questionnaire 2 item (PHQ-2) total score [Reported]",
    "39156-5": "Body mass index (BMI) [Ratio]",
    "29463-7": "Body weight",
    "8302-2": "Body height",
    "4548-4": "Hemoglobin A1c/Hemoglobin.total in Blood",
    "718-7": "Hemoglobin [Mass/volume] in Blood",
}


def walk(thing) -> Iterator[tuple[str, object]]:
    """Yield every key and value of a resource."""
    if isinstance(thing, dict):
        for key, value in thing.items():
            yield key, value
            yield from walk(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from walk(value)


def references(resource) -> set[str]:
    return {str(value) for key, value in walk(resource) if key == "reference"}


def faults(bundle) -> list[str]:
    """Return what is wrong with a document bundle, whatever the resources say."""
    entries = {entry["fullUrl"]: entry["resource"] for entry in bundle["entry"]}
    first = bundle["entry"][0]["resource"]
    found = [] if first["resourceType"] == "Composition" else ["the first entry is no Composition"]
    if len(entries) < len(bundle["entry"]):
        found.append("two entries have one address")
    for url, resource in entries.items():
        found += [f"{url}: has another id"] if url != f"urn:uuid:{resource['id']}" else []
        found += [f"{url} refers to {to}, which is not there" for to in references(resource) - entries.keys()]
        found += [f"{url}: {key} is empty" for key, value in walk(resource) if value in ("", [], {}, None)]
    canonicals = {r["url"]: url for url, r in entries.items() if r["resourceType"] == "Questionnaire"}
    reached, waiting = set(), [bundle["entry"][0]["fullUrl"]]
    while waiting:
        url = waiting.pop()
        reached.add(url)
        further = references(entries[url]) & entries.keys()
        further |= (
            {canonicals[entries[url]["questionnaire"].partition("|")[0]]} if "questionnaire" in entries[url] else set()
        )
        waiting += further - reached
    pointing = {url for url, r in entries.items() if references(r.get("target", [])) & reached}
    found += [
        f"{url} ({entries[url]['resourceType']}) is reached from nowhere" for url in entries.keys() - reached - pointing
    ]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_reference_resolves_and_no_entry_is_an_orphan(samples, name):
    assert faults(bundle_of(samples[name])) == []
    assert faults(bundle_of(samples[name], clinic={}, recipient={}, signed_by="Dr P. Hale", **GOING_ALONG)) == []


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (lambda b: b["entry"].pop(1), "which is not there"),
        (
            lambda b: b["entry"].append({"fullUrl": "urn:uuid:1", "resource": {"resourceType": "Basic", "id": "1"}}),
            "nowhere",
        ),
        (lambda b: b["entry"].append(b["entry"][1]), "one address"),
        (lambda b: b["entry"].reverse(), "no Composition"),
        (lambda b: b["entry"][1]["resource"].update(name=[]), "is empty"),
    ],
)
def test_a_spoilt_bundle_is_found(samples, spoil, what):
    bundle = json.loads(json.dumps(bundle_of(samples["full_case"])))
    spoil(bundle)
    assert what in " ".join(faults(bundle))


def test_the_same_letter_gives_the_same_bytes_and_another_other_ids(samples):
    one, again = (fhir.write_bundle(bundle_of(samples["full_case"])) for _ in range(2))
    other = bundle_of(samples["full_case"], version=2)
    assert one == again
    assert json.loads(one)["id"] != other["id"]
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", other["id"])


def answers_in(bundle) -> dict[str, list]:
    """Return linkId to its answers, in the order they stand."""
    found: dict[str, list] = {}

    def collect(items):
        for item in items:
            found.setdefault(item["linkId"], []).extend(item.get("answer", []))
            collect(item.get("item", []))

    for entry in bundle["entry"]:
        if entry["resource"]["resourceType"] == "QuestionnaireResponse":
            collect(entry["resource"].get("item", []))
    return found


def test_an_empty_case_asserts_nothing(samples, kinds):
    bundle = bundle_of(samples["empty"])
    assert answers_in(bundle) == {}
    for kind in (
        "Condition",
        "Observation",
        "Procedure",
        "MedicationStatement",
        "AllergyIntolerance",
        "DiagnosticReport",
    ):
        assert kinds(bundle, kind) == []
    assert kinds(bundle, "Patient")[0].keys() == {"resourceType", "id"}
    reasons = {
        s["title"]: s["emptyReason"]["coding"][0]["code"]
        for s in kinds(bundle, "Composition")[0]["section"]
        if "emptyReason" in s
    }
    assert set(reasons.values()) == {"notasked"}


@pytest.mark.parametrize("value", ["yes", "no", "unsure"])
def test_yes_no_and_unsure_are_three_answers_and_a_blank_is_none(questionnaire, value):
    bundle = bundle_of(make_case(questionnaire, {"family_name": "Roe"}, {"night_pain": value}, TODAY))
    assert [a["valueCoding"]["code"] for a in answers_in(bundle)["night_pain"]] == [value]
    assert "weight_loss" not in answers_in(bundle)


def test_unsure_is_no_measurement(questionnaire, kinds):
    bundle = bundle_of(make_case(questionnaire, {}, {"nicotine": "unsure", "alcohol": "never"}, TODAY))
    assert [o["code"]["text"] for o in kinds(bundle, "Observation")] == ["Alcohol"]
    assert answers_in(bundle)["nicotine"][0]["valueCoding"]["code"] == "unsure"


def test_no_known_allergies_is_said_only_when_it_was_answered(questionnaire, kinds):
    denied = bundle_of(make_case(questionnaire, {}, {"allergies": "none"}, TODAY))
    assert [a["code"]["text"] for a in kinds(denied, "AllergyIntolerance")] == ["No known allergies"]
    assert [a["valueCoding"]["code"] for a in answers_in(denied)["allergies.none"]] == ["none"]
    assert "allergies" not in answers_in(denied)


def test_what_the_program_answers_itself_is_asked_of_nobody_else(questionnaire, full, kinds):
    items = {item["linkId"]: item for page in kinds(full, "Questionnaire")[0]["item"] for item in page["item"]}
    own = {name: item for name, item in items.items() if item.get("readOnly")}
    assert own
    assert own.keys() == {question.id for question in questionnaire.questions if question.id in question.shown_when}
    assert not any("enableWhen" in item for item in own.values())
    for name, item in items.items():
        earlier = list(items)[: list(items).index(name)]
        assert {condition["question"] for condition in item.get("enableWhen", ())} <= {*earlier}


def test_codes_of_others_are_used_only_where_they_were_confirmed(samples):
    used = {}
    for case in samples.values():
        for _, value in walk(bundle_of(case)):
            if isinstance(value, dict) and value.get("system") == "http://loinc.org":
                used[value["code"]] = value["display"]
            assert not (isinstance(value, dict) and value.get("system") == "http://snomed.info/sct")
    assert used.items() <= CONFIRMED.items()
    rows = [row for table in ("answer", "entry", "score") for row in read_mapping("observations")[table]]
    assert dict(row["loinc"] for row in rows if "loinc" in row).items() <= CONFIRMED.items()


def test_the_owners_of_codes_are_named(full, kinds):
    assert "Regenstrief" in kinds(full, "Questionnaire")[0]["copyright"]
    assert "Regenstrief" in kinds(full, "Composition")[0]["section"][-1]["text"]["div"]


def test_every_mapping_names_questions_that_exist(questionnaire):
    for row in read_mapping("observations")["answer"]:
        for name in (row[key] for key in ("question", "date", "side", "note", "by") if key in row):
            assert name in questionnaire.by_id, name
    for row in read_mapping("observations")["entry"]:
        fields = {field.id for field in questionnaire.by_id[row["list"]].fields}
        assert {row["value"], *row["site"]} <= fields
    scores = {field.id for field in questionnaire.by_id["scores"].fields}
    for row in read_mapping("observations")["score"]:
        assert {*row.get("sum", ()), *(row[key] for key in ("field", "count") if key in row)} <= scores
    instruments = next(f for f in questionnaire.by_id["scores"].fields if f.id == "instrument").options
    assert {key for key, _ in instruments} == {row["instrument"] for row in read_mapping("observations")["score"]}
    for name, row in read_mapping("statements").items():
        if "list" in row:
            fields = {field.id for field in questionnaire.by_id[row["list"]].fields}
            lists = [row[key] for key in ("text", "name", "site") if key in row]
            assert {field for named in lists for field in named} <= fields, name


def test_each_sentence_of_the_summary_is_proven(samples, kinds):
    case = samples["full_case"]
    bundle = bundle_of(case)
    proofs = {p["activity"]["coding"][0]["code"]: p for p in kinds(bundle, "Provenance") if "activity" in p}
    told = {finding.rule.id: finding for finding in evaluate_all(case) if finding.sentence}
    assert proofs.keys() == told.keys()
    for name, proof in proofs.items():
        assert proof["target"][0]["display"] == tidy(told[name].sentence)
        what = [(e["role"], e["what"]["identifier"]["value"]) for e in proof.get("entity", [])]
        assert [value for role, value in what if role == "source"] == list(told[name].rule.cites)
        for path in (value for role, value in what if role == "derivation"):
            assert value_at(case, path) is not None
            assert path in told[name].read


def value_at(case, path):
    head, _, field = path.partition(".")
    if head == "patient":
        return case.patient.get(field)
    name, _, number = head.partition("[")
    return case.entries(name)[int(number[:-1])].get(field, "there") if number else case.answers.get(name)


def test_the_letter_names_what_it_was_made_with(full, kinds):
    whole = next(p for p in kinds(full, "Provenance") if "activity" not in p)
    assert whole["policy"] == [f"urn:x-spine-intake:ruleset:{say_about()['ruleset']}"]
    assert whole["agent"][0]["who"]["display"].startswith("Spine intake ")


def test_an_unsigned_letter_is_no_order(samples, kinds):
    unsigned, signed = (bundle_of(samples["full_case"], **more) for more in ({}, {"signed_by": "Dr P. Hale"}))
    assert [kinds(b, "Composition")[0]["status"] for b in (unsigned, signed)] == ["preliminary", "final"]
    assert [kinds(b, "ServiceRequest")[0]["intent"] for b in (unsigned, signed)] == ["proposal", "order"]


def test_the_more_urgent_of_flags_and_referrer_is_the_priority(questionnaire, kinds):
    def priority(**answers):
        return kinds(bundle_of(make_case(questionnaire, {}, answers, TODAY)), "ServiceRequest")[0].get("priority")

    assert priority() is None
    assert priority(requested_urgency="R4") == "routine"
    assert priority(requested_urgency="R4", saddle_numbness="yes") == "stat"


def test_the_sections_are_the_letters(samples, kinds):
    from intake_app.letter import compose
    from intake_app.letter.blocks import Zone

    case = samples["full_case"]
    composed = compose(case, evaluate_all(case), **say_about())
    titles = [section["title"] for section in kinds(bundle_of(case), "Composition")[0]["section"]]
    assert titles == ["Urgency", *(b.label for b in composed.blocks if isinstance(b, Zone)), "Data of this letter"]


def test_a_question_of_a_type_that_came_later_does_no_harm(questionnaire):
    from dataclasses import replace

    asked = replace(questionnaire.by_id["spine_sites"], id="drawn", type="drawing", options=(("a", "Left arm"),))
    page = replace(questionnaire.pages[0], questions=(asked,))
    other = type(questionnaire)(questionnaire.patient, (page,))
    for value, expected in (
        (("a", "elsewhere"), [{"code": "a"}, "elsewhere"]),
        ({"x": 1}, ['{"x": 1}']),
        (({"at": "a"},), ['[{"at": "a"}]']),
    ):
        case = make_case(other, {"family_name": "Roe"}, {}, TODAY)
        bundle = fhir.make_bundle(
            replace(case, answers={"drawn": value}), (), _letter(questionnaire), clinic=demo.CLINIC, recipient={}
        )
        found = [a.get("valueString") or {"code": a["valueCoding"]["code"]} for a in answers_in(bundle)["drawn"]]
        assert found == expected
        assert faults(bundle) == []


def _letter(questionnaire):
    from intake_app.letter import compose

    return compose(make_case(questionnaire, {}, {}, TODAY), (), **say_about())


@given(data=st.data())
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_every_answer_is_in_the_bundle_and_every_narrative_is_sound(questionnaire, data):
    case = data.draw(cases(questionnaire, printable=False))
    bundle = bundle_of(case)
    assert faults(bundle) == []
    given = answers_in(json.loads(fhir.write_bundle(bundle)))
    for name, value in case.answers.items():
        question = questionnaire.by_id[name]
        if question.type in ("text", "long_text"):
            assert given[name] == [{"valueString": tidy(value)}]
        elif question.type == "entries":
            assert (f"{name}.none" if value == "none" else name) in given
        else:
            assert name in given, answer_words(question, value)
    for key, value in walk(bundle):
        if key == "div":
            ET.fromstring(value)  # noqa: S314  our own text


def test_a_mark_on_the_body_chart_has_its_words(questionnaire, kinds):
    mark, words = questionnaire.by_id["pain_map"].options[0]
    bundle = bundle_of(make_case(questionnaire, {}, {"pain_map": [mark]}, TODAY))
    assert [a["valueCoding"]["code"] for a in answers_in(bundle)["pain_map"]] == [mark]
    assert [a["valueCoding"]["display"] for a in answers_in(bundle)["pain_map"]] == [words]
    assert len(json.dumps(kinds(bundle, "Questionnaire"))) < 200_000


def test_a_picture_is_told_by_its_sentence():
    from intake_app.fhir.narratives import say_blocks
    from intake_app.letter.blocks import Figure, PageBreak
    from intake_app.letter.pictures import Picture

    picture = Picture(10, 10, (), "Pain 8 of 10 & rising.")
    assert say_blocks((Figure(picture), PageBreak())) == "<p>Pain 8 of 10 &amp; rising.</p>"
