"""The effect of a practice as people read it: a sentence, a table, a picture, and how it was computed."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from benchmark import notation
from benchmark.charts.chart import Cell, Chart, Column, Table
from benchmark.charts.picture import Line, Picture, Point
from benchmark.models import Indicator
from goodpractices.effect import FEWEST, Effect
from goodpractices.standing import Finding

_MINUS = "−"


@dataclass(frozen=True, slots=True)
class EffectCard:
    """One indicator: the sentence always; verdict and chart only when something can be said.

    Attributes:
        verdict: "good", "bad" or "neutral", empty when it cannot be said yet.
        word: the verdict in words.
    """

    indicator: Indicator
    sentence: str
    verdict: str = ""
    word: str = ""
    chart: Chart | None = None
    is_demo: bool = False


def _amount(value: float, indicator: Indicator) -> str:
    text = notation.amount(abs(value), max(1, indicator.decimals), indicator.unit)
    return f"{_MINUS}{text}" if value < 0 else text


def card(finding: Finding) -> EffectCard:
    """Return what can be said of one indicator."""
    indicator, effect = finding.indicator, finding.effect
    if not effect.is_known:
        return EffectCard(indicator, _too_few(effect), is_demo=finding.is_demo)
    better = effect.better(finding.direction)
    verdict, word = {
        True: ("good", _("better than comparable municipalities")),
        False: ("bad", _("less good than comparable municipalities")),
        None: ("neutral", _("no demonstrable difference")),
    }[better]
    said = sentence(finding)
    return EffectCard(indicator, said, verdict, word, _chart(finding, said), finding.is_demo)


def _too_few(effect: Effect) -> str:
    if effect.started < FEWEST:
        return ngettext(
            "It cannot be said yet whether it worked: %(n)s municipality started with it, and %(fewest)s are needed.",
            "It cannot be said yet whether it worked: %(n)s municipalities started with it, and %(fewest)s are needed.",
            effect.started,
        ) % {"n": effect.started, "fewest": FEWEST}
    return _(
        "It cannot be said yet whether it worked: of the %(n)s municipalities that started, %(known)s have figures "
        "before and after and enough comparable others. At least %(fewest)s are needed."
    ) % {"n": effect.started, "known": effect.n, "fewest": FEWEST}


def sentence(finding: Finding) -> str:
    """Return the effect in a sentence, with its interval, whatever came of it.

    Raises:
        ValueError: when it cannot be said yet.
    """
    effect, indicator = finding.effect, finding.indicator
    if effect.estimate is None or effect.lower is None or effect.upper is None or effect.change is None:
        raise ValueError("There is no effect to tell about.")
    others = effect.others or 0.0
    said = _(
        "%(n)s municipalities that do this changed by %(change)s on “%(indicator)s”, comparable municipalities that do "
        "not by %(others)s in the same years. The difference is %(difference)s (95 %% interval: %(lower)s to %(upper)s)."
    ) % {
        "n": effect.n,
        "indicator": indicator.name,
        "change": _amount(effect.change, indicator),
        "others": _amount(others, indicator),
        "difference": _amount(effect.estimate, indicator),
        "lower": _amount(effect.lower, indicator),
        "upper": _amount(effect.upper, indicator),
    }
    better = effect.better(finding.direction)
    if better is None:
        last = _("Zero lies within that interval, so it may be chance.")
    elif better:
        last = _("That is an improvement that chance does not explain.")
    else:
        last = _("That is a change for the worse that chance does not explain.")
    return f"{said} {last}"


def _chart(finding: Finding, said: str) -> Chart:
    effect, indicator = finding.effect, finding.indicator
    places = max(1, indicator.decimals)
    title = _("%(indicator)s around the start: %(n)s adopters and comparable municipalities") % {
        "indicator": indicator.name,
        "n": effect.n,
    }
    columns = (
        Column("offset", _("Year from the start")),
        Column("adopters", _("Adopters, mean")),
        Column("others", _("Comparable municipalities, mean")),
        Column("n", _("Number of adopters")),
    )
    rows = tuple(
        (
            Cell(step.offset, f"{step.offset:+d}".replace("-", _MINUS) if step.offset else _("start year")),
            Cell(step.adopters, notation.number(step.adopters, places)),
            Cell(step.others, notation.number(step.others, places)),
            Cell(step.n, str(step.n)),
        )
        for step in effect.path
    )
    own = tuple(Point(step.offset, step.adopters) for step in effect.path)
    others = tuple(Point(step.offset, step.others) for step in effect.path)
    footer = _("Figures of the benchmark")
    if finding.is_demo:
        footer += " · " + _("example data")
    picture = Picture(
        title=title,
        description=said,
        unit=f"{notation.unit_in_words(indicator.unit)} · {_('years from the start')}",
        footer=footer,
        lines=(
            Line("own", _("Adopters"), own, markers=True, decimals=places),
            Line("median", _("Comparable"), others, dash="dash", decimals=places),
        ),
        from_zero=False,
        decimals=places,
    )
    return Chart(
        kind="effect",
        title=title,
        sentence=said,
        table=Table(title, columns, rows),
        picture=picture,
        source=footer,
        revision=0,
        is_demo=finding.is_demo,
    )
