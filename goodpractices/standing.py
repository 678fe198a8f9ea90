"""What is known about a practice from what others did with it: adopters, evidence, and whether it worked.

`findings` is what a page shows: computed from the figures as they are now, kept per revision of the figures.
`refresh` writes the three numbers that lists sort and filter by. It runs when an adoption, an experience or a figure of
the result changes. When figures come in, a task does it after their commit (`listen`), for the practices on whose
indicators anything changed: no reader waits for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q
from django.db.models.signals import post_save
from django_tasks import task

from benchmark import cube
from benchmark.models import DataRevision, FiguresChange, Indicator, Measurement
from goodpractices import indexing
from goodpractices.effect import FEWEST, Effect, Start, measure
from goodpractices.models import Adoption, Evidence, GoodPractice, LibraryRevision

_DIRECTIONS = {"up": 1, "down": -1}
# Of an indicator with several reports, what really happened counts, not what was planned.
_REPORT = "jaarrekening"


@dataclass(frozen=True, slots=True)
class Finding:
    """The effect of a practice on one indicator."""

    indicator: Indicator
    effect: Effect
    is_demo: bool = False

    @property
    def direction(self) -> int:
        """1 when higher is better, -1 when lower is, 0 when neither."""
        return _DIRECTIONS.get(self.indicator.direction, 0)

    @property
    def proven(self) -> float | None:
        """What is certain of the improvement, in spreads of the start level."""
        return self.effect.proven(self.direction)


def starts_of(practice_ids: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
    """Return for each practice its (municipality, start year) pairs, of all that did more than think; one query."""
    found: dict[int, list[tuple[int, int]]] = {pk: [] for pk in practice_ids}
    rows = Adoption.objects.started().filter(practice__in=list(found), started_on__isnull=False)
    for practice, municipality, started_on in rows.order_by("pk").values_list(
        "practice_id", "municipality_id", "started_on"
    ):
        if started_on is not None:
            found[practice].append((municipality, started_on.year))
    return found


def findings(practice: GoodPractice, indicators: Iterable[Indicator]) -> list[Finding]:
    """Return the effect of a practice on each of its indicators. Two queries when the figures are in memory."""
    return _findings(practice.municipality_id, list(indicators), starts_of([practice.pk])[practice.pk])


def _findings(own: int, indicators: list[Indicator], starts: list[tuple[int, int]]) -> list[Finding]:
    if not indicators:
        return []
    if len(starts) < FEWEST:
        return [Finding(indicator, Effect(started=len(starts), n=0)) for indicator in indicators]
    held = cube.current()
    parts = held.slices(indicator.pk for indicator in indicators)
    key = tuple(sorted(starts))
    found = []
    for indicator in indicators:
        part = parts[indicator.pk]
        if part.is_empty:
            found.append(Finding(indicator, Effect(started=len(starts), n=0)))
            continue
        report = part.reports.index(_REPORT) if _REPORT in part.reports else 0

        def compute(part: cube.Slice = part, report: int = report) -> Effect:
            index = held.register.index
            return measure(
                part.published(report),
                part.years,
                held.inhabitants_in(part.years)[0],
                [Start(index[place], year) for place, year in starts if place in index],
                [index[own]] if own in index else [],
            )

        effect = held.remembered(("effect", indicator.pk, report, own, key), compute)
        is_demo = any(source.is_demo for source in held.sources_of(part, report))
        found.append(Finding(indicator, effect, is_demo))
    return found


def _evidence(practice: GoodPractice, known: list[Finding], *, figures: int, experiences: int) -> Evidence:
    """Return how well it is known that a practice works; the rule is explained in docs/concepts.md."""
    if any(finding.effect.is_known for finding in known):
        return Evidence.COMPARED
    if figures:
        return Evidence.MEASURED
    return Evidence.TOLD if experiences or practice.result.strip() else Evidence.NONE


@transaction.atomic
def refresh(practice_ids: Iterable[int] | None = None) -> int:
    """Write evidence, number of adopters and proven effect; return how many practices changed.

    Args:
        practice_ids: which; by default all whose effect may depend on the figures.
    """
    practices = GoodPractice.objects.annotate(
        now=Count("adoptions", filter=Q(adoptions__state__in=["trying", "running"]), distinct=True),
        ever=Count("adoptions", filter=~Q(adoptions__state="considering"), distinct=True),
        told=Count("experiences", distinct=True),
        counted=Count("figures", distinct=True),
    )
    if practice_ids is None:
        practices = practices.filter(Q(ever__gte=FEWEST) | Q(proven__isnull=False) | Q(evidence=Evidence.COMPARED))
    else:
        practices = practices.filter(pk__in=list(practice_ids))
    chosen = list(practices.prefetch_related("indicators"))
    starts = starts_of([practice.pk for practice in chosen])
    changed = []
    for practice in chosen:
        known = _findings(practice.municipality_id, list(practice.indicators.all()), starts[practice.pk])
        proven = max((one.proven for one in known if one.proven is not None), default=None)
        evidence = _evidence(practice, known, figures=practice.counted, experiences=practice.told)
        if (practice.adopters, practice.evidence, practice.proven) != (practice.now, evidence, proven):
            practice.adopters, practice.evidence, practice.proven = practice.now, evidence, proven
            changed.append(practice)
    if changed:
        number = indexing.bump()
        for practice in changed:
            practice.revision = number
        GoodPractice.objects.bulk_update(changed, ["adopters", "evidence", "proven", "revision"], batch_size=200)
    return len(changed)


def take_in(figures: int) -> int:
    """Compute the effects again that may differ at a new revision of the figures; two at once do it once.

    Returns:
        how many practices changed.
    """
    with transaction.atomic():
        LibraryRevision.objects.get_or_create(pk=1)
        known = LibraryRevision.objects.select_for_update().get(pk=1)
        if known.figures == figures:
            return 0
        LibraryRevision.objects.filter(pk=1).update(figures=figures)
        return refresh(_touched(known.figures, figures))


def _touched(old: int, new: int) -> list[int] | None:
    """Return the practices whose effect may differ between two revisions of the figures; None for all."""
    changed = FiguresChange.between(old, new) if old >= 0 else None
    if changed is None:
        return None
    indicators = set(changed.indicators)
    if changed.batches:
        rows = Measurement.objects.filter(batch__in=changed.batches)
        indicators |= set(rows.order_by().values_list("indicator", flat=True).distinct())
    return list(GoodPractice.objects.filter(indicators__in=indicators).values_list("pk", flat=True).distinct())


@task()
def take_in_later(*, figures: int) -> int:
    """Do `take_in` where tasks are done: by the worker in production, at once after the commit elsewhere."""
    return take_in(figures)


def _figures_came_in(instance: DataRevision, **_: Any) -> None:
    transaction.on_commit(partial(take_in_later.enqueue, figures=instance.number), robust=True)


def listen() -> None:
    """Start listening for new figures; called once when the app is ready."""
    post_save.connect(_figures_came_in, sender=DataRevision, dispatch_uid="practices-figures")


def count_of(practice: GoodPractice) -> dict[str, int]:
    """Return how many municipalities are in each state of adoption; what everybody may know."""
    return dict(
        Adoption.objects.filter(practice=practice).values_list("state").annotate(n=Count("pk")).order_by(F("state"))
    )
