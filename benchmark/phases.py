"""The five phases of Antwoord©: always shown with number and name, never by colour alone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Phase(models.IntegerChoices):
    """How far a municipality is in organising customer contact (facts 5.2)."""

    SERVICE = 1, _("Department has the answer")
    CHANNEL = 2, _("Channel has the answer")
    FRONT_OFFICE = 3, _("Front office has the answer")
    MUNICIPALITY = 4, _("Municipality has the answer")
    GOVERNMENT = 5, _("Government has the answer")
