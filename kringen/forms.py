"""What can be filled in about a kring. Every refusal is a sentence: what is wrong and what to do."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kringen.meetings import AgendaLine, MeetingDetails
from kringen.models import AgendaItem, Kring, Meeting, Membership
from people.models import Municipality, User

MAX_ITEMS = 60


class DayField(forms.DateField):
    """A day; the browser's own picker where there is one."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**kwargs)
        self.error_messages.update(
            required=_("Fill in a date, such as 25-06-2009."),
            invalid=_("This is not a date. Write day, month and year, such as 25-06-2009."),
        )


class ClockField(forms.TimeField):
    """A time of day."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
        super().__init__(**kwargs)
        self.error_messages["invalid"] = _("This is not a time. Write hours and minutes, such as 13:30.")


class MeetingForm(forms.Form):
    """Plan or change a meeting."""

    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(
        label=_("Title"), max_length=120, error_messages={"required": _("Give the meeting a title.")}
    )
    date = DayField(label=_("Date"))
    starts_at = ClockField(label=_("From"), required=False)
    ends_at = ClockField(label=_("Until"), required=False, help_text=_("Leave empty when the end is open."))
    place = forms.CharField(label=_("Place"), max_length=160, required=False)
    video_link = forms.URLField(
        label=_("Video link"),
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("This is not a web address. It begins with https://.")},
    )
    theme = forms.CharField(label=_("Theme"), max_length=160, required=False)

    @classmethod
    def for_new(cls, kring: Kring) -> MeetingForm:
        """Return an empty form with a name and an id of its own: sent twice, it makes one meeting."""
        number = (kring.meetings.order_by("-number").values_list("number", flat=True).first() or 0) + 1
        title = _("Kring meeting %(number)s") % {"number": number}
        return cls(initial={"submission": uuid.uuid4(), "title": title, "theme": kring.theme})

    @classmethod
    def for_existing(cls, meeting: Meeting) -> MeetingForm:
        """Return the form filled with what is known."""
        fields = ("title", "date", "starts_at", "ends_at", "place", "video_link", "theme")
        return cls(initial={field: getattr(meeting, field) for field in fields})

    def clean(self) -> dict[str, Any]:
        """Refuse a meeting that ends before it starts."""
        data = super().clean() or self.cleaned_data
        start, end = data.get("starts_at"), data.get("ends_at")
        if start and end and end <= start:
            self.add_error(
                "ends_at", _("The meeting ends before it starts. Choose a later end time, or leave it empty.")
            )
        return data

    def details(self) -> MeetingDetails:
        """Return what was filled in."""
        return MeetingDetails(**{key: value for key, value in self.cleaned_data.items() if key != "submission"})


class AgendaItemForm(forms.Form):
    """One line of the agenda."""

    pk = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(
        label=_("Item"),
        max_length=160,
        error_messages={"required": _("Give this item a title, or remove it.")},
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=AgendaItem.Kind.choices, initial=AgendaItem.Kind.THEME, required=False
    )
    starts_at = ClockField(
        label=_("Starts at"), required=False, help_text=_("Empty: when the item before it has ended.")
    )
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=1,
        max_value=1440,
        required=False,
        help_text=_("Empty: open end."),
        error_messages={
            "invalid": _("Write the minutes as a whole number, such as 15."),
            "min_value": _("An item takes at least one minute. Leave the minutes empty for an open end."),
            "max_value": _("An item takes at most a day (1440 minutes)."),
        },
    )
    presenter = forms.CharField(label=_("Presented by"), max_length=120, required=False)
    notes = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def line(self) -> AgendaLine:
        """Return what was filled in."""
        data = self.cleaned_data
        # A browser sends line ends as \r\n; what is stored has one kind, or every save would look like a change.
        notes = data["notes"].replace("\r\n", "\n")
        return AgendaLine(**{**data, "kind": data["kind"] or AgendaItem.Kind.THEME, "notes": notes})


class BaseAgendaFormSet(forms.BaseFormSet):
    """The whole agenda at once; a line where nothing was typed is left out."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Let untouched lines pass."""
        return {**super().get_form_kwargs(index), "empty_permitted": True}

    def lines(self) -> list[AgendaLine]:
        """Return the lines in their order."""
        return [form.line() for form in self.forms if form.cleaned_data]


AgendaFormSet = forms.formset_factory(
    AgendaItemForm, formset=BaseAgendaFormSet, extra=0, max_num=MAX_ITEMS, validate_max=True, absolute_max=MAX_ITEMS + 1
)


def rows_of(items: list[AgendaItem]) -> list[dict[str, Any]]:
    """Return stored items as rows of the agenda form."""
    return [
        {
            "pk": item.pk,
            "title": item.title,
            "kind": item.kind,
            "starts_at": item.starts_at,
            "minutes": item.minutes,
            "presenter": item.presenter,
            "notes": item.notes,
        }
        for item in items
    ]


class ActionForm(forms.Form):
    """Write down a promise."""

    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label=_("What"), max_length=240, error_messages={"required": _("Write down what will be done.")}
    )
    owner = forms.ModelChoiceField(
        label=_("Who"),
        queryset=User.objects.none(),
        error_messages={
            "required": _("Choose who does it."),
            "invalid_choice": _("This person does not take part in the kring. Choose somebody from the list."),
        },
    )
    due_on = DayField(label=_("By"), required=False, help_text=_("Leave empty when there is no date."))
    meeting = forms.ModelChoiceField(
        label=_("Promised at"),
        queryset=Meeting.objects.none(),
        required=False,
        empty_label=_("no meeting"),
        error_messages={"invalid_choice": _("That meeting is not of this kring. Choose one from the list.")},
    )

    def __init__(self, *args: Any, kring: Kring, people: list[User], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"submission": uuid.uuid4()})
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = User.objects.filter(pk__in=[person.pk for person in people]).select_related("municipality")
        owner.label_from_instance = lambda person: (
            f"{person} ({person.municipality})" if person.municipality else str(person)
        )
        meeting: Any = self.fields["meeting"]
        meeting.queryset = kring.meetings.all()


class MemberForm(forms.Form):
    """Bring a municipality into the kring."""

    municipality = forms.ModelChoiceField(
        label=_("Municipality"),
        queryset=Municipality.objects.none(),
        error_messages={
            "required": _("Choose a municipality."),
            "invalid_choice": _("This municipality did not exist in that year. Choose one from the list."),
        },
    )
    kind = forms.ChoiceField(label=_("Takes part as"), choices=Membership.Kind.choices, initial=Membership.Kind.MEMBER)
    since = DayField(label=_("Since"), required=False, help_text=_("Leave empty for today."))

    def __init__(self, *args: Any, kring: Kring, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        municipality: Any = self.fields["municipality"]
        municipality.queryset = Municipality.objects.existing_in(kring.cycle.year).order_by("name")


class EndForm(forms.Form):
    """End a membership."""

    until = DayField(label=_("First day outside the kring"), required=False)


class OwnDateForm(forms.Form):
    """Pick the kring's own day; empty leaves it open."""

    date = DayField(label=_("Our day"), required=False)
