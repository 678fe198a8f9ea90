"""What stands out in a file is asked, never refused: a typing error and a strange truth look the same.

First a value is held against the own years before; only where there are none, against all others. Vlissingen really
had a negative solvability of 43 %, and went on from there; 1.16 in a municipality that was at 0.17 is a typing error.
An answer is kept, so that the same value is not asked about again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.utils.translation import gettext as _

from benchmark.imports.amounts import impossible
from benchmark.imports.profiles import Profile
from benchmark.imports.staging import Staged, key_of
from benchmark.models import Measurement, QuestionAnswer
from benchmark.notation import number

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from benchmark.imports.validation import Validation

    Floats = NDArray[np.float64]

# The years before that count as the own history, and how old the latest of them may be.
YEARS_BACK = 4
OLDEST = 3
# Below this many others there is no middle half to speak of.
ENOUGH_PEERS = 8
# So many are put to a person, the most striking first; the rest is counted.
ASKED = 100
READ_AT_A_TIME = 10_000

Kind = Literal["history", "peers"]


@dataclass(frozen=True)
class Question:
    """One value that stands out.

    Attributes:
        key: the same for the same value in the same place.
        kind: against what it stands out.
        row: in the file.
        low, high: between what it was expected.
    """

    key: str
    kind: Kind
    row: int
    municipality: str
    municipality_name: str
    indicator: str
    indicator_name: str
    year: int
    report: str
    value: float
    low: float
    high: float
    column: str = ""

    @property
    def sentence(self) -> str:
        """The question in words."""
        facts = {
            "name": self.municipality_name,
            "indicator": self.indicator_name,
            "year": self.year,
            "value": _shown(self.value),
            "low": _shown(self.low),
            "high": _shown(self.high),
        }
        if self.kind == "history":
            return (
                _(
                    "%(name)s, %(indicator)s %(year)s: %(value)s. In the years before it lay between %(low)s and "
                    "%(high)s. Is %(value)s right?"
                )
                % facts
            )
        return (
            _(
                "%(name)s, %(indicator)s %(year)s: %(value)s. The middle half of all others lies between %(low)s and "
                "%(high)s. Is %(value)s right?"
            )
            % facts
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the question for machines."""
        return {**asdict(self), "sentence": self.sentence}


@dataclass(frozen=True)
class Answer:
    """What a person said.

    Attributes:
        choice: "right", "leave-out" or "correct".
        value: the corrected value.
        note: why; kept with the value.
        always: do not ask about this municipality and indicator again.
    """

    choice: str
    value: float | None = None
    note: str = ""
    always: bool = False


def _shown(value: float) -> str:
    """Return a number with at most four digits that matter."""
    short = f"{value:.4g}"
    return number(value, 0 if "e" in short else len(short.partition(".")[2]))


def key_of_value(municipality: str, indicator: str, year: int, report: str, value: float) -> str:
    """Return what identifies a value in a place, fit for the name of a form field."""
    said = f"{municipality}|{indicator}|{year}|{report}|{value!r}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


@dataclass
class Found:
    """The rows that stand out.

    Attributes:
        places: in the staged rows, the most striking first.
        by_history: whether it was the own history that said so.
        low, high: between what each was expected.
    """

    places: NDArray[np.int64]
    by_history: NDArray[np.bool_]
    low: Floats
    high: Floats


def look(staged: Staged, validation: Validation) -> Found:
    """Find what stands out.

    Args:
        staged: all rows of a file, in the order of their keys.
        validation: what the places in the rows mean.
    """
    import numpy as np

    asks = validation.profile.questions
    known = _known(staged, validation)
    series, year, value = _series(staged, known)
    order = np.lexsort((year, series))
    low, high = _own_history(series[order], year[order], value[order])
    back = np.empty(len(order), dtype=np.int64)
    back[order] = np.arange(len(order))
    low, high = low[back[: len(staged)]], high[back[: len(staged)]]
    v = staged.value
    has_history = ~np.isnan(low)
    size = np.maximum(np.abs(low), np.abs(high))
    room = asks.history * size
    odd = has_history & (size > 0) & ((v > high + room) | (v < low - room)) if asks.history else np.zeros(len(v), bool)
    odd &= ~_too_small(staged, validation, np.where(v > high, v - high, low - v))
    with np.errstate(divide="ignore", invalid="ignore"):
        strength = np.where(odd, np.where(v > high, v - high, low - v) / size, 0.0)
    if asks.peers:
        first, third = _middle_half(staged, known)
        width = third - first
        lonely = ~has_history & (width > 0)
        lonely &= (v > third + asks.peers * width) | (v < first - asks.peers * width)
        low, high = np.where(lonely, first, low), np.where(lonely, third, high)
        with np.errstate(divide="ignore", invalid="ignore"):
            strength = np.where(lonely, np.where(v > third, v - third, first - v) / width, strength)
        odd |= lonely
    places = np.flatnonzero(odd)
    places = places[np.argsort(-strength[places], kind="stable")]
    return Found(places, has_history[places], low[places], high[places])


def _too_small(staged: Staged, validation: Validation, change: Floats) -> NDArray[np.bool_]:
    """Say where a change is half of very little: 3 % that becomes 5 %, or a grade that moves by half a point."""
    import numpy as np

    from benchmark.models import Indicator

    least = {Indicator.Kind.PERCENTAGE: 10.0, Indicator.Kind.GRADE: 1.5, Indicator.Kind.YES_NO: np.inf}
    per_indicator = np.array([least.get(each.kind, 0.0) for each in validation.indicators.all])  # type: ignore[call-overload]
    small: NDArray[np.bool_] = change < per_indicator[staged.indicator]
    return small


@dataclass
class _Known:
    """What the database holds beside the file: places as in the staged rows, years and values."""

    indicator: NDArray[np.int64]
    municipality: NDArray[np.int64]
    report: NDArray[np.int64]
    year: NDArray[np.int64]
    value: Floats


def _known(staged: Staged, validation: Validation) -> _Known:
    """Fetch the values that the file does not bring itself."""
    import numpy as np

    used = [validation.indicators.all[place] for place in np.unique(staged.indicator)]
    ids = {each.pk: validation.indicators.place[each.code] for each in used if each.pk is not None}
    empty = np.array([], dtype=np.int64)
    if not ids or not len(staged):
        return _Known(empty, empty, empty, empty, np.array([], dtype=float))
    rows = Measurement.objects.filter(
        indicator_id__in=list(ids),
        value__isnull=False,
        year__gte=int(staged.year.min()) - OLDEST,
        year__lte=int(staged.year.max()),
    ).values_list("indicator_id", "municipality_id", "report", "year", "value")
    columns: list[list[Any]] = [[], [], [], [], []]
    for row in rows.iterator(chunk_size=READ_AT_A_TIME):
        for column, cell in zip(columns, row, strict=True):
            column.append(cell)
    place = validation.municipalities.place
    found = _Known(
        np.array([ids[pk] for pk in columns[0]], dtype=np.int64),
        np.array([place[pk] for pk in columns[1]], dtype=np.int64),
        np.array([validation.reports.place(text) for text in columns[2]], dtype=np.int64),
        np.array(columns[3], dtype=np.int64),
        np.array(columns[4], dtype=float),
    )
    ours = _key(staged.indicator, staged.municipality, staged.report, staged.year)
    theirs = _key(found.indicator, found.municipality, found.report, found.year)
    other = ~np.isin(theirs, ours)
    return _Known(*(getattr(found, name)[other] for name in ("indicator", "municipality", "report", "year", "value")))


def _key(*parts: NDArray[Any]) -> NDArray[np.int64]:
    import numpy as np

    key = parts[0].astype(np.int64)
    for part, size in zip(parts[1:], (1 << 20, 1 << 12, 10_000), strict=False):
        key = key * size + part
    return key


def _series(staged: Staged, known: _Known) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    import numpy as np

    series = np.concatenate(
        [
            _key(staged.indicator, staged.municipality, staged.report),
            _key(known.indicator, known.municipality, known.report),
        ]
    )
    year = np.concatenate([staged.year.astype(np.int64), known.year])
    return series, year, np.concatenate([staged.value, known.value])


def _own_history(series: NDArray[np.int64], year: NDArray[np.int64], value: Floats) -> tuple[Floats, Floats]:
    """Return for each row the lowest and highest of the years before in its series; NaN where there are none.

    Args:
        series: sorted; the same number for the same municipality, indicator and report.
        year: rising within a series.
        value: NaN where missing.
    """
    import numpy as np

    low = np.full(len(value), np.nan)
    high = np.full(len(value), np.nan)
    for lag in range(1, min(YEARS_BACK, len(value) - 1) + 1):
        same = (series[lag:] == series[:-lag]) & (year[lag:] - year[:-lag] <= YEARS_BACK)
        if lag == 1:
            same &= year[lag:] - year[:-lag] <= OLDEST
        before = np.where(same, value[:-lag], np.nan)
        low[lag:] = np.fmin(low[lag:], before)
        high[lag:] = np.fmax(high[lag:], before)
    return low, high


def _middle_half(staged: Staged, known: _Known) -> tuple[Floats, Floats]:
    """Return for each row P25 and P75 of its indicator, report and year; NaN where there are too few values."""
    import numpy as np

    groups = np.concatenate(
        [_key(staged.indicator, staged.report, staged.year), _key(known.indicator, known.report, known.year)]
    )
    value = np.concatenate([staged.value, known.value])
    there = np.flatnonzero(~np.isnan(value))
    order = there[np.lexsort((value[there], groups[there]))]
    distinct, start, count = np.unique(groups[order], return_index=True, return_counts=True)
    ordered = value[order]
    quarter = ordered[start + (count - 1) // 4] if len(start) else np.array([])
    three = ordered[start + (3 * (count - 1)) // 4] if len(start) else np.array([])
    few = count < ENOUGH_PEERS
    quarter = np.where(few, np.nan, quarter)
    three = np.where(few, np.nan, three)
    if not len(distinct):
        nothing = np.full(len(staged), np.nan)
        return nothing, nothing
    own = groups[: len(staged)]
    at = np.minimum(np.searchsorted(distinct, own), len(distinct) - 1)
    matches = distinct[at] == own
    return np.where(matches, quarter[at], np.nan), np.where(matches, three[at], np.nan)


# ---- in words, and answered ---------------------------------------------------------------------------------------
def put(found: Found, staged: Staged, validation: Validation) -> tuple[list[Question], dict[str, int]]:
    """Return the questions that nobody answered before, at most `ASKED` of them, and how many there are of a kind.

    What was unchanged in the database is not asked about: somebody let it pass when it came in.
    """
    import numpy as np

    settled = _settled(staged, validation, found)
    open_ = np.flatnonzero(~settled)
    counts = {
        "history": int(found.by_history[open_].sum()),
        "peers": int((~found.by_history[open_]).sum()),
    }
    asked = []
    for at in open_[:ASKED].tolist():
        place = int(found.places[at])
        municipality = validation.municipalities.all[staged.municipality[place]]
        indicator = validation.indicators.all[staged.indicator[place]]
        report = validation.reports.texts[staged.report[place]]
        year, value = int(staged.year[place]), float(staged.value[place])
        asked.append(
            Question(
                key=key_of_value(municipality.code, indicator.code, year, report, value),
                kind="history" if found.by_history[at] else "peers",
                row=int(staged.rows[place]),
                municipality=municipality.code,
                municipality_name=municipality.name,
                indicator=indicator.code,
                indicator_name=indicator.name,
                year=year,
                report=report,
                value=value,
                low=float(found.low[at]),
                high=float(found.high[at]),
            )
        )
    return asked, {kind: count for kind, count in counts.items() if count}


def apply(answered: Sequence[tuple[Question, Answer]], staged: Staged, validation: Validation) -> Staged:
    """Do with the values what was answered: keep, put right, or leave out.

    Raises:
        ImportRefused: a corrected value is one that the indicator cannot have.
    """
    import numpy as np

    keep = np.ones(len(staged), dtype=bool)
    if not answered:
        return staged
    indicators, municipalities = validation.indicators, validation.municipalities
    low, high = indicators.bounds()
    keys = staged.keys()
    for question, answer in answered:
        indicator = indicators.place[question.indicator]
        municipality = municipalities.of_code(question.municipality) or 0
        report = validation.reports.place(question.report)
        wanted = key_of(np.array([indicator]), np.array([municipality]), np.array([question.year]), np.array([report]))
        place = int(np.searchsorted(keys, wanted[0]))
        if answer.choice == QuestionAnswer.Choice.LEAVE_OUT:
            keep[place] = False
        elif answer.choice == QuestionAnswer.Choice.CORRECT:
            if answer.value is None or not low[indicator] <= answer.value <= high[indicator]:
                validation.refusals.add(
                    impossible(indicators.all[indicator]),
                    row=question.row,
                    value="" if answer.value is None else f"{answer.value:g}",
                )
                continue
            staged.value[place] = answer.value
            for name in ("lower", "upper", "numerator"):
                array = getattr(staged, name)
                if array is not None:  # they belonged to the wrong value
                    array[place] = np.nan
    validation.refusals.raise_if_any()
    return staged if keep.all() else staged.take(keep)


def _settled(staged: Staged, validation: Validation, found: Found) -> NDArray[np.bool_]:
    """Say which of the found rows were answered before, or stand in the database as they are."""
    import numpy as np

    settled = np.zeros(len(found.places), dtype=bool)
    if not len(found.places):
        return settled
    indicators = validation.indicators
    ids = {pk for place in np.unique(staged.indicator[found.places]) if (pk := indicators.all[place].pk) is not None}
    if not ids:
        return settled
    municipality_of = {place: each.pk for place, each in enumerate(validation.municipalities.all)}
    fields = ("indicator_id", "municipality_id", "year", "report", "value")
    same = set(
        Measurement.objects.filter(indicator_id__in=ids, value__isnull=False, year__in=_years(staged, found))
        .values_list(*fields)
        .iterator()
    )
    right = QuestionAnswer.objects.filter(indicator_id__in=ids, choice=QuestionAnswer.Choice.RIGHT)
    same |= set(right.values_list(*fields))
    always = set(right.filter(always=True).values_list("indicator_id", "municipality_id"))
    for at, place in enumerate(found.places.tolist()):
        indicator_id = indicators.all[staged.indicator[place]].pk or 0
        municipality_id = municipality_of[int(staged.municipality[place])]
        report = validation.reports.texts[staged.report[place]]
        key = (indicator_id, municipality_id, int(staged.year[place]), report, float(staged.value[place]))
        settled[at] = key in same or (indicator_id, municipality_id) in always
    return settled


def _years(staged: Staged, found: Found) -> list[int]:
    import numpy as np

    return [int(year) for year in np.unique(staged.year[found.places])]


def asks(profile: Profile) -> bool:
    """Say whether a profile asks anything at all."""
    return bool(profile.questions.history or profile.questions.peers)
