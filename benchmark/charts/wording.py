"""Figures in sentences. The sentence comes first on every page; a screen reader may need nothing else."""

from __future__ import annotations

from django.utils.translation import gettext as _

from benchmark import notation, series
from benchmark.calculations import Check, Course, Line, Outcome, Verdict
from benchmark.charts.chart import Cell
from benchmark.models import Indicator, MissingReason
from benchmark.series import NormLine, Row, Series

# With fewer values, a "middle half" says nothing.
FEWEST_FOR_QUARTERS = 4


def reason(code: str) -> str:
    """Return why there is no value, in words."""
    own = {
        series.NOT_PUBLISHED: _("not published yet"),
        series.NO_MUNICIPALITY: _("no municipality chosen"),
        series.TOO_FEW: _("too few municipalities"),
        series.NO_VALUES: _("nobody in this group has a value"),
    }
    return own.get(code) or (str(MissingReason(code).label) if code in MissingReason.values else code)


def missing(code: str) -> Cell:
    """Return the cell of a figure that is not there: the reason in words, a dash where nothing belongs."""
    return Cell(None, reason(code) if code else "–", missing=True, why=code)


def report(code: str) -> str:
    """Return the name of a report."""
    return {"begroting": _("budget"), "jaarrekening": _("annual accounts"), "": _("the only report")}.get(code, code)


def direction(indicator: Indicator) -> str:
    """Return which way is better, as a sentence."""
    return {
        "up": _("Higher is better."),
        "down": _("Lower is better."),
        "context": _("Neither higher nor lower is better."),
    }[indicator.direction]


def outcome(code: str) -> str:
    """Return a verdict in a word or two, for a cell or a badge."""
    return {
        Outcome.BETTER: _("better"),
        Outcome.WORSE: _("less good"),
        Outcome.HIGHER: _("higher"),
        Outcome.LOWER: _("lower"),
        Outcome.SIMILAR: _("comparable"),
        Outcome.NOT_TESTED: _("not tested"),
    }.get(Outcome(code), "")


def outcome_kind(code: str) -> str:
    """Return the kind of status badge for a verdict; never good or bad for context."""
    return {Outcome.BETTER: "good", Outcome.WORSE: "warn", Outcome.HIGHER: "info", Outcome.LOWER: "info"}.get(
        Outcome(code), "neutral"
    )


def amount(value: float | None, indicator: Indicator) -> str:
    """Return a value of this indicator with its unit."""
    return notation.amount(value, indicator.decimals, indicator.unit)


def verdict(found: Verdict) -> str:
    """Return a comparison as a sentence, with the test it passed."""
    if found.outcome is Outcome.NOT_TESTED:
        return _("There are too few years to say whether the difference means something.")
    if found.outcome is Outcome.SIMILAR:
        return _("That does not differ meaningfully from the median.")
    said = {
        Outcome.BETTER: _("That is better than the median"),
        Outcome.WORSE: _("That is less good than the median"),
        Outcome.HIGHER: _("That is higher than the median"),
        Outcome.LOWER: _("That is lower than the median"),
    }[found.outcome]
    if found.check is Check.INTERVAL:
        return _("%(verdict)s: the median lies outside the 95 %% interval.") % {"verdict": said}
    return _("%(verdict)s, as in %(same)s of the last %(of)s years.") % {
        "verdict": said,
        "same": found.same_side,
        "of": found.of,
    }


def norm(line: NormLine, row: Row, value: float, indicator: Indicator) -> str:
    """Return whether a norm is met in a year, as a sentence."""
    said = {"norm": line.label, "limit": _limit(line, value, indicator)}
    if row.value is None:
        return _("The norm (%(norm)s) is %(limit)s.") % said
    met = row.value <= value if line.bound == "max" else row.value >= value
    if met:
        return _("The norm (%(norm)s) is %(limit)s and is met.") % said
    return _("The norm (%(norm)s) is %(limit)s and is not met.") % said


def _limit(line: NormLine, value: float, indicator: Indicator) -> str:
    bound = _("at most %(value)s") if line.bound == "max" else _("at least %(value)s")
    return bound % {"value": amount(value, indicator)}


def quarter(row: Row, indicator: Indicator) -> str:
    """Return the place in the group in words, or nothing when it is unknown."""
    return quarter_of(row.quarter, indicator)


def quarter_of(found: int, indicator: Indicator) -> str:
    """Return a quarter (1 is the lowest, 0 unknown) in words; "best" and "last" only where one way is better."""
    if not found:
        return ""
    if indicator.direction == "context":
        names = [
            _("lowest quarter"),
            _("second quarter from below"),
            _("third quarter from below"),
            _("highest quarter"),
        ]
        return names[found - 1]
    rank = found if indicator.direction == "down" else 5 - found
    return [_("best quarter"), _("second quarter"), _("third quarter"), _("last quarter")][rank - 1]


def group(result: Series, row: Row) -> str:
    """Return the group's figures of a year as a sentence."""
    if row.median is None:
        if row.group_reason == series.TOO_FEW:
            return _(
                "Of the group (%(group)s) too few municipalities outside your own kring have a value to show its figures."
            ) % {"group": result.group.name}
        return ""
    said = {
        "group": result.group.described(row.n),
        "median": amount(row.median, result.indicator),
        "low": notation.number(row.p25, result.indicator.decimals),
        "high": amount(row.p75, result.indicator),
        "year": row.year,
    }
    if row.n < FEWEST_FOR_QUARTERS or row.p25 is None:
        return _("In %(year)s the median of %(group)s was %(median)s.") % said
    return (
        _("In %(year)s the median of %(group)s was %(median)s; half of them lay between %(low)s and %(high)s.") % said
    )


def sentences(result: Series) -> list[str]:  # noqa: C901 — one line per thing to say
    """Return what the series says, in sentences."""
    row = result.latest
    if row is None:
        hidden = next((one for one in result.rows if one.group_reason == series.TOO_FEW), None)
        if hidden is not None:
            return [group(result, hidden)]
        return [_("No figures are known yet for this choice.")]
    said = []
    if result.place is not None and row.value is not None:
        said.append(
            _("In %(year)s %(municipality)s came to %(value)s.")
            % {"year": row.year, "municipality": result.place.name, "value": amount(row.value, result.indicator)}
        )
        if row.status != "published":
            said.append(_("That value is not published yet; other municipalities do not see it."))
        elif row.provisional:
            said.append(_("That value is provisional."))
    elif result.place is not None:
        said.append(
            _("Of %(municipality)s there is no value to show: %(reason)s.")
            % {"municipality": result.place.name, "reason": reason(result.rows[-1].reason)}
        )
    said.append(group(result, row))
    if row.verdict is not None:
        said.append(verdict(row.verdict))
    said.append(direction(result.indicator))
    for line, value in zip(result.norms, row.norms, strict=False):
        if value is not None:
            said.append(norm(line, row, value, result.indicator))
        elif line.year_from is not None and row.year < line.year_from:
            said.append(
                _("From %(year)s the norm (%(norm)s) is %(limit)s.")
                % {"year": line.year_from, "norm": line.label, "limit": _limit(line, line.value, result.indicator)}
            )
    last = result.rows[-1]
    if result.place is not None and row.value is not None and last.year > row.year:
        said.append(
            _("There is no value for %(year)s: %(reason)s.") % {"year": last.year, "reason": reason(last.reason)}
        )
    return [one for one in said if one]


def sentence(result: Series) -> str:
    """Return what the series says, as one text."""
    return " ".join(sentences(result))


def course_outcome(found: Course, indicator: Indicator) -> str:
    """Return what the trend test means for this indicator: better, worse, higher, lower, none or unknown."""
    if found.line in {Line.NONE, Line.UNKNOWN}:
        return found.line.value
    up = found.line is Line.UP
    if indicator.direction == "context":
        return "higher" if up else "lower"
    return "better" if up == (indicator.direction == "up") else "worse"


def course_badge(found: Course, indicator: Indicator) -> dict[str, str]:
    """Return the trend as an arrow, a word and the kind of badge; empty when there is nothing to say."""
    code = course_outcome(found, indicator)
    if not found.points or found.line is Line.UNKNOWN:
        return {}
    arrow = {Line.UP: "↗", Line.DOWN: "↘"}.get(found.line, "→")
    if found.line is Line.NONE:
        return {"arrow": arrow, "word": _("no clear trend"), "kind": "neutral"}
    return {"arrow": arrow, "word": outcome(code), "kind": outcome_kind(code)}


def course(found: Course) -> str:
    """Return the trend test in a sentence; empty when there is no own value at all."""
    if not found.points:
        return ""
    if found.line is Line.UNKNOWN:
        return _("There are too few years to tell a trend: %(n)s of the five that are needed.") % {"n": found.points}
    said = {"first": found.first, "last": found.last}
    if found.line is Line.NONE:
        return _("From %(first)s to %(last)s there is no clear trend.") % said
    if found.line is Line.UP:
        return _("From %(first)s to %(last)s the trend is clearly up.") % said
    return _("From %(first)s to %(last)s the trend is clearly down.") % said
