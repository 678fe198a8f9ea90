"""What hangs on a meeting besides its minutes: papers, sheets, photos, and questions answered in the open."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .meeting import AgendaItem, Meeting
from .talk import private_storage


def _place(kept: MeetingFile, name: str) -> str:
    """Return the path of a file: by its id, so that its name says nothing and cannot steer anything."""
    folder = "thumbnails" if name == "thumbnail" else "files"
    return f"meetings/{folder}/{kept.meeting_id}/{kept.pk}"


class MeetingFileQuerySet(models.QuerySet["MeetingFile"]):
    """Files as the people who may have them."""

    def visible_to(self, user: Any) -> MeetingFileQuerySet:
        """Keep the files of the meetings that a person may read about."""
        return self.filter(meeting__in=Meeting.objects.visible_to(user))


class MeetingFile(models.Model):
    """Sheets or a photo of a meeting, or a paper with an item of its agenda."""

    class Role(models.TextChoices):
        """What it is of the meeting."""

        SHEETS = "sheets", _("sheets")
        PHOTO = "photo", _("photo")
        PAPER = "paper", _("paper")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="files")
    item = models.ForeignKey(
        AgendaItem,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="papers",
        help_text="of a paper: with which item",
    )
    role = models.CharField(max_length=6, choices=Role.choices)
    name = models.CharField(max_length=150)
    alt = models.CharField(_("what can be seen"), max_length=200, blank=True)
    kind = models.CharField(max_length=12, help_text="as found in the content: pdf, jpg, pptx …")
    size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    file = models.FileField(storage=private_storage, upload_to=_place, max_length=200)
    thumbnail = models.FileField(storage=private_storage, upload_to=_place, max_length=200, blank=True)
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MeetingFileQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "created_at", "pk"]
        verbose_name = _("file of a meeting")
        verbose_name_plural = _("files of meetings")
        constraints = [
            models.CheckConstraint(condition=~models.Q(role="photo", alt=""), name="photo_says_what_can_be_seen"),
            models.CheckConstraint(
                condition=models.Q(role="paper", item__isnull=False) | (~models.Q(role="paper") & models.Q(item=None)),
                name="a_paper_is_with_an_item",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OfficeQuestionQuerySet(models.QuerySet["OfficeQuestion"]):
    """Questions as the people who may read them."""

    def visible_to(self, user: Any) -> OfficeQuestionQuerySet:
        """Keep the questions of the meetings that a person may read about."""
        return self.filter(meeting__in=Meeting.objects.visible_to(user))


class OfficeQuestion(models.Model):
    """A question to the office, asked at or after a meeting and answered where everybody at the table reads it."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="office_questions")
    text = models.CharField(_("question"), max_length=500)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    submission = models.UUIDField(null=True, blank=True, unique=True, help_text="form id: sent twice, made once")

    objects = OfficeQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "asked_at", "pk"]
        verbose_name = _("question to the office")
        verbose_name_plural = _("questions to the office")

    def __str__(self) -> str:
        return self.text[:60]
