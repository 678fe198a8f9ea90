"""The stage of a kring: collect, compare, learn, improve; and what is still missing for the next one.

Pure: it takes counts and names, and asks nothing of the database or the clock. A stage is reached when the one before
it is complete; nobody sets it by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

ENOUGH = 0.8  # of the figures that were asked: some can never be delivered (facts 3.2: 11 to 18 per cent)
MEETINGS_TO_LEARN = 2


class Stage(IntEnum):
    """What a kring is doing, in the order of the year."""

    COLLECT = 1
    COMPARE = 2
    LEARN = 3
    IMPROVE = 4

    @property
    def label(self) -> str:
        """The name of the stage."""
        return str(LABELS[self])


LABELS = {
    Stage.COLLECT: gettext_lazy("Collect"),
    Stage.COMPARE: gettext_lazy("Compare"),
    Stage.LEARN: gettext_lazy("Learn"),
    Stage.IMPROVE: gettext_lazy("Improve"),
}


@dataclass(frozen=True)
class Evidence:
    """What the stage of a kring rests on.

    Attributes:
        without_intake: names of members without an intake.
        members: how many municipalities take part.
        delivered: share of the asked core figures that is there, 0 to 1; None when nothing is asked.
        held: how many meetings of the circle were held.
        has_theme: whether the theme was chosen.
        without_goal: names of members that set no improvement goal.
        adoptions: how many practices members took over.
    """

    members: int
    without_intake: Sequence[str]
    delivered: float | None
    held: int
    has_theme: bool
    without_goal: Sequence[str]
    adoptions: int


@dataclass(frozen=True)
class Standing:
    """Where a kring is, and in sentences what is missing for the next stage (nothing in the last)."""

    stage: Stage
    missing: tuple[str, ...]

    @property
    def next(self) -> Stage | None:
        """The stage after this one, or None."""
        return Stage(self.stage + 1) if self.stage < Stage.IMPROVE else None


def standing(found: Evidence) -> Standing:
    """Return the stage of a kring and what is missing for the next."""
    for stage, check in ((Stage.COLLECT, _to_compare), (Stage.COMPARE, _to_learn), (Stage.LEARN, _to_improve)):
        missing = check(found)
        if missing:
            return Standing(stage, tuple(missing))
    return Standing(Stage.IMPROVE, ())


def _names(names: Sequence[str]) -> str:
    return ", ".join(names)


def _to_compare(found: Evidence) -> list[str]:
    missing = []
    if not found.members:
        return [_("There are no municipalities in the kring yet.")]
    if found.without_intake:
        number = len(found.without_intake)
        missing.append(
            ngettext("%(n)s intake is missing: %(names)s.", "%(n)s intakes are missing: %(names)s.", number)
            % {"n": number, "names": _names(found.without_intake)}
        )
    if found.delivered is None:
        missing.append(_("No core figures are asked yet."))
    elif found.delivered < ENOUGH:
        missing.append(
            _("%(share)s%% of the core figures is there; %(enough)s%% is needed to compare.")
            % {"share": int(100 * found.delivered), "enough": int(100 * ENOUGH)}
        )
    return missing


def _to_learn(found: Evidence) -> list[str]:
    missing = []
    if not found.held:
        missing.append(_("No meeting was held yet."))
    if not found.has_theme:
        missing.append(_("The theme for the next meetings is not chosen yet."))
    return missing


def _to_improve(found: Evidence) -> list[str]:
    missing = []
    if found.held < MEETINGS_TO_LEARN:
        number = MEETINGS_TO_LEARN - found.held
        missing.append(
            ngettext("%(n)s more meeting must be held.", "%(n)s more meetings must be held.", number) % {"n": number}
        )
    if found.without_goal:
        number = len(found.without_goal)
        missing.append(
            ngettext(
                "%(n)s municipality has no improvement goal: %(names)s.",
                "%(n)s municipalities have no improvement goal: %(names)s.",
                number,
            )
            % {"n": number, "names": _names(found.without_goal)}
        )
    if not found.adoptions:
        missing.append(_("No municipality took over a practice yet."))
    return missing
