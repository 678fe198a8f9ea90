"""A learning circle (kring): about ten municipalities that compare, meet and learn for a year."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from benchmark.models import ComparisonGroup, Cycle
from benchmark.phases import Phase
from people import clock
from people.models import Municipality, Role, RoleName
from people.permissions import is_office, is_steering, roles_of

CIRCLE_ROLES = (RoleName.PARTICIPANT, RoleName.FACILITATOR)


def kring_ids_of(user: Any, *names: RoleName) -> set[int]:
    """Return the ids of the kringen in which a person holds one of the roles today (by default: takes part)."""
    held = roles_of(user)
    if not held:
        return set()
    kind = ContentType.objects.get_for_model(Kring).pk
    return {pk for role, scope, pk in held if role in (names or CIRCLE_ROLES) and scope == kind and pk is not None}


def visible_kringen(user: Any, field: str = "pk") -> Q:
    """Return the condition for rows whose kring (`field` holds its id) a person may look into.

    Looking in: who takes part in the kring or guides it, the steering group, the office. Nobody else, however
    logged in; the public list of names and dates is `KringQuerySet.listed`.
    """
    if is_office(user) or is_steering(user):
        return Q()
    return Q(**{f"{field}__in": kring_ids_of(user)})


class KringQuerySet(models.QuerySet["Kring"]):
    """Kringen as the pages need them."""

    def visible_to(self, user: Any) -> KringQuerySet:
        """Keep the kringen whose page, agenda and promises a person may read."""
        return self.filter(visible_kringen(user))

    def with_person(self, user: Any) -> KringQuerySet:
        """Keep the kringen in which a person takes part or guides."""
        return self.filter(pk__in=kring_ids_of(user))

    def listed(self) -> KringQuerySet:
        """Return what the public may know: names, municipalities, theme; the dates come with `Meeting.upcoming`."""
        return self.select_related("cycle").prefetch_related(
            models.Prefetch(
                "memberships",
                Membership.objects.current().select_related("municipality"),
                to_attr="current_memberships",
            )
        )


class Kring(models.Model):
    """A circle in one benchmark year. People belong to it through a role with this kring as its scope."""

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=80)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="kringen", verbose_name=_("benchmark year"))
    description = models.TextField(_("description"), blank=True)
    theme = models.CharField(_("theme"), max_length=160, blank=True)
    comparison_group = models.OneToOneField(ComparisonGroup, models.PROTECT, related_name="+")
    theme_poll = models.ForeignKey("kringen.Poll", models.SET_NULL, null=True, editable=False, related_name="+")
    roles = GenericRelation(
        Role, content_type_field="scope_type", object_id_field="scope_id", related_query_name="kring"
    )

    objects = KringQuerySet.as_manager()

    class Meta:
        ordering = ["-cycle__year", "name"]
        verbose_name = _("kring")
        verbose_name_plural = _("kringen")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("kringen:kring", args=[self.slug])


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships in time."""

    def current(self, on: dt.date | None = None) -> MembershipQuerySet:
        """Keep those that hold on a day (half-open: not any more on the day `until`)."""
        day = on or clock.today()
        return self.filter(Q(since__isnull=True) | Q(since__lte=day), Q(until__isnull=True) | Q(until__gt=day))


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
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("First day outside the kring."))

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["municipality__name"]
        verbose_name = _("membership")
        constraints = [models.UniqueConstraint(fields=["kring", "municipality"], name="municipality_once_in_a_kring")]

    def __str__(self) -> str:
        return f"{self.municipality} ({self.kring})"

    def holds_on(self, day: dt.date) -> bool:
        """Say whether the municipality is in the kring on a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


class IntakeQuerySet(models.QuerySet["Intake"]):
    """Intakes as the counts need them."""

    def filled_in(self) -> IntakeQuerySet:
        """Keep the intakes that say something: handed in, or with a tested phase."""
        return self.filter(Q(submitted_on__isnull=False) | Q(tested_phase__isnull=False))


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

    objects = IntakeQuerySet.as_manager()

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
    theme = models.ForeignKey("kringen.Theme", models.SET_NULL, null=True, blank=True, related_name="items")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["kind", "position"]

    def __str__(self) -> str:
        return self.text
