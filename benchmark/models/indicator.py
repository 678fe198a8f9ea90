"""What is measured: areas, indicators and the norms that hold for them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from people.models import Municipality


class Area(models.Model):
    """A performance area (prestatiegebied) with its key question, or a wider theme."""

    class Kind(models.TextChoices):
        """The eight performance areas come first; the themes hold the other indicators."""

        PERFORMANCE = "performance", _("performance area")
        THEME = "theme", _("theme")

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=60)
    question = models.CharField(_("key question"), max_length=200, blank=True)
    synonyms = models.CharField(_("synonyms"), max_length=200, blank=True, help_text=_("Separated by commas."))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.PERFORMANCE)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("area")
        verbose_name_plural = _("areas")

    def __str__(self) -> str:
        return self.name


class Direction(models.TextChoices):
    """Which way is better. Context indicators are never coloured good or bad."""

    UP = "up", _("higher is better")
    DOWN = "down", _("lower is better")
    CONTEXT = "context", _("neither higher nor lower is better")


class Indicator(models.Model):
    """One measurable quantity, with what a reader must know to read it."""

    class Kind(models.TextChoices):
        """How values behave: bounds, decimals and what may be added up."""

        NUMBER = "number", _("number")
        PERCENTAGE = "percentage", _("percentage")
        GRADE = "grade", _("grade from 1 to 10")
        EFFORT = "effort", _("score from 1 to 5")
        YES_NO = "yes-no", _("yes or no")
        MONEY = "money", _("money")

    code = models.CharField(
        _("code"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[A-Za-z0-9_.]+$", _("Letters, digits, underscore and point only."))],
    )
    name = models.CharField(_("name"), max_length=200)
    unit = models.CharField(_("unit"), max_length=40)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.NUMBER)
    direction = models.CharField(_("direction"), max_length=8, choices=Direction.choices)
    area = models.ForeignKey(Area, models.PROTECT, related_name="indicators", verbose_name=_("area"))
    block = models.CharField(_("block"), max_length=10, blank=True, help_text="R, T (BPZ) / K, P, I, € (Vensters)")
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=1)
    minimum = models.FloatField(_("lowest possible value"), null=True, blank=True)
    maximum = models.FloatField(_("highest possible value"), null=True, blank=True)
    definition = models.TextField(_("definition"), blank=True)
    numerator = models.CharField(_("numerator"), max_length=200, blank=True)
    denominator = models.CharField(_("denominator"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    adds_up = models.BooleanField(
        _("adds up"),
        default=False,
        help_text=_("A count: the value of a merged municipality is the sum of those it was made of."),
    )
    is_core = models.BooleanField(_("core indicator"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")

    def __str__(self) -> str:
        return self.name


class Norm(models.Model):
    """A promise or sector minimum for an indicator, valid for a while; an advice, not an obligation."""

    class Source(models.TextChoices):
        """Who set it."""

        VNG = "vng", _("VNG minimum norm")
        MUNICIPALITY = "municipality", _("own service promise")
        ANTWOORD = "antwoord", "Antwoord©"
        LAW = "law", _("law")

    class Bound(models.TextChoices):
        """A norm is a maximum for waiting times and a minimum for shares."""

        AT_MOST = "max", _("at most")
        AT_LEAST = "min", _("at least")

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="norms")
    municipality = models.ForeignKey(Municipality, models.CASCADE, null=True, blank=True, related_name="norms")
    source = models.CharField(_("source"), max_length=12, choices=Source.choices)
    bound = models.CharField(_("bound"), max_length=3, choices=Bound.choices)
    value = models.FloatField(_("value"))
    year_from = models.PositiveSmallIntegerField(_("from year"), null=True, blank=True)
    year_until = models.PositiveSmallIntegerField(_("until year"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ["indicator", "municipality", "year_from"]
        verbose_name = _("norm")
        verbose_name_plural = _("norms")

    def __str__(self) -> str:
        return f"{self.indicator.code} {self.get_bound_display()} {self.value:g}"


class ReferenceValue(models.Model):
    """A real published figure of some municipality or of the country, always with its source."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="reference_values")
    label = models.CharField(_("of whom"), max_length=80)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    value = models.FloatField(_("value"))
    source = models.CharField(_("source"), max_length=120)

    class Meta:
        ordering = ["indicator", "label", "year"]

    def __str__(self) -> str:
        return f"{self.label} {self.year or ''}: {self.value:g}"


class IndicatorVersion(models.Model):
    """What an indicator meant over a period. The first year of a later version is a break in the series.

    An indicator without versions always meant the same. A version that ends without a next one says that the
    indicator is not measured any more.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="versions")
    year_from = models.PositiveSmallIntegerField(_("from year"), null=True, blank=True)
    year_until = models.PositiveSmallIntegerField(
        _("until year"), null=True, blank=True, help_text=_("The first year in which it did not hold any more.")
    )
    name = models.CharField(_("name then"), max_length=200, blank=True)
    definition = models.TextField(_("definition then"), blank=True)
    what_changed = models.CharField(
        _("what changed"), max_length=300, blank=True, help_text=_("One sentence, shown at the break in the chart.")
    )
    is_break = models.BooleanField(
        _("break in the series"), default=True, help_text=_("Off when figures before and after can be compared.")
    )

    class Meta:
        ordering = ["indicator", models.F("year_from").asc(nulls_first=True)]
        verbose_name = _("version of an indicator")
        verbose_name_plural = _("versions of indicators")
        constraints = [
            models.UniqueConstraint(fields=["indicator", "year_from"], name="one_version_from_a_year"),
            models.CheckConstraint(
                condition=models.Q(year_from__isnull=True)
                | models.Q(year_until__isnull=True)
                | models.Q(year_until__gt=models.F("year_from")),
                name="version_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.year_from or ''}–{self.year_until or ''}"


@dataclass(frozen=True, slots=True)
class Break:
    """From this year on, a figure means something else than before.

    Attributes:
        year: the first year of the new meaning.
        words: what changed, in a sentence.
    """

    year: int
    words: str


def breaks(indicator: Indicator) -> list[Break]:
    """Return where the series of an indicator breaks, the earliest first; costs one query.

    A break lies between two versions. Where a first version begins there was nothing before, so nothing breaks.
    """
    versions = list(indicator.versions.all())
    found = []
    for before, after in itertools.pairwise(versions):
        if after.is_break and after.year_from is not None:
            words = after.what_changed or gettext("Until %(year)s this was: %(name)s.") % {
                "year": after.year_from - 1,
                "name": before.name or before.definition or indicator.name,
            }
            found.append(Break(after.year_from, words))
    return found
