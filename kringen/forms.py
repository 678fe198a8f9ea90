"""What can be filled in about a kring. Every refusal is a sentence: what is wrong and what to do."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from benchmark.models import Cycle
from kringen.meetings import agenda_templates
from kringen.meetings.agendas import MOST_ITEMS, AgendaLine
from kringen.meetings.meetings import MeetingDetails
from kringen.models import AgendaItem, Kring, Meeting, Membership, Milestone
from kringen.year.years import Moment
from people.models import Municipality, User


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


class FromUntilForm(forms.Form):
    """Something that begins and ends on a day."""

    def clean(self) -> dict[str, Any]:
        """Refuse a meeting that ends before it starts."""
        data = super().clean() or self.cleaned_data
        start, end = data.get("starts_at"), data.get("ends_at")
        if start and end and end <= start:
            self.add_error(
                "ends_at", _("The meeting ends before it starts. Choose a later end time, or leave it empty.")
            )
        return data


class MeetingForm(FromUntilForm):
    """Plan or change a meeting."""

    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(
        label=_("Title"), max_length=120, error_messages={"required": _("Give the meeting a title.")}
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Meeting.Kind.choices,
        required=False,
        help_text=_("Decides who is asked, and who may read about it."),
    )
    municipality = forms.ModelChoiceField(
        label=_("About which municipality"),
        queryset=Municipality.objects.none(),
        required=False,
        empty_label=_("not about one municipality"),
        help_text=_("Only for an interpretation talk."),
        error_messages={"invalid_choice": _("That municipality is not in this kring. Choose one from the list.")},
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
    capacity = forms.IntegerField(
        label=_("Places"),
        min_value=1,
        max_value=1000,
        required=False,
        help_text=_("How many people fit in. Who comes later is put on a waiting list. Empty: no limit."),
        error_messages={
            "invalid": _("Write the number of places as a whole number, such as 24."),
            "min_value": _("There must be at least one place. Leave it empty when there is no limit."),
            "max_value": _("More than 1000 places is no kring. Leave it empty when there is no limit."),
        },
    )
    theme = forms.CharField(label=_("Theme"), max_length=160, required=False)
    agenda_from = forms.ChoiceField(label=_("Begin with"), required=False)

    def __init__(self, *args: Any, kring: Kring, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        municipality: Any = self.fields["municipality"]
        municipality.queryset = Municipality.objects.filter(memberships__kring=kring).order_by("name")
        if is_new:
            agenda_from: Any = self.fields["agenda_from"]
            agenda_from.choices = agenda_templates.choices(kring.meetings.for_the_circle().order_by("number"))
        else:
            del self.fields["agenda_from"]

    @classmethod
    def for_new(cls, kring: Kring, like: Meeting | None = None) -> MeetingForm:
        """Return a form with a name and an id of its own: sent twice, it makes one meeting.

        Args:
            kring: whose meeting.
            like: an earlier meeting to copy from: everything but its number, its day and who came.
        """
        number = (kring.meetings.order_by("-number").values_list("number", flat=True).first() or 0) + 1
        title = _("Kring meeting %(number)s") % {"number": number}
        initial: dict[str, Any] = {"title": title, "theme": kring.theme}
        if like is not None:
            copied = ("kind", "municipality", "starts_at", "ends_at", "place", "video_link", "capacity", "theme")
            initial |= {field: getattr(like, field) for field in copied}
            initial["agenda_from"] = f"{agenda_templates.COPY}{like.number}"
        return cls(initial={**initial, "submission": uuid.uuid4()}, kring=kring)

    @classmethod
    def for_existing(cls, meeting: Meeting) -> MeetingForm:
        """Return the form filled with what is known."""
        fields = ("title", "kind", "municipality", "date", "starts_at", "ends_at", "place", "video_link")
        initial = {field: getattr(meeting, field) for field in (*fields, "capacity", "theme")}
        return cls(initial=initial, kring=meeting.kring, is_new=False)

    def details(self) -> MeetingDetails:
        """Return what was filled in."""
        apart = {"submission", "agenda_from"}
        data = {key: value for key, value in self.cleaned_data.items() if key not in apart}
        return MeetingDetails(**{**data, "kind": data["kind"] or Meeting.Kind.KRING})


class SeriesRowForm(FromUntilForm):
    """One meeting of a series; without a tick it is not planned."""

    wanted = forms.BooleanField(label=_("Plan this one"), required=False)
    title = forms.CharField(
        label=_("Title"), max_length=120, error_messages={"required": _("Give the meeting a title.")}
    )
    date = DayField(label=_("Date"))
    starts_at = ClockField(label=_("From"), required=False)
    ends_at = ClockField(label=_("Until"), required=False)
    place = forms.CharField(label=_("Place"), max_length=160, required=False)

    def details(self, theme: str) -> MeetingDetails:
        """Return what was filled in."""
        data = {key: value for key, value in self.cleaned_data.items() if key != "wanted"}
        return MeetingDetails(**data, theme=theme)


SeriesFormSet = forms.formset_factory(SeriesRowForm, extra=0, max_num=12, validate_max=True, absolute_max=13)


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
    AgendaItemForm,
    formset=BaseAgendaFormSet,
    extra=0,
    max_num=MOST_ITEMS,
    validate_max=True,
    absolute_max=MOST_ITEMS + 1,
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


class ChangeActionForm(forms.Form):
    """Who does it, and by when."""

    owner = forms.ModelChoiceField(
        label=_("Who"),
        queryset=User.objects.none(),
        error_messages={
            "required": _("Choose who does it."),
            "invalid_choice": _("This person does not take part in the kring. Choose somebody from the list."),
        },
    )
    due_on = DayField(label=_("By"), required=False, help_text=_("Leave empty when there is no date."))

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = User.objects.filter(pk__in=[person.pk for person in people]).select_related("municipality")
        owner.label_from_instance = lambda person: (
            f"{person} ({person.municipality})" if person.municipality else str(person)
        )


class ActionForm(ChangeActionForm):
    """Write down a promise, with the meeting and the agenda item it comes from."""

    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label=_("What"), max_length=240, error_messages={"required": _("Write down what will be done.")}
    )
    meeting = forms.ModelChoiceField(
        label=_("Promised at"),
        queryset=Meeting.objects.none(),
        required=False,
        empty_label=_("no meeting"),
        error_messages={"invalid_choice": _("That meeting is not of this kring. Choose one from the list.")},
    )
    item = forms.ModelChoiceField(
        label=_("Agenda item"),
        queryset=AgendaItem.objects.none(),
        required=False,
        empty_label=_("no item"),
        error_messages={"invalid_choice": _("That agenda item is not of this kring. Choose one from the list.")},
    )
    field_order = ("submission", "text", "owner", "due_on", "meeting", "item")

    def __init__(self, *args: Any, kring: Kring, people: list[User], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"submission": uuid.uuid4()})
        super().__init__(*args, people=people, **kwargs)
        meeting: Any = self.fields["meeting"]
        meeting.queryset = kring.meetings.for_the_circle()
        item: Any = self.fields["item"]
        item.queryset = AgendaItem.objects.filter(meeting__in=meeting.queryset).select_related("meeting")
        item.label_from_instance = lambda one: f"{one.meeting}: {one}"


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


class CloneForm(forms.Form):
    """Make a new year out of an earlier one."""

    cycle = forms.ModelChoiceField(
        label=_("Out of"),
        queryset=Cycle.objects.order_by("-year"),
        empty_label=None,
        error_messages={"required": _("Choose a year to begin with.")},
    )
    year = forms.IntegerField(
        label=_("New year"), error_messages={"invalid": _("Write the year in four digits, such as 2010.")}
    )
    with_kringen = forms.BooleanField(
        label=_("Also the kringen, with the municipalities in them today"),
        required=False,
        help_text=_("People are invited anew; meetings and intakes stay with the old year."),
    )


class MilestoneForm(forms.Form):
    """Add or change a milestone."""

    title = forms.CharField(
        label=_("Title"), max_length=120, error_messages={"required": _("Give the milestone a title.")}
    )
    precision = forms.ChoiceField(
        label=_("How precise"),
        choices=Milestone.Precision.choices,
        help_text=_("Exact: one day. Window: a kring picks its own day in it. Vague: as it was announced."),
    )
    date_from = DayField(label=_("First day"))
    date_to = DayField(label=_("Last day"), required=False, help_text=_("Leave empty for one day."))
    label = forms.CharField(
        label=_("As announced"), max_length=80, required=False, help_text=_("Such as: mid September.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Milestone.Kind.choices, initial=Milestone.Kind.OTHER)
    actor = forms.ChoiceField(label=_("Whose turn"), choices=Milestone.Actor.choices, initial=Milestone.Actor.ALL)

    @classmethod
    def of(cls, milestone: Milestone) -> dict[str, Any]:
        """Return what is known of a milestone as the form shows it."""
        shown = {field: getattr(milestone, field) for field in cls.base_fields}
        if milestone.date_to == milestone.date_from:
            shown["date_to"] = None
        return shown

    def moment(self) -> Moment:
        """Return what was filled in."""
        return Moment(**self.cleaned_data)
