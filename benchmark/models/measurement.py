"""Values and where they came from. A missing value is a row with a reason, never a zero and never just absent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _

from people.models import Municipality

from .indicator import Indicator

# Sent once a change of figures is through; what a receiver does cannot undo it.
figures_changed = Signal()


class MissingReason(models.TextChoices):
    """Why there is no value. The letters are SDMX observation statuses, for exports."""

    NOT_DELIVERED = "not-delivered", _("not delivered")
    DID_NOT_EXIST = "did-not-exist", _("the municipality did not exist yet or any more")
    NOT_APPLICABLE = "not-applicable", _("not applicable")
    CONFIDENTIAL = "confidential", _("confidential")
    BREAK = "break", _("break in the series")
    REJECTED = "rejected", _("rejected at validation")

    @property
    def letter(self) -> str:
        """The SDMX observation status for exports: M cannot exist, Q suppressed, B break, L not usable, O missing."""
        return {
            MissingReason.DID_NOT_EXIST: "M",
            MissingReason.NOT_APPLICABLE: "M",
            MissingReason.CONFIDENTIAL: "Q",
            MissingReason.BREAK: "B",
            MissingReason.REJECTED: "L",
        }.get(self, "O")


def observation_status(*, reason: str = "", provisional: bool = False, is_break: bool = False) -> str:
    """Return the SDMX letter (CL_OBS_STATUS) of a value or of the reason why there is none.

    Args:
        reason: a `MissingReason`, empty where there is a value.
        provisional: whether the value may still change.
        is_break: whether the series breaks at this value.
    """
    if reason:
        return MissingReason(reason).letter if reason in MissingReason.values else "O"
    if is_break:
        return "B"
    return "P" if provisional else "A"


class Censored(models.TextChoices):
    """What is known of a value that was not given itself: "<=5" in open data is a bound, not 5."""

    LESS = "<", _("less than")
    AT_MOST = "<=", _("at most")
    MORE = ">", _("more than")
    AT_LEAST = ">=", _("at least")


class Dataset(models.Model):
    """A source of figures with its licence; example data is a dataset of its own and says so everywhere."""

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=120)
    source = models.CharField(_("source"), max_length=200, help_text=_("As it must be quoted."))
    licence = models.CharField(_("licence"), max_length=80, blank=True)
    is_demo = models.BooleanField(_("example data"), default=False)
    is_public = models.BooleanField(
        _("public by name"), default=False, help_text=_("Open data: everybody may see each municipality's values.")
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    """Imports, fetched as somebody may see them."""

    def visible_to(self, user: Any) -> ImportBatchQuerySet:
        """Keep what a person may see: the office and validators all, an editor what they brought in themselves."""
        from benchmark.permissions import can_import_measurements, can_import_own_measurements

        if can_import_measurements(user):
            return self
        return self.filter(imported_by=user) if can_import_own_measurements(user) else self.none()


class ImportBatch(models.Model):
    """One file that came in: who, when, which file, what it changed. Can be taken back."""

    class State(models.TextChoices):
        """A batch is either in, or taken back; one that failed left nothing behind but this line."""

        IMPORTED = "imported", _("imported")
        UNDONE = "undone", _("undone")

    dataset = models.ForeignKey(Dataset, models.PROTECT, related_name="batches")
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64, db_index=True)
    profile = models.CharField(_("profile"), max_length=40, blank=True)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    imported_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.IMPORTED)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    created = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    missing = models.PositiveIntegerField(_("missing with a reason"), default=0)
    details = models.JSONField(
        default=dict, blank=True, help_text="how the file was read: separator, decimals, notes, indicators made"
    )

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-imported_at", "-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return f"{self.file_name} ({self.imported_at:%Y-%m-%d})"


class MeasurementQuerySet(models.QuerySet["Measurement"]):
    """Values, fetched as somebody may see them one by one."""

    def visible_to(self, user: Any) -> MeasurementQuerySet:
        """Keep the values whose number a person may see by name.

        The own municipality in every status; of others what is published, where the reader may see it by name or the
        dataset is open.
        """
        from benchmark.permissions import ALL, viewer_for

        viewer = viewer_for(user)
        if viewer.sees_unpublished:
            return self
        published = Q(status=Measurement.Status.PUBLISHED)
        named = Q() if viewer.named == ALL else Q(municipality__in=viewer.named)
        return self.filter(
            Q(municipality__in=viewer.own) | (published & named) | (published & Q(dataset__is_public=True))
        )


class Measurement(models.Model):
    """One value of one municipality, indicator, year and report."""

    class Status(models.TextChoices):
        """How far a value is on its way to being seen."""

        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        VALIDATED = "validated", _("validated")
        PUBLISHED = "published", _("published")

    # The unique constraint begins with the indicator; an index of its own would only slow imports down.
    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="measurements", db_index=False)
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="measurements", db_index=False)
    year = models.PositiveSmallIntegerField(_("year"))
    report = models.CharField(
        _("report"),
        max_length=12,
        blank=True,
        default="",
        help_text=_("Such as begroting or jaarrekening; often empty."),
    )
    value = models.FloatField(_("value"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PUBLISHED)
    provisional = models.BooleanField(_("provisional"), default=False)
    reason = models.CharField(_("why missing"), max_length=16, choices=MissingReason.choices, blank=True, default="")
    numerator = models.FloatField(null=True, blank=True)
    denominator = models.FloatField(null=True, blank=True)
    n = models.PositiveIntegerField(_("number of answers"), null=True, blank=True)
    lower = models.FloatField(_("lower bound (95 %)"), null=True, blank=True)
    upper = models.FloatField(_("upper bound (95 %)"), null=True, blank=True)
    source = models.CharField(
        _("source"), max_length=200, blank=True, default="", help_text=_("Where it differs from the dataset's.")
    )
    censored = models.CharField(
        _("only a bound"),
        max_length=2,
        choices=Censored.choices,
        blank=True,
        default="",
        help_text=_("The bound itself is the lower or the upper bound."),
    )
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, blank=True, related_name="measurements")
    dataset = models.ForeignKey(Dataset, models.PROTECT, related_name="measurements", db_index=False)

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        verbose_name = _("value")
        verbose_name_plural = _("values")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "municipality", "year", "report"], name="one_value_per_place_year_and_report"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False, reason="") | (Q(value__isnull=True) & ~Q(reason="")),
                name="a_value_or_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}/{self.municipality_id}/{self.year}: {self.value}"


class MeasurementRevision(models.Model):
    """What a value was before a batch or a person changed it, and why."""

    class Action(models.TextChoices):
        """What was done."""

        IMPORTED = "imported", _("replaced by an import")
        SUBMITTED = "submitted", _("handed in")
        VALIDATED = "validated", _("validated")
        REJECTED = "rejected", _("sent back")
        PUBLISHED = "published", _("published")

    measurement = models.ForeignKey(Measurement, models.CASCADE, related_name="revisions")
    batch = models.ForeignKey(
        ImportBatch,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="revisions",
        help_text="the batch that changed it; none for a step of the status",
    )
    action = models.CharField(max_length=10, choices=Action.choices, default=Action.IMPORTED)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    why = models.CharField(_("why"), max_length=300, blank=True, default="")
    before = models.JSONField(help_text="the fields as they were, batch and dataset included")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["measurement", "at", "pk"]
        constraints = [models.UniqueConstraint(fields=["measurement", "batch"], name="one_revision_per_batch")]

    def __str__(self) -> str:
        return f"{self.measurement_id} before {self.batch_id or self.action}"


class DataRevision(models.Model):
    """The one row that is raised with every change of figures; every process compares it with what it holds."""

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def locked(cls) -> DataRevision:
        """Return the row, held until the end of the transaction: figures change one import at a time."""
        cls.objects.get_or_create(pk=1)
        return cls.objects.select_for_update().get(pk=1)

    @classmethod
    def current(cls) -> int:
        """Return the number of now; 0 before the first figures."""
        return cls.objects.filter(pk=1).values_list("number", flat=True).first() or 0

    def raise_by_one(self, *, batch: ImportBatch | None = None, indicators: Iterable[int] | None = None) -> None:
        """Say that figures changed, and which, so that nobody has to read all of them again.

        Part of the transaction that changed them.

        Args:
            batch: everything that changed now belongs to this batch.
            indicators: ids of the indicators of which anything changed; with neither, everything may have.
        """
        self.number += 1
        self.save(update_fields=["number"])
        transaction.on_commit(partial(figures_changed.send, sender=DataRevision), robust=True)
        if batch is not None or indicators is not None:
            changed = None if indicators is None else sorted(set(indicators))
            FiguresChange.objects.update_or_create(number=self.number, defaults={"batch": batch, "indicators": changed})
            FiguresChange.objects.filter(number__lte=self.number - FiguresChange.KEPT).delete()


@dataclass(frozen=True, slots=True)
class Changed:
    """What changed between two revisions: the rows of some batches, and anything of some indicators."""

    batches: frozenset[int]
    indicators: frozenset[int]


class FiguresChange(models.Model):
    """What one revision changed; a revision without such a row may have changed anything."""

    KEPT = 200

    number = models.PositiveBigIntegerField(unique=True)
    batch = models.ForeignKey(ImportBatch, models.CASCADE, null=True, related_name="+")
    indicators = models.JSONField(null=True, help_text="ids, when it is more than the rows of a batch")

    def __str__(self) -> str:
        return f"{self.number}: {self.batch or self.indicators}"

    @classmethod
    def between(cls, old: int, new: int) -> Changed | None:
        """Return what changed after revision `old` up to `new`; None when that is not known for every one."""
        if old > new or new - old > cls.KEPT:
            return None
        found = list(cls.objects.filter(number__gt=old, number__lte=new).values_list("batch_id", "indicators"))
        if len(found) != new - old:
            return None
        return Changed(
            frozenset(batch for batch, _ in found if batch is not None),
            frozenset(pk for _, indicators in found for pk in indicators or ()),
        )
