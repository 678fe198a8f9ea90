"""How realistic a goal is, in sentences."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from benchmark import notation
from benchmark.calculations import Realism
from benchmark.goal_realism import Judged, Unsaid
from benchmark.models import Indicator


def difference(value: float, indicator: Indicator, *, finer: int = 0) -> str:
    """Return a change of this indicator with its unit, without a sign; of percentages in percentage points.

    Args:
        value: the change.
        indicator: whose.
        finer: how many decimals more than the figure itself has.
    """
    unit = {"ja/nee": "", "%": _("percentage points")}.get(indicator.unit, indicator.unit)
    return notation.amount(abs(value), indicator.decimals + finer, unit)


def sentence(judged: Judged, indicator: Indicator) -> str:
    """Return how many comparable municipalities made this change in this time, or why nobody can say."""
    found, group = judged.found, judged.group
    if judged.why is Unsaid.NO_START:
        return _("Without a value and a year at the start nobody can say how many others made this change.")
    if judged.why is Unsaid.NO_CHANGE:
        return _("The target is what it is already: there is no change to compare with others.")
    if found is None or group is None:
        return _("There are no figures yet over so many years to see how realistic this is.")
    span = ngettext("%(n)s year", "%(n)s years", found.span) % {"n": found.span}
    if judged.why is Unsaid.TOO_FEW:
        return _(
            "Too few comparable municipalities to say how realistic this is: fewer than 5 of the group (%(group)s) began "
            "near this value and have figures of %(span)s later."
        ) % {"group": group.name, "span": span}
    said = {
        "n": found.n,
        "group": group.name,
        "span": span,
        "change": difference(found.change, indicator),
        "achieved": _achieved(found),
    }
    if found.change < 0:
        text = _(
            "Of %(n)s municipalities (%(group)s) that began near this value, %(achieved)s came down by at least "
            "%(change)s in %(span)s."
        )
    else:
        text = _(
            "Of %(n)s municipalities (%(group)s) that began near this value, %(achieved)s went up by at least "
            "%(change)s in %(span)s."
        )
    return " ".join(filter(None, [text % said, _best(found, indicator)]))


def _achieved(found: Realism) -> str:
    """Return how many made it: exactly where the reader may see all of them by name, in tenths where not."""
    achieved = found.achieved or 0
    if not found.hidden:
        return str(achieved) if achieved else _("none")
    tenths = round(10 * achieved / found.n)
    if tenths == 0:
        return _("almost none")
    if tenths == 10:  # noqa: PLR2004 — all of them
        return _("almost all")
    return _("about %(n)s in 10") % {"n": tenths}


def _best(found: Realism, indicator: Indicator) -> str:
    """Return what the best quarter made of it, where that is a change for the same side."""
    if found.best is None or found.best * found.change <= 0:
        return ""
    change = {"change": difference(found.best, indicator)}
    if found.change < 0:
        return _("A quarter of them came down by %(change)s or more.") % change
    return _("A quarter of them went up by %(change)s or more.") % change
