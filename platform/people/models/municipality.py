"""A municipality through time: it begins, is renamed, grows, merges and splits, and its figures must survive that."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class MunicipalityQuerySet(models.QuerySet["Municipality"]):
    """Municipalities as a point in time needs them."""

    def existing_in(self, year: int) -> MunicipalityQuerySet:
        """Keep those that existed on 1 January of `year` (half-open: `exists_until` is the first year without it)."""
        return self.filter(
            Q(exists_from__isnull=True) | Q(exists_from__lte=year),
            Q(exists_until__isnull=True) | Q(exists_until__gt=year),
        )


class Municipality(models.Model):
    """One CBS code, for as long as it was in use. The code is the key; names change."""

    code = models.CharField(
        _("CBS code"), max_length=6, unique=True, validators=[RegexValidator(r"^GM\d{4}$", _("GM and four digits"))]
    )
    name = models.CharField(_("name"), max_length=80, help_text=_("The latest official name."))
    exists_from = models.PositiveSmallIntegerField(
        _("exists from"), null=True, blank=True, help_text=_("First year; empty: before the register begins.")
    )
    exists_until = models.PositiveSmallIntegerField(
        _("exists until"), null=True, blank=True, help_text=_("First year in which it no longer existed.")
    )
    province = models.CharField(_("province"), max_length=20, blank=True)

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        constraints = [
            models.CheckConstraint(
                condition=Q(exists_from__isnull=True)
                | Q(exists_until__isnull=True)
                | Q(exists_until__gt=models.F("exists_from")),
                name="municipality_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def existed_in(self, year: int) -> bool:
        """Say whether the municipality existed on 1 January of `year`."""
        return (self.exists_from is None or self.exists_from <= year) and (
            self.exists_until is None or year < self.exists_until
        )


class MunicipalityName(models.Model):
    """A name in use for some years: the official one, or an alias such as "Den Haag"."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="names")
    name = models.CharField(_("name"), max_length=80)
    key = models.CharField(max_length=80, db_index=True, help_text="people.names.key(name)")
    official = models.BooleanField(_("official"), default=True)
    year_from = models.PositiveSmallIntegerField(_("from year"), null=True, blank=True)
    year_until = models.PositiveSmallIntegerField(
        _("until year"), null=True, blank=True, help_text="first year without"
    )

    class Meta:
        ordering = ["municipality", "year_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "key", "year_from"],
                name="municipality_name_once_per_period",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return self.name


class MunicipalityYear(models.Model):
    """What changes by the year: inhabitants, urbanity, density of addresses."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField(_("year"))
    inhabitants = models.PositiveIntegerField(_("inhabitants"), null=True, blank=True)
    urbanity = models.PositiveSmallIntegerField(
        _("urbanity"), null=True, blank=True, help_text="CBS 1 (very) … 5 (not)"
    )
    address_density = models.PositiveIntegerField(_("addresses per km²"), null=True, blank=True)

    class Meta:
        ordering = ["municipality", "year"]
        constraints = [models.UniqueConstraint(fields=["municipality", "year"], name="one_row_per_municipality_year")]

    def __str__(self) -> str:
        return f"{self.municipality} {self.year}"


class Succession(models.Model):
    """Part of a municipality that went over into another one: a merger has one successor, a split several."""

    predecessor = models.ForeignKey(Municipality, models.CASCADE, related_name="successions")
    successor = models.ForeignKey(Municipality, models.CASCADE, related_name="origins")
    year = models.PositiveSmallIntegerField(_("first year of the successor"))
    share = models.DecimalField(
        _("share of the predecessor"),
        max_digits=7,
        decimal_places=6,
        null=True,
        blank=True,
        help_text="0–1, by addresses",
    )

    class Meta:
        ordering = ["year", "predecessor"]
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor", "year"], name="succession_once"),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__gt=0, share__lte=1), name="succession_share_is_a_fraction"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor} ({self.year})"


class MunicipalityFeature(models.Model):
    """Something else that is known of a municipality in a year, to find who is like whom: a region, a figure.

    Either a number or a word; which features exist follows from the files that were imported
    (`people/profiles/*.toml`, under `features`).
    """

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="features")
    year = models.PositiveSmallIntegerField(_("year"))
    key = models.SlugField(_("feature"), max_length=40)
    number = models.FloatField(null=True, blank=True)
    word = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["municipality", "year", "key"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "year", "key"], name="one_feature_per_municipality_year"),
            models.CheckConstraint(condition=Q(number__isnull=True) ^ Q(word=""), name="feature_is_a_number_or_a_word"),
        ]

    def __str__(self) -> str:
        return f"{self.municipality} {self.year} {self.key}: {self.word or self.number}"


class RegisterRevision(models.Model):
    """The one row that is raised when an import changes the register; whoever holds the register compares it."""

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def raise_by_one(cls) -> None:
        """Say that the register changed. Part of the transaction that changed it."""
        cls.objects.get_or_create(pk=1)
        cls.objects.filter(pk=1).update(number=models.F("number") + 1)
