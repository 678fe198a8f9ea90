"""What may come on an agenda: proposed by members, or by what the figures and promises say."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Municipality
from people.permissions import is_office

from .kring import Kring, kring_ids_of
from .meeting import AgendaItem, Meeting


class ProposalQuerySet(models.QuerySet["AgendaProposal"]):
    """Proposals as the pages need them."""

    def visible_to(self, user: Any) -> ProposalQuerySet:
        """Keep the proposals made in the kringen in which a person talks: what comes of them is said to all there."""
        return self if is_office(user) else self.filter(kring_id__in=kring_ids_of(user))

    def open(self) -> ProposalQuerySet:
        """Keep what was not answered yet, the oldest first."""
        return self.filter(state=AgendaProposal.State.OPEN).order_by("created_at", "pk")


class AgendaProposal(models.Model):
    """An item that somebody wants on an agenda; an open one without a meeting is on the backlog.

    `carried_from` is the item of an earlier meeting that was not finished there.
    """

    class State(models.TextChoices):
        """What came of it."""

        OPEN = "open", _("not answered yet")
        ACCEPTED = "accepted", _("on the agenda")
        DROPPED = "dropped", _("not taken over")
        WITHDRAWN = "withdrew", _("taken back by who proposed it")

    kring = models.ForeignKey(Kring, models.CASCADE, related_name="proposals")
    meeting = models.ForeignKey(Meeting, models.SET_NULL, null=True, blank=True, related_name="proposals")
    kind = models.CharField(_("kind"), max_length=10, choices=AgendaItem.Kind.choices, default=AgendaItem.Kind.THEME)
    title = models.CharField(_("title"), max_length=160)
    why = models.TextField(_("why"), blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(1440)]
    )
    proposer = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    municipality = models.ForeignKey(Municipality, models.PROTECT, null=True, blank=True, related_name="+")
    carried_from = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    answer = models.CharField(_("answer"), max_length=400, blank=True)
    item = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    submission = models.UUIDField(null=True, blank=True, help_text="form id: sent twice, made once")

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("proposed agenda item")
        verbose_name_plural = _("proposed agenda items")
        constraints = [models.UniqueConstraint(fields=["kring", "submission"], name="proposal_once_per_form")]

    def __str__(self) -> str:
        return self.title


class SettledIdea(models.Model):
    """Something that the figures or promises proposed and the facilitator answered: it is not proposed again.

    `key` names what it was about, the year of its figures included: see `kringen/meetings/agenda_ideas.py`.
    """

    kring = models.ForeignKey(Kring, models.CASCADE, related_name="settled_ideas")
    key = models.CharField(max_length=120)
    item = models.ForeignKey(
        AgendaItem, models.SET_NULL, null=True, blank=True, related_name="+", help_text="empty: dropped"
    )
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kring", "key"], name="idea_settled_once_per_kring")]

    def __str__(self) -> str:
        return self.key
