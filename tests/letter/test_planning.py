"""What stands under Planning on the first page, for who has to plan an operation."""

from intake_app.letter.blocks import Run


def test_planning_tells_what_is_not_there_and_which_medicines_are_taken(build):
    medicines = [{"name": "Warfarin", "kind": "anticoagulant"}, *({"name": f"Pill {n}"} for n in range(11))]
    planning = plain_zone(build({"diabetes": "no", "nicotine": "never", "medicines": medicines}), "Planning")
    assert "Diabetes: no. Nicotine: never. Medicines: " in planning
    assert "Pill 6" in planning
    assert "more. " in planning
    assert planning.count("Warfarin") == 1
    assert "Diabetes: no" not in plain_zone(build({"diabetes": "unsure"}), "Planning")


def test_planning_sets_in_bold_what_a_sentence_is_about(build):
    zone = next(
        b for b in build({"allergies": [{"substance": "Latex"}]}).blocks if getattr(b, "label", "") == "Planning"
    )
    assert Run("Allergies: ", bold=True) in zone.blocks[0].text


def plain_zone(letter, label):
    zone = next(block for block in letter.blocks if getattr(block, "label", "") == label)
    return "".join(run if isinstance(run, str) else run.text for run in zone.blocks[0].text)
