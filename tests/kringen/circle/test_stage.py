"""The stage of a kring, from what is there; nobody sets it."""

import pytest

from kringen.circle.stage import Evidence, Stage, standing

pytestmark = pytest.mark.usefixtures("english")

FULL = Evidence(members=3, without_intake=[], delivered=0.9, held=2, has_theme=True, without_goal=[], adoptions=1)


def having(**changes) -> tuple[Stage, tuple[str, ...]]:
    found = standing(Evidence(**{**vars(FULL), **changes}))
    return found.stage, found.missing


def test_everything_there_is_improving():
    found = standing(FULL)
    assert (found.stage, found.missing, found.next) == (Stage.IMPROVE, (), None)


@pytest.mark.parametrize(
    ("changes", "stage", "missing"),
    [
        ({"members": 0}, Stage.COLLECT, ("There are no municipalities in the kring yet.",)),
        (
            {"without_intake": ["Leiderdorp", "Pijnacker-Nootdorp"]},
            Stage.COLLECT,
            ("2 intakes are missing: Leiderdorp, Pijnacker-Nootdorp.",),
        ),
        (
            {"delivered": 0.62, "without_intake": ["Leiderdorp"]},
            Stage.COLLECT,
            (
                "1 intake is missing: Leiderdorp.",
                "62% of the core figures is there; 80% is needed to compare.",
            ),
        ),
        ({"delivered": None}, Stage.COLLECT, ("No core figures are asked yet.",)),
        ({"delivered": 0.8}, Stage.IMPROVE, ()),
        (
            {"held": 0, "has_theme": False},
            Stage.COMPARE,
            ("No meeting was held yet.", "The theme for the next meetings is not chosen yet."),
        ),
        ({"held": 1}, Stage.LEARN, ("1 more meeting must be held.",)),
        (
            {"without_goal": ["Hillegom"], "adoptions": 0},
            Stage.LEARN,
            ("1 municipality has no improvement goal: Hillegom.", "No municipality took over a practice yet."),
        ),
    ],
)
def test_what_is_missing_decides_the_stage(changes, stage, missing):
    assert having(**changes) == (stage, missing)


def test_a_later_lack_does_not_hide_an_earlier_one():
    assert having(without_intake=["Bussum"], held=0)[0] is Stage.COLLECT
