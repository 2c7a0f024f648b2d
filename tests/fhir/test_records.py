"""Entries of lists as what they are in a record: told as far as they are known, by whom, and nothing lost."""

import pytest
from sample_cases import TODAY, bundle_of

from intake_app.case import make_case


def test_what_the_patient_says_of_a_diagnosis_has_no_code(questionnaire, kinds):
    entries = [
        {"words": "Slipped disc", "code": "M51.26", "said_by": "patient"},
        {"words": "Disc herniation", "code": "M51.26", "said_by": "surgeon"},
        {"levels": ["L4-L5"]},
    ]
    told, documented = kinds(bundle_of(make_case(questionnaire, {}, {"diagnoses": entries}, TODAY)), "Condition")
    assert "coding" not in told["code"]
    assert told["verificationStatus"]["coding"][0]["code"] == "unconfirmed"
    assert documented["code"]["coding"][0] | {"display": ""} == {
        "system": "http://hl7.org/fhir/sid/icd-10-cm",
        "code": "M51.26",
        "display": "",
    }
    assert documented["verificationStatus"]["coding"][0]["code"] == "confirmed"


@pytest.mark.parametrize(
    ("entry", "kind", "status"),
    [
        ({"category": "nsaid", "ongoing": "yes"}, "MedicationStatement", "active"),
        ({"category": "nsaid"}, "MedicationStatement", "unknown"),
        ({"category": "nsaid", "ongoing": "unsure"}, "MedicationStatement", "unknown"),
        ({"category": "opioid", "stopped_because": "cannot_have"}, "MedicationStatement", "not-taken"),
        ({"category": "opioid", "stopped_because": "cannot_have", "start": "2026"}, "MedicationStatement", "stopped"),
        ({"category": "physical_therapy", "ongoing": "no", "end": "2026-05"}, "Procedure", "completed"),
        ({"category": "physical_therapy", "stopped_because": "ineffective"}, "Procedure", "stopped"),
        ({"category": "physical_therapy", "start": "2026-05-03"}, "Procedure", "unknown"),
        ({"category": "esi_interlaminar", "start": "2026-05-03"}, "Procedure", "completed"),
        ({"category": "esi_interlaminar"}, "Procedure", "unknown"),
    ],
)
def test_a_treatment_is_told_as_far_as_it_is_known(questionnaire, kinds, entry, kind, status):
    made = kinds(bundle_of(make_case(questionnaire, {}, {"treatments": [entry]}, TODAY)), kind)
    assert [one["status"] for one in made] == [status]


def test_each_thing_that_a_report_names_is_a_conclusion_of_its_own(questionnaire, kinds):
    imaging = [{"modality": "mri", "shows": ["herniation", "central_stenosis"]}]
    (made,) = kinds(bundle_of(make_case(questionnaire, {}, {"imaging": imaging}, TODAY)), "DiagnosticReport")
    assert [one["text"] for one in made["conclusionCode"]] == ["Disc herniation", "Central stenosis"]


def test_a_document_is_evidence_and_a_person_asserts(questionnaire, kinds):
    said_by = {"imaging_report": "Imaging report", "surgeon": "Surgeon", "patient": ""}
    entries = [{"words": "Stenosis", "said_by": who} for who in said_by]
    bundle = bundle_of(make_case(questionnaire, {}, {"diagnoses": entries}, TODAY))
    report, surgeon, patient = kinds(bundle, "Condition")
    assert (report["evidence"], "asserter" in report) == ([{"detail": [{"display": "Imaging report"}]}], False)
    assert (surgeon["asserter"], "evidence" in surgeon) == ({"display": "Surgeon"}, False)
    assert patient["asserter"] == patient["subject"]


def test_what_no_element_takes_stands_in_the_note(questionnaire, kinds):
    answers = {
        "medicines": [{"name": "Apixaban", "kind": "anticoagulant", "last_dose": "This morning"}, {"kind": "opioid"}],
        "allergies": [
            {"substance": "Nickel", "kind": "metal", "reaction": "Rash"},
            {"substance": "Dust", "kind": "other"},
        ],
    }
    bundle = bundle_of(make_case(questionnaire, {}, answers, TODAY))
    named, unnamed = kinds(bundle, "MedicationStatement")
    assert named["medicationCodeableConcept"]["text"] == "Apixaban"
    assert named["note"][0]["text"] == "Kind: Blood thinner (anticoagulant). Last dose: This morning"
    assert unnamed["medicationCodeableConcept"]["text"] == "Opioid"
    metal, other = kinds(bundle, "AllergyIntolerance")
    assert (metal["code"]["text"], metal["category"], "note" in metal) == ("Nickel", ["environment"], False)
    assert (other["code"]["text"], other["note"][0]["text"]) == ("Dust", "Kind: Other")
