"""Who is willing to tell others about a figure of their municipality."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Municipality

from .indicator import Indicator


class TalkOffer(models.Model):
    """Somebody's word that others may ask them about one indicator of their municipality."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="talk_offers")
    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="talk_offers")
    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="talk_offers")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["made_at"]
        verbose_name = _("offer to talk")
        verbose_name_plural = _("offers to talk")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "municipality", "indicator"], name="one_offer_per_person_and_indicator"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.indicator_id}"
