"""What people fill in about what hangs on messages: polls, reports, a reason."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from kringen.conversation import polls
from kringen.models import Message, MessageReport, Poll, Room, Topic


class PollForm(forms.Form):
    """A new poll; `cid` makes a double click open one."""

    cid = forms.UUIDField(widget=forms.HiddenInput)
    question = forms.CharField(label=_("Question"), max_length=polls.MAX_QUESTION)
    options = forms.CharField(
        label=_("Answers"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One answer on each line, 2 to 12 of them."),
        max_length=polls.MOST_OPTIONS * (polls.MAX_OPTION + 2),
    )
    voter = forms.ChoiceField(label=_("Who votes?"), choices=Poll.Voter.choices, widget=forms.RadioSelect)
    is_multiple = forms.BooleanField(label=_("More than one answer may be chosen"), required=False)
    may_change = forms.BooleanField(label=_("A vote can be changed until the poll closes"), required=False)
    closes_on = forms.DateField(
        label=_("Last day to vote"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    topic = forms.ModelChoiceField(Topic.objects.none(), label=_("Topic"), required=False, empty_label=None)

    def __init__(self, *args: Any, room: Room, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("cid", uuid4())
        self.initial.setdefault("voter", Poll.Voter.PERSON)
        self.initial.setdefault("may_change", True)
        field = self.fields["topic"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = room.topics.all()

    @property
    def answers(self) -> list[str]:
        """The answers, one per line that says something."""
        return [line for line in self.cleaned_data["options"].splitlines() if line.strip()]


class ReportForm(forms.ModelForm):
    """Why a message does not belong here."""

    class Meta:
        model = MessageReport
        fields = ["reason"]
        labels = {"reason": _("What is wrong with this message?")}
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "reason": _("The facilitator of the kring and the programme office read this; the others do not.")
        }


class AnswerForm(forms.Form):
    """What is done with a report."""

    answer = forms.CharField(
        label=_("Answer"),
        required=False,
        max_length=240,
        help_text=_("The reporter reads this. When the message goes, everybody reads it as the reason."),
    )
    take_away = forms.BooleanField(required=False)


class ReasonForm(forms.Form):
    """Why somebody else's message is taken away."""

    reason = forms.CharField(
        label=_("Why do you take it away?"),
        max_length=240,
        help_text=_("Everybody in the room reads this in the place of the message."),
    )


class KeptCardsForm(forms.Form):
    """Which cards stay under a message that is changed."""

    cards = forms.MultipleChoiceField(
        label=_("What hangs under it"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, message: Message, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.message = message
        field = self.fields["cards"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = choices
        self.initial.setdefault("cards", [key for key, _label in choices])

    @property
    def kept(self) -> list[dict[str, Any]]:
        """The cards that stay."""
        return [self.message.cards[int(at)] for at in self.cleaned_data["cards"]]
