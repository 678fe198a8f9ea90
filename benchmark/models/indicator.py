"""What is measured: areas, indicators and the norms that hold for them."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
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
