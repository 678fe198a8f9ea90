"""What people fill in about the work on a goal."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from benchmark.models import Goal, GoalNote
from people import clock


class NoteForm(forms.ModelForm):
    """A remark on the work, in a stage, on a day."""

    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = GoalNote
        fields = ["stage", "date", "text"]
        widgets = {
            "date": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "text": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, data: Any = None, *, goal: Goal) -> None:
        super().__init__(
            data, initial={"stage": goal.stage, "date": clock.today(), "submission": uuid.uuid4()}, prefix="note"
        )

    def clean_date(self) -> Any:
        """Refuse a day that has yet to come."""
        date = self.cleaned_data["date"]
        if date > clock.today():
            raise forms.ValidationError(gettext("A remark is about what was done; choose today or an earlier day."))
        return date


class DeliveredForm(forms.Form):
    """When something that is there or not was delivered; empty is not yet."""

    delivered_on = forms.DateField(
        label=_("Delivered on"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Leave this empty when it is not there yet."),
    )

    def clean_delivered_on(self) -> Any:
        """Refuse a day that has yet to come."""
        date = self.cleaned_data["delivered_on"]
        if date is not None and date > clock.today():
            raise forms.ValidationError(gettext("This day has yet to come. Choose today or an earlier day."))
        return date
