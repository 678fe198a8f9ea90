"""Values and where they came from. A missing value is a row with a reason, never a zero and never just absent."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import Municipality

from .indicator import Indicator


class MissingReason(models.TextChoices):
    """Why there is no value. The letters are SDMX observation statuses, for exports."""

    NOT_DELIVERED = "not-delivered", _("not delivered")
    DID_NOT_EXIST = "did-not-exist", _("the municipality did not exist yet or any more")
    NOT_APPLICABLE = "not-applicable", _("not applicable")
    CONFIDENTIAL = "confidential", _("confidential")
    BREAK = "break", _("break in the series")
    REJECTED = "rejected", _("rejected at validation")


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

    class Meta:
        ordering = ["-imported_at", "-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return f"{self.file_name} ({self.imported_at:%Y-%m-%d})"


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
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, blank=True, related_name="measurements")
    dataset = models.ForeignKey(Dataset, models.PROTECT, related_name="measurements", db_index=False)

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
    """What a value was before a batch changed it."""

    measurement = models.ForeignKey(Measurement, models.CASCADE, related_name="revisions")
    batch = models.ForeignKey(
        ImportBatch, models.CASCADE, related_name="revisions", help_text="the batch that changed it"
    )
    before = models.JSONField(help_text="the fields as they were, batch and dataset included")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["measurement", "at"]
        constraints = [models.UniqueConstraint(fields=["measurement", "batch"], name="one_revision_per_batch")]

    def __str__(self) -> str:
        return f"{self.measurement_id} before {self.batch_id}"


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

    def raise_by_one(self) -> None:
        """Say that figures changed. Part of the transaction that changed them."""
        self.number += 1
        self.save(update_fields=["number"])
