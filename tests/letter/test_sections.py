"""Whom the letter is about and to whom it goes."""

from intake_app.factors import Finding, Rule, Status
from intake_app.letter import compose
from intake_app.letter.blocks import Addressee
from tests.letter.test_front_page import find, zone


def test_who_the_letter_is_about(build):
    letter = build({}, patient={"family_name": "Sample", "phone": "", "interpreter": "yes"})
    assert find(letter, Addressee).about == (
        "Sample", "birth date not recorded · sex not recorded", "no record number", "interpreter needed: language not recorded",
    )  # fmt: skip
    assert letter.identity == "Sample · birth date not recorded · no record number"


def test_a_man_is_not_told_to_lack_an_answer_on_pregnancy(build):
    who = {"family_name": "Sample"}
    assert "regnancy possible" in zone(build({}, patient=who), "Not asked")
    assert "regnancy possible" in zone(build({}, patient=who | {"sex": "female"}), "Not asked")
    assert "regnancy possible" not in zone(build({}, patient=who | {"sex": "male"}), "Not asked")


def test_a_birth_year_leaves_two_ages(build):
    about = find(build({}, patient={"family_name": "Sample", "birth_date": "1961"}), Addressee).about
    assert about[1].startswith("born 1961 (64 or 65)")


def test_a_source_we_do_not_know_is_named_by_its_id(full_case, about):
    rule = Rule("r", "health", "A rule", ("nobody_2020",), level="", needs_sign_off=False, says=lambda _: "Spoken.")
    letter = compose(full_case, (Finding(rule, Status.PRESENT, "Spoken.", (), ()),), **about)
    assert zone(letter, "Sources").endswith("nobody_2020.")
    line = next(line for line in zone(letter, "Planning").splitlines() if "Spoken." in line)
    assert line.endswith("[1]")
