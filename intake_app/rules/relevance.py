"""Which findings matter for a patient: a rule asks for what is missing only where something recorded calls for it."""

from intake_app.factors import Reader
from intake_app.questions import NO, YES
from intake_app.rules import documented

LEGS = ("leg_left", "leg_right", "both_legs")
NECK_AND_ARMS = ("neck", "arm_left", "arm_right")
ONE_SIDE = ("left", "right")
SLIPS = (documented.SPONDYLOLISTHESIS, documented.SCOLIOSIS, documented.INSTABILITY)
SLIP_ANSWERS = ("instability_words", "deformity_words", "slip_percent", "slip_grade")


def matters_for_legs(a: Reader) -> bool:
    """Tell whether leg symptoms or the low back are recorded, or nothing yet says where the trouble is."""
    leg_pain, dominant, regions = a.peek("leg_pain"), a.peek("dominant_pain"), documented.regions_named(a)
    if leg_pain == YES or dominant in LEGS or "lumbar" in regions:
        return True
    elsewhere = a.peek("arm_pain") == YES or dominant in NECK_AND_ARMS or "cervical" in regions
    if leg_pain != NO and not elsewhere:
        return True
    _ = a["leg_pain"]  # where it is blank, that is what is still to be asked
    return False


def matters_for_claudication(a: Reader) -> bool:
    """Tell whether walking is to be asked about: not for one leg with a herniated disc and no stenosis named."""
    if not matters_for_legs(a):
        return False
    one_leg = a.peek("leg_side") in ONE_SIDE
    return (
        not one_leg
        or documented.names_any(a, documented.STENOSIS)
        or not documented.names_any(a, documented.HERNIATED_DISC)
    )


def matters_for_films(a: Reader) -> bool:
    """Tell whether a slip, an instability or a curve is named; a blank list of diagnoses or studies stays open."""
    answered = a.peek("instability_named") == YES or any(a.peek(name) is not None for name in SLIP_ANSWERS)
    return answered or any(documented.mentions(a, condition) for condition in SLIPS)
