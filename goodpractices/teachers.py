"""“Van wie kan ik leren”: who is like me, does better, gets better still, and can tell how.

All four must hold. *Like me* is of my kring or my size class; *better* and *getting better* are the tests that the
figures themselves must pass (`benchmark/calculations`); *can tell* is a practice, an experience, or the word of
somebody that they may be asked. Only municipalities whose figures the reader may see by name are looked at: who is
left out cannot be told from who does not do better.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from benchmark import calculations, groups, series
from benchmark.asking import Reader
from benchmark.calculations.course import Line
from benchmark.calculations.verdicts import Outcome
from benchmark.charts import wording
from benchmark.models import Indicator, IndicatorVersion, TalkOffer
from benchmark.own import own_values
from benchmark.register import Place
from goodpractices.models import Adoption, Experience, GoodPractice

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from benchmark.cube import Slice

MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a municipality can tell about an indicator.

    Attributes:
        practices: titles and addresses of its own practices that name the indicator.
        experiences: how many experiences it wrote with such practices.
        adopted: it does what such a practice describes, and may be asked about it.
        people: who of it offered to be asked about the figure.
    """

    practices: tuple[tuple[str, str], ...] = ()
    experiences: int = 0
    adopted: bool = False
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Peer:
    """A municipality that may be learned from, as far as ranking needs to know it.

    Attributes:
        place: which.
        same_circle, same_size: in what it is like the reader's municipality.
        better: whether it does better by the test of the figures.
        improving: whether its trend passes its own test, in the good direction.
        ahead: how much better it is, in the unit of the indicator; above 0 when better.
        evidence: what it can tell.
        value, year: its last figure.
    """

    place: Place
    same_circle: bool
    same_size: bool
    better: bool
    improving: bool
    ahead: float
    evidence: Evidence = field(default_factory=Evidence)
    value: float = 0.0
    year: int = 0


@dataclass(frozen=True, slots=True)
class Teacher:
    """Somebody to learn from, with the reasons in words."""

    peer: Peer
    reasons: tuple[str, ...]


def rank(peers: Iterable[Peer]) -> list[Peer]:
    """Return those to learn from, the best first: who can tell most, then the same kring, then who is furthest ahead.

    Who misses any of the four conditions is left out.
    """
    found = [
        peer
        for peer in peers
        if (peer.same_circle or peer.same_size)
        and peer.better
        and peer.improving
        and (peer.evidence.practices or peer.evidence.experiences or peer.evidence.adopted or peer.evidence.people)
    ]

    def order(peer: Peer) -> tuple[int, bool, float, str]:
        told = peer.evidence
        sources = bool(told.practices) + bool(told.experiences) + bool(told.adopted) + bool(told.people)
        return -sources, not peer.same_circle, -peer.ahead, peer.place.code

    return sorted(found, key=order)[:MOST]


def of(who: Reader, indicators: Sequence[Indicator]) -> dict[int, list[Teacher]]:
    """Return for each indicator (by primary key) from whom this reader's municipality can learn.

    Six queries, whatever the number of indicators. Nothing for who takes no part or has no municipality, and of an
    indicator of which higher is neither better nor worse.
    """
    directed = [one for one in indicators if one.direction in {"up", "down"}]
    if not who.viewer.takes_part or who.place_id is None or who.place_id not in who.cube.register.index or not directed:
        return {one.pk: [] for one in indicators}
    told = _evidence(who.user, [one.pk for one in directed])
    parts = who.cube.slices(one.pk for one in directed)
    breaks = _last_breaks(directed)
    found: dict[int, list[Teacher]] = {one.pk: [] for one in indicators}
    for indicator in directed:
        part = parts[indicator.pk]
        if not part.is_empty:
            peers = _peers(who, indicator, part, told[indicator.pk], breaks.get(indicator.pk, 0))
            found[indicator.pk] = [Teacher(peer, reasons(peer, indicator)) for peer in rank(peers)]
    return found


def _last_breaks(indicators: Sequence[Indicator]) -> dict[int, int]:
    """Return for each indicator the year in which its present meaning began, where that is known; one query."""
    rows = IndicatorVersion.objects.filter(indicator__in=indicators, is_break=True, year_from__isnull=False)
    found = rows.order_by("year_from").values_list("indicator_id", "year_from")
    return {pk: year for pk, year in found if year is not None}


def _evidence(user: Any, indicators: Sequence[int]) -> dict[int, dict[int, Evidence]]:
    """Return indicator → municipality → what it can tell this reader; four queries."""
    practices: dict[tuple[int, int], list[tuple[str, str]]] = defaultdict(list)
    experiences: dict[tuple[int, int], set[int]] = defaultdict(set)
    adopted: set[tuple[int, int]] = set()
    people: dict[tuple[int, int], list[str]] = defaultdict(list)
    library = GoodPractice.objects.published_to(user).filter(indicators__in=indicators).order_by("-adopters", "pk")
    for key, place, title, slug in library.values_list("indicators", "municipality", "title", "slug"):
        practices[key, place].append((title, slug))
    about = Experience.objects.visible_to(user).filter(practice__indicators__in=indicators)
    for key, place, pk in about.values_list("practice__indicators", "municipality", "pk"):
        experiences[key, place].add(pk)
    doing = Adoption.objects.visible_to(user).filter(
        practice__indicators__in=indicators,
        may_be_asked=True,
        state__in=[Adoption.State.TRYING, Adoption.State.RUNNING],
    )
    adopted.update(doing.values_list("practice__indicators", "municipality"))
    offers = TalkOffer.objects.filter(indicator__in=indicators, person__is_active=True)
    for key, place, name in offers.values_list("indicator", "municipality", "person__name"):
        people[key, place].append(name)
    found: dict[int, dict[int, Evidence]] = {pk: {} for pk in indicators}
    for key, place in {*practices, *experiences, *adopted, *people}:
        if key in found:
            found[key][place] = Evidence(
                tuple(dict.fromkeys(practices.get((key, place), ()))),
                len(experiences.get((key, place), ())),
                (key, place) in adopted,
                tuple(people.get((key, place), ())),
            )
    return found


def _peers(who: Reader, indicator: Indicator, part: Slice, told: dict[int, Evidence], meaning_from: int) -> list[Peer]:
    """Return the municipalities that can tell something and are like the reader's own, with what the tests say."""
    import numpy as np

    register = who.cube.register
    mine = who.place_id
    report = part.reports.index(series.default_report(part))
    wanted = part.years >= meaning_from
    years = part.years[wanted]
    if mine is None or not len(years):
        return []
    own = own_values(part, report, wanted, register.place(mine), who.cube, who.viewer).value
    if np.isnan(own).all():
        return []
    sizes = groups.size_classes(who.cube, part.years)[:, -1]
    here = int(sizes[register.index[mine]])
    circle = who.viewer.circle_members if mine in who.viewer.own else frozenset()
    way = 1 if indicator.direction == "up" else -1
    found = []
    for pk, evidence in told.items():
        if pk == mine or pk not in register.index:
            continue
        same_size = here >= 0 and int(sizes[register.index[pk]]) == here
        if not same_size and pk not in circle:
            continue
        theirs = own_values(part, report, wanted, register.place(pk), who.cube, who.viewer)
        both = np.flatnonzero(~np.isnan(theirs.value) & ~np.isnan(own))
        if not len(both):
            continue
        at = int(both[-1])
        trend = calculations.course(years=years, own=theirs.value, lower=theirs.lower, upper=theirs.upper)
        found.append(
            Peer(
                place=register.place(pk),
                same_circle=pk in circle,
                same_size=same_size,
                better=_better(years, theirs.value, own, theirs.lower, theirs.upper, at, indicator.direction),
                improving=trend.line == (Line.UP if way > 0 else Line.DOWN),
                ahead=float(theirs.value[at] - own[at]) * way,
                evidence=evidence,
                value=float(theirs.value[at]),
                year=int(years[at]),
            )
        )
    return found


def _better(  # noqa: PLR0913, PLR0917 — each is one row of the same table
    years: NDArray[np.int64],
    theirs: NDArray[np.float64],
    own: NDArray[np.float64],
    lower: NDArray[np.float64],
    upper: NDArray[np.float64],
    at: int,
    direction: str,
) -> bool:
    """Say whether their figures pass the test of a difference, with the own figures in the place of the median."""
    back = slice(max(0, at - calculations.WINDOW + 1), at + 1)
    judged = calculations.verdicts(
        years=years[back],
        own=theirs[back],
        median=own[back],
        lower=lower[back],
        upper=upper[back],
        direction=direction,
        only_last=True,
    )[-1]
    return judged is not None and judged.outcome == Outcome.BETTER


def reasons(peer: Peer, indicator: Indicator) -> tuple[str, ...]:
    """Return why somebody is in the list, each as part of a sentence."""
    told = peer.evidence
    said = [_("is in your kring") if peer.same_circle else _("is of the same size class")]
    said.append(
        _("does better: %(value)s in %(year)s") % {"value": wording.amount(peer.value, indicator), "year": peer.year}
    )
    said.append(_("gets better from year to year"))
    if told.practices:
        said.append(_("wrote the practice “%(title)s”") % {"title": told.practices[0][0]})
    if told.experiences:
        number = told.experiences
        said.append(ngettext("told %(n)s experience", "told %(n)s experiences", number) % {"n": number})
    if told.adopted:
        said.append(_("does what a practice describes and may be asked about it"))
    if told.people:
        said.append(_("%(name)s is willing to talk about it") % {"name": told.people[0]})
    return tuple(said)
