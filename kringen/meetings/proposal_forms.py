"""What can be filled in to propose an item for an agenda."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kringen.meetings.proposals import Wish
from kringen.models import AgendaItem, Kring, Meeting


class ProposalForm(forms.Form):
    """Propose an item, for a meeting or for later."""

    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("Item"), max_length=160, error_messages={"required": _("Give your item a title.")})
    why = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("An address of this site on a line of its own becomes a card: a chart, a practice, a goal."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=AgendaItem.Kind.choices, initial=AgendaItem.Kind.THEME)
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=1,
        max_value=1440,
        required=False,
        error_messages={
            "invalid": _("Write the minutes as a whole number, such as 15."),
            "min_value": _("An item takes at least one minute. Leave the minutes empty for an open end."),
            "max_value": _("An item takes at most a day (1440 minutes)."),
        },
    )
    meeting = forms.ModelChoiceField(
        label=_("For"),
        queryset=Meeting.objects.none(),
        required=False,
        empty_label=_("later: the backlog"),
        error_messages={"invalid_choice": _("That meeting is not of this kring. Choose one from the list.")},
    )

    def __init__(self, *args: Any, kring: Kring, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"submission": uuid.uuid4()})
        super().__init__(*args, **kwargs)
        meeting: Any = self.fields["meeting"]
        # Those that are over or off too: choosing one of them (an old page) is answered with a sentence of its own.
        meeting.queryset = kring.meetings.for_the_circle()
        ahead = kring.meetings.for_the_circle().upcoming()
        meeting.choices = [("", meeting.empty_label), *((each.pk, str(each)) for each in ahead)]

    def wish(self) -> Wish:
        """Return what was filled in."""
        data = self.cleaned_data
        why = data["why"].replace("\r\n", "\n")
        return Wish(title=data["title"], why=why, kind=data["kind"], minutes=data["minutes"])
