"""A learning circle (kring): about ten municipalities that compare, meet and learn for a year."""

from __future__ import annotations

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.utils.translation import gettext_lazy as _

from benchmark.models import ComparisonGroup, Cycle
from benchmark.phases import Phase
from people.models import Municipality, Role


class Kring(models.Model):
    """A circle in one benchmark year. People belong to it through a role with this kring as its scope."""

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=80)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="kringen", verbose_name=_("benchmark year"))
    description = models.TextField(_("description"), blank=True)
    theme = models.CharField(_("theme"), max_length=160, blank=True)
    comparison_group = models.OneToOneField(ComparisonGroup, models.PROTECT, related_name="+")
    roles = GenericRelation(
        Role, content_type_field="scope_type", object_id_field="scope_id", related_query_name="kring"
    )

    class Meta:
        ordering = ["-cycle__year", "name"]
        verbose_name = _("kring")
        verbose_name_plural = _("kringen")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A municipality in a kring, as a member or as a guest."""

    class Kind(models.TextChoices):
        """A guest takes part without being on the member list."""

        MEMBER = "member", _("member")
        GUEST = "guest", _("guest")

    kring = models.ForeignKey(Kring, models.CASCADE, related_name="memberships")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="memberships")
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices, default=Kind.MEMBER)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["municipality__name"]
        verbose_name = _("membership")
        constraints = [models.UniqueConstraint(fields=["kring", "municipality"], name="municipality_once_in_a_kring")]

    def __str__(self) -> str:
        return f"{self.municipality} ({self.kring})"


class Intake(models.Model):
    """The questionnaire at the start of the year. Stands apart from membership: either exists without the other."""

    kring = models.ForeignKey(Kring, models.CASCADE, related_name="intakes")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="intakes")
    tested_phase = models.PositiveSmallIntegerField(
        _("phase by quick scan"), choices=Phase.choices, null=True, blank=True
    )
    own_phase = models.PositiveSmallIntegerField(
        _("phase by own judgement"), choices=Phase.choices, null=True, blank=True
    )
    submitted_on = models.DateField(_("submitted on"), null=True, blank=True)

    class Meta:
        ordering = ["municipality__name"]
        constraints = [models.UniqueConstraint(fields=["kring", "municipality"], name="one_intake_per_municipality")]

    def __str__(self) -> str:
        return f"Intake {self.municipality} ({self.kring})"


class IntakeItem(models.Model):
    """A question the municipality wants answered, or a theme it works on."""

    class Kind(models.TextChoices):
        """Questions are asked of the others; themes tell what is going on."""

        QUESTION = "question", _("question")
        THEME = "theme", _("theme")

    intake = models.ForeignKey(Intake, models.CASCADE, related_name="items")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    text = models.CharField(_("text"), max_length=300)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["kind", "position"]

    def __str__(self) -> str:
        return self.text
