"""Entries of lists as what they are in a record: diagnoses, operations, treatments, medicines, allergies, reports."""

from collections.abc import Iterator, Mapping
from typing import Any

from intake_app import codes
from intake_app.fhir.elements import (
    Resource,
    Subject,
    code,
    concept,
    fill,
    narrative,
    paragraph,
    read_mapping,
    say_fields,
    say_rest,
    tidy,
)
from intake_app.fhir.measures import Grouped
from intake_app.questions import NO, NONE, YES, Question

Entry = Mapping[str, Any]


def make_records(subject: Subject) -> Iterator[Grouped]:
    """Yield the resources of every list that has one, in the order of the letter."""
    mapping = read_mapping("statements")
    for name, make in _MAKERS.items():
        row = mapping[name]
        question = subject.case.questionnaire.by_id.get(row["list"])
        for number, entry in enumerate(subject.case.entries(row["list"]) if question else ()):
            made = make(subject, row, question, entry, f"{name}[{number}]") if question else None
            if made:
                yield made
    if subject.case.answers.get("allergies") == NONE:
        yield "allergy", _deny_allergies(subject)


def _diagnose(subject: Subject, row: Entry, question: Question, entry: Entry, place: str) -> Grouped | None:
    said_by = entry.get("said_by", "")
    text = say_fields(question, entry, row["text"][:1]) or say_fields(question, entry, row["text"])
    given = entry.get("code", "")
    coded = codes.is_known(given) and said_by != row["patient"]
    if not text and not coded:
        return None
    verified = row["verification"].get(said_by)
    told = _display(say_fields(question, entry, ("said_by",)))
    document, person = (told, []) if said_by in row["documents"] else ([], told)
    return "condition", fill(
        subject.start("Condition", place),
        verificationStatus={"coding": [code("condition_verification", verified)]} if verified else {},
        code=concept(text, *([code("icd10cm", given, codes.words(given))] if coded else [])),
        bodySite=_site(question, entry, row),
        subject=subject.patient,
        recordedDate=entry.get("date", ""),
        asserter=subject.patient if said_by == row["patient"] else next(iter(person), {}),
        evidence=[{"detail": document}] if document else [],
        note=say_rest(question, entry, (*row["text"], *row["site"], "date", "said_by", *(["code"] if coded else []))),
    )


def _operate(subject: Subject, row: Entry, question: Question, entry: Entry, place: str) -> Grouped | None:
    text = say_fields(question, entry, row["text"])
    used = (*row["text"], *row["site"], "date", row["outcome"], row["complication"], row["performer"])
    outcome = say_fields(question, entry, (row["outcome"],))
    complication = say_fields(question, entry, (row["complication"],))
    return row["group"], fill(
        subject.start("Procedure", place),
        status="completed",
        code=concept(text),
        subject=subject.patient,
        performedDateTime=entry.get("date", ""),
        performer=_performers(question, entry, row["performer"]),
        bodySite=_site(question, entry, row),
        outcome=concept(outcome),
        complication=[concept(complication)] if complication else [],
        note=say_rest(question, entry, used),
    )


def _treat(subject: Subject, row: Entry, question: Question, entry: Entry, place: str) -> Grouped | None:
    if not say_fields(question, entry, row["text"]):
        return None
    is_medicine = entry.get("category") in row["medicines"]
    make = _treat_with_medicine if is_medicine else _treat_otherwise
    return row["group"], make(subject, row, question, entry, place)


def _treat_with_medicine(subject: Subject, row: Entry, question: Question, entry: Entry, place: str) -> Resource:
    reason, dose = say_fields(question, entry, row["reason"]), say_fields(question, entry, (row["dose"],))
    name, text = _name(question, entry, row)
    used = (name, "start", "end", "ongoing", *row["reason"], row["dose"])
    return fill(
        subject.start("MedicationStatement", place),
        status=_state(row, entry)[1],
        statusReason=[concept(reason)] if reason else [],
        medicationCodeableConcept=concept(text),
        subject=subject.patient,
        effectivePeriod=_period(entry),
        note=say_rest(question, entry, used),
        dosage=[{"text": tidy(dose)}] if dose else [],
    )


def _treat_otherwise(subject: Subject, row: Entry, question: Question, entry: Entry, place: str) -> Resource:
    used = (*row["text"], "start", "end", "ongoing", *row["reason"], *row["site"], row["outcome"], row["performer"])
    is_event = entry.get("category") in row["events"]
    when = {"performedDateTime": entry.get("start", "")} if is_event else {"performedPeriod": _period(entry)}
    return fill(
        subject.start("Procedure", place),
        status=_state(row, entry)[0],
        statusReason=concept(say_fields(question, entry, row["reason"])),
        code=concept(say_fields(question, entry, row["text"])),
        subject=subject.patient,
        **when,
        performer=_performers(question, entry, row["performer"]),
        bodySite=_site(question, entry, row),
        outcome=concept(say_fields(question, entry, (row["outcome"],))),
        note=say_rest(question, entry, used),
    )


def _state(row: Entry, entry: Entry) -> tuple[str, str]:
    """Return how a treatment stands, as a procedure and as a medicine; unknown where nobody has said so."""
    begun = "start" in entry or "end" in entry
    stopped = row["stopped"] if begun else row["stopped"] | row["never_begun"]
    if entry.get("stopped_because") in stopped:
        procedure, medicine = stopped[entry["stopped_because"]]
        return procedure, medicine
    if entry.get("ongoing") == YES:
        return "in-progress", "active"
    done = entry.get("category") in row["events"] and entry.get("start")
    over = entry.get("ongoing") == NO or entry.get("end") or done
    return ("completed", "completed") if over else ("unknown", "unknown")


def _take(subject: Subject, row: Entry, question: Question, entry: Entry, place: str) -> Grouped | None:
    name, text = _name(question, entry, row)
    if not text:
        return None
    dose, why = (say_fields(question, entry, (row[name],)) for name in ("dose", "why"))
    return row["group"], fill(
        subject.start("MedicationStatement", place),
        status="active",
        medicationCodeableConcept=concept(text),
        subject=subject.patient,
        effectivePeriod=fill({}, start=entry.get(row["start"], "")),
        reasonCode=[concept(why)] if why else [],
        note=say_rest(question, entry, (name, row["start"], row["dose"], row["why"])),
        dosage=[{"text": tidy(dose)}] if dose else [],
    )


def _allergy(subject: Subject, row: Entry, question: Question, entry: Entry, place: str) -> Grouped | None:
    category = row["category"].get(entry.get("kind", ""))
    reaction = say_fields(question, entry, (row["reaction"],))
    name, text = _name(question, entry, row)
    used = (name, row["reaction"], *(["kind"] if category else []))
    return "allergy", fill(
        subject.start("AllergyIntolerance", place),
        **_allergy_states(),
        category=[category] if category else [],
        code=concept(text),
        patient=subject.patient,
        note=say_rest(question, entry, used),
        reaction=[{"manifestation": [concept(reaction)]}] if reaction else [],
    )


def _deny_allergies(subject: Subject) -> Resource:
    words = subject.case.questionnaire.by_id["allergies"].none_text
    return fill(
        subject.start("AllergyIntolerance", "allergies.none"),
        **_allergy_states(),
        code=concept(words, code("own", "no_known_allergies", words)),
        patient=subject.patient,
    )


def _allergy_states() -> Resource:
    return {
        "clinicalStatus": {"coding": [code("allergy_clinical", "active")]},
        "verificationStatus": {"coding": [code("allergy_verification", "unconfirmed")]},
    }


def _report(subject: Subject, row: Entry, question: Question, entry: Entry, place: str) -> Grouped | None:
    shows = row["shows"]
    rest = say_rest(question, entry, (*row["text"], "date", row["conclusion"], shows, row["place"]))
    return "imaging", fill(
        subject.start("DiagnosticReport", place),
        text=narrative(paragraph(rest[0]["text"])) if rest else {},  # a report has no note
        status="unknown",  # nobody asks whether it is final
        code=concept(say_fields(question, entry, row["text"]) or question.item.capitalize()),
        subject=subject.patient,
        effectiveDateTime=entry.get("date", ""),
        performer=_display(say_fields(question, entry, (row["place"],))),
        conclusion=tidy(say_fields(question, entry, (row["conclusion"],))),
        conclusionCode=[concept(say_fields(question, {shows: (one,)}, (shows,))) for one in entry.get(shows, ())],
    )


def _name(question: Question, entry: Entry, row: Entry) -> tuple[str, str]:
    """Return the field that names a thing, and its words; both "" when none is filled in."""
    name = next((name for name in row["name"] if name in entry), "")
    return name, say_fields(question, entry, (name,))


def _period(entry: Entry) -> Resource:
    return fill({}, start=entry.get("start", ""), end=entry.get("end", ""))


def _site(question: Question, entry: Entry, row: Entry) -> list[Resource]:
    where = say_fields(question, entry, row["site"])
    return [concept(where)] if where else []


def _performers(question: Question, entry: Entry, name: str) -> list[Resource]:
    return [{"actor": actor} for actor in _display(say_fields(question, entry, (name,)))]


def _display(words: str) -> list[Resource]:
    return [{"display": tidy(words)}] if words else []


_MAKERS = {
    "diagnoses": _diagnose,
    "treatments": _treat,
    "imaging": _report,
    "operations": _operate,
    "medicines": _take,
    "allergies": _allergy,
}
