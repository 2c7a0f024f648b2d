"""The engine: a blank is never a no, and what a rule looked at is remembered."""

from datetime import date

import pytest

from intake_app import factors
from intake_app.case import make_case
from intake_app.factors import Absent, Reader, Rule, Status

AS_OF = date(2026, 6, 30)


@pytest.fixture
def find(questionnaire):
    def evaluate(says, answers, patient=None):
        return factors.evaluate(rule_of(says), make_case(questionnaire, patient or {}, answers, AS_OF))

    return evaluate


@pytest.fixture
def reader(questionnaire):
    return lambda answers, patient=None: Reader(make_case(questionnaire, patient or {}, answers, AS_OF))


def rule_of(says, *, needs_sign_off=False):
    return Rule("a_rule", "health", "A rule", ("somebody",), "", needs_sign_off=needs_sign_off, says=says)


def test_a_rule_that_waits_for_a_signature_says_nothing(questionnaire):
    waiting = rule_of(fever, needs_sign_off=True)
    shut = Reader(make_case(questionnaire, {}, {"fever": "yes"}, AS_OF))
    assert (shut.ask(waiting), shut.read) == (None, {})
    signed = Reader(make_case(questionnaire, {}, {"fever": "yes"}, AS_OF, signed=frozenset({"a_rule"})))
    assert signed.ask(waiting) == "Fever."


def fever(a):
    return "Fever." if a["fever"] == "yes" else None


@pytest.mark.parametrize(
    ("answers", "status", "missing"),
    [
        ({"fever": "yes"}, Status.PRESENT, ()),
        ({"fever": "no"}, Status.ABSENT, ()),
        ({"fever": "unsure"}, Status.NOT_ASSESSED, ("fever",)),
        ({}, Status.NOT_ASSESSED, ("fever",)),
    ],
)
def test_blank_and_unsure_are_not_no(find, answers, status, missing):
    found = find(fever, answers)
    assert (found.status, found.missing, found.read) == (status, missing, ("fever",))


def test_an_absence_can_be_explained(find):
    found = find(lambda a: Absent(f"Pain {a['back_pain_score']}."), {"back_pain_score": 2})
    assert (found.status, found.sentence) == (Status.ABSENT, "Pain 2.")


def test_an_explained_absence_with_a_blank_is_not_assessed(find):
    found = find(lambda a: Absent("Nothing.") if a["fever"] is None else None, {})
    assert found.status is Status.NOT_ASSESSED


def test_an_unknown_question_is_a_mistake_of_the_rule(reader):
    with pytest.raises(KeyError):
        reader({})["no_such_question"]


def test_choices_of_unsure_alone_tell_nothing(reader):
    assert reader({"infection_risks": ("unsure",)})["infection_risks"] is None
    assert reader({"infection_risks": ("none",)})["infection_risks"] == ("none",)


def test_a_list_can_be_blank_empty_or_filled(reader):
    assert reader({}).entries("treatments") is None
    assert reader({"treatments": ()}).entries("treatments") is None
    assert reader({"treatments": "none"}).entries("treatments") == ()
    (entry,) = reader({"treatments": ({"category": "nsaid"},)}).entries("treatments")
    assert entry["category"] == "nsaid"


def test_entries_are_remembered_by_their_place(find):
    def says(a):
        for entry in a.entries("treatments") or ():
            entry["start"]

    found = find(says, {"treatments": ({"start": "2026-05"}, {"category": "brace"})})
    assert found.read == ("treatments", "treatments[0].start", "treatments[1].start")
    assert found.missing == ("treatments[1].start",)


def test_a_peek_that_finds_nothing_leaves_no_trace(reader):
    a = reader({"fever": "yes", "trend": "unsure", "medicines": ({"name": "x"},)})
    assert (a.peek("trend"), a.peek("onset"), a.peek("fever")) == (None, None, "yes")
    (entry,) = a.entries("medicines")
    assert (entry.peek("dose"), entry.peek("name")) == (None, "x")
    assert a.read == {"fever": True, "medicines": True, "medicines[0].name": True}


def test_words_are_those_of_the_options(reader):
    a = reader(
        {
            "trend": "worse",
            "spine_sites": ("neck", "low_back"),
            "walking_minutes": 5,
            "onset": "2026-05",
            "complaint": "It hurts",
            "diagnoses": ({"condition": "herniated_disc", "levels": ("L4-L5", "L5-S1")},),
        }
    )
    said = [a.words(name) for name in ("trend", "spine_sites", "walking_minutes", "onset", "complaint", "limits")]
    assert said == ["Worse", "Neck, Low back", "5 minutes", "May 2026", "It hurts", ""]
    (entry,) = a.entries("diagnoses")
    assert (entry.words("condition"), entry.words("levels"), entry.words("side")) == (
        "Herniated disc",
        "L4-L5, L5-S1",
        "",
    )
    assert entry.option_text("side", "left") == "Left"
    assert a.option_text("trend", "better") == "Better"
    assert a.label("fever") == "Fever, chills or sweats with back pain"


def test_blank_is_told_from_unsure(reader):
    a = reader({"fever": "unsure", "treatments": ({"response": "unsure"},)})
    assert not a.is_blank("fever")
    assert a.is_blank("weight_loss")
    (entry,) = a.entries("treatments")
    assert not entry.is_blank("response")
    assert entry.is_blank("start")


def test_an_answer_too_vague_to_tell_stays_open(find):
    def says(a):
        a.leave_open("onset")
        return None if a["onset"] else "Never."

    found = find(says, {"onset": "2026"})
    assert (found.status, found.missing) == (Status.NOT_ASSESSED, ("onset",))


def test_asking_another_rule_takes_its_answers_and_not_its_blanks(find):
    def both(a):
        return "Both." if all([a["weight_loss"], a["fever"] == "yes", a["aneurysm"]]) else None

    found = find(lambda a: a.ask(rule_of(both)), {"weight_loss": "yes", "fever": "no"})
    assert (found.status, found.read) == (Status.ABSENT, ("weight_loss", "fever"))


def test_asking_another_rule_does_not_close_what_is_open(find):
    def says(a):
        a.leave_open("fever")
        return a.ask(rule_of(fever)) and None

    assert find(says, {"fever": "yes"}).missing == ("fever",)


def test_asking_another_rule_can_take_its_blanks_too(reader):
    a = reader({"weight_loss": "yes"})
    assert a.ask(rule_of(lambda b: b["weight_loss"] and b["fever"]), with_blanks=True) is None
    assert a.read == {"weight_loss": True, "fever": False}


def test_another_rule_that_explains_an_absence_finds_nothing(reader):
    assert reader({"fever": "no"}).ask(rule_of(lambda a: Absent(f"Fever: {a['fever']}."))) is None


def test_what_several_rules_ask_for_is_worked_out_once(questionnaire):
    asked = []
    shared = rule_of(lambda a: asked.append(a["fever"]) or "Fever.")
    known = factors.Known()
    case = make_case(questionnaire, {}, {"fever": "yes"}, AS_OF)
    for _ in range(2):
        one = Reader(case, known)
        assert one.ask(shared) == "Fever."
        assert one.read == {"fever": True}
    assert asked == ["yes"]


def test_what_is_asked_on_a_page_follows_the_answers(reader):
    asked = reader({"weakness_72h": "yes"}).asked_on("safety", ("yes_no",))
    assert "weakness_rapid" in asked
    assert "infection_risks" not in asked
    assert "weakness_rapid" not in reader({"weakness_72h": "no"}).asked_on("safety", ("yes_no",))
    assert reader({}).asked_on("no such page", ("yes_no",)) == ()


def test_the_patient_and_the_day_can_be_read(find, reader):
    found = find(lambda a: a.patient("birth_date") and None, {}, {"sex": "male"})
    assert found.missing == ("patient.birth_date",)
    a = reader({}, {"sex": "male"})
    assert (a.patient("sex"), a.as_of, a.profile) == ("male", AS_OF, "US-payer-generic")


def test_the_most_urgent_flags_decide():
    def found(level, group="red_flags", status=Status.PRESENT):
        rule = Rule(f"{level}{group}", group, "x", (), level, needs_sign_off=False, says=fever)
        return factors.Finding(rule, status, "x", (), ())

    two = found("R2")
    one = found("R1")
    info = found("")
    assert factors.urgency((two, one, info)) == ("R1", (one,))
    assert factors.urgency((info,)) == ("", ())
    assert factors.urgency((found("R0", status=Status.ABSENT), two)) == ("R2", (two,))
    assert factors.urgency((found("R0", group="neurology"),)) == ("", ())


@pytest.mark.parametrize(
    ("name", "group", "label"),
    [
        ("fever_reported", "health", "A label."),
        ("a_new_rule", "no_such_group", "A label."),
        ("a_new_rule", "health", ""),
    ],
)
def test_a_rule_needs_a_new_name_a_known_group_and_a_label(name, group, label):
    import intake_app.rules  # noqa: F401

    def says(_a):
        return None

    says.__name__, says.__doc__ = name, label
    before = dict(factors.RULES)
    with pytest.raises(ValueError, match=name):
        factors.rule(group, "somebody")(says)
    assert before == factors.RULES
