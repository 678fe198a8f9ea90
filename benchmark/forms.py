"""What people fill in: choosing figures, keeping peers, setting goals. Every refusal is a sentence that helps."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from benchmark import notation
from benchmark.charts import wording
from benchmark.cube import Cube, Slice
from benchmark.goal_progress import is_met
from benchmark.goals import Aim
from benchmark.groups import Choice
from benchmark.models import ComparisonGroup, Goal, Indicator
from benchmark.permissions import ALL, Viewer
from people import clock
from people.models import Municipality

FEWEST_PEERS, MOST_PEERS = 2, 40


class NumberField(forms.CharField):
    """A number as people type it: decimal comma or point, with or without unit sign."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {
        "invalid": _("“%(value)s” is not a number. Write it with digits and a comma, such as 12,5.")
    }

    def __init__(self, *, decimals: int = 2, **kwargs: Any) -> None:
        self.decimals = decimals
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> float | None:
        """Return the number, None when nothing was filled in."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return notation.parse(text)
        except notation.NotANumber as error:
            raise forms.ValidationError(self.error_messages["invalid"], "invalid", {"value": text}) from error

    def prepare_value(self, value: Any) -> Any:
        """Return the text to start with, in the reader's language."""
        if not isinstance(value, float):
            return value
        return notation.number(value, self.decimals).rstrip("0").rstrip(",.") if value % 1 else f"{value:.0f}"


class QuickSelect(forms.Select):
    """A drop-down list that writes itself.

    Django renders each option through two templates; with all municipalities in it, that takes longer than the rest
    of the page.
    """

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        """Return the list; every text is escaped. Groups of options are not for this widget."""
        del renderer
        chosen = "" if value is None else str(value)
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, mark_safe(" selected") if str(key) == chosen else "", label) for key, label in self.choices),
        )
        shown = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return format_html('<select class="utrecht-select utrecht-select--html-select"{}>{}</select>', shown, options)


class SeriesForm(forms.Form):
    """What to see of an indicator; sent with GET, so that the address holds the whole state."""

    municipality = forms.ChoiceField(label=_("Municipality"), required=False, widget=QuickSelect)
    group = forms.ChoiceField(label=_("Compare with"), required=False, widget=QuickSelect)
    report = forms.ChoiceField(label=_("Report"), required=False, widget=QuickSelect)
    first = forms.TypedChoiceField(
        label=_("From year"), required=False, coerce=int, empty_value=None, widget=QuickSelect
    )
    last = forms.TypedChoiceField(
        label=_("Up to year"), required=False, coerce=int, empty_value=None, widget=QuickSelect
    )

    def __init__(
        self, *args: Any, choices: list[Choice], part: Slice, places: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [(one.key, one.label) for one in choices]  # type: ignore[attr-defined]
        years = [(str(year), str(year)) for year in part.years.tolist()]
        for name in ("first", "last"):
            self.fields[name].choices = [("", gettext("all years")), *years]  # type: ignore[attr-defined]
        if len(part.reports) > 1:
            self.fields["report"].choices = [  # type: ignore[attr-defined]
                (name, wording.report(name)) for name in part.reports
            ]
        else:
            del self.fields["report"]
        if len(places) > 1:
            self.fields["municipality"].choices = places  # type: ignore[attr-defined]
        else:
            del self.fields["municipality"]

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and first > last:
            self.add_error(
                "last",
                gettext("The period ends (%(last)s) before it begins (%(first)s). All years are shown.")
                % {"first": first, "last": last},
            )
        return cleaned


def places_for(viewer: Viewer, cube: Cube, part: Slice) -> list[tuple[str, str]]:
    """Return the municipalities whose line this reader may see, as (code, name), by name; an empty choice first."""
    open_data = bool(part.reports) and all(
        source.is_public for at in range(len(part.reports)) for source in cube.sources_of(part, at)
    )
    everybody = viewer.named == ALL or open_data
    known: Any = (part.status >= 0).any(axis=(0, 2)) if not part.is_empty else ()
    found = [
        (place.code, place.name)
        for place, has in zip(cube.register.places, known, strict=False)
        if (has and (everybody or viewer.may_name(place.id))) or place.id in viewer.own
    ]
    return [("", gettext("none, only the group")), *sorted(found, key=lambda one: one[1])]


class PeersForm(forms.Form):
    """A group of peers, by name."""

    name = forms.CharField(label=_("Name of the group"), max_length=80)
    municipalities = forms.ModelMultipleChoiceField(
        label=_("Municipalities"),
        queryset=Municipality.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose at least two. Your own municipality may be one of them."),
        error_messages={"required": _("Choose at least two municipalities to compare with.")},
    )
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"submission": uuid.uuid4(), **(initial or {})})
        field = self.fields["municipalities"]
        field.queryset = Municipality.objects.existing_in(clock.today().year)  # type: ignore[attr-defined]

    @classmethod
    def of(cls, group: ComparisonGroup) -> PeersForm:
        """Return the form filled with a group."""
        return cls(initial={"name": group.name, "municipalities": list(group.municipalities.all())})

    def clean_municipalities(self) -> Any:
        """Refuse a group of one, and one so large that it is no choice."""
        chosen = self.cleaned_data["municipalities"]
        if not FEWEST_PEERS <= len(chosen) <= MOST_PEERS:
            raise forms.ValidationError(
                gettext("You chose %(n)s; choose between %(fewest)s and %(most)s municipalities.")
                % {"n": len(chosen), "fewest": FEWEST_PEERS, "most": MOST_PEERS}
            )
        return chosen


class GoalForm(forms.Form):
    """An improvement goal on one indicator."""

    municipality = forms.ModelChoiceField(label=_("Municipality"), queryset=Municipality.objects.none())
    title = forms.CharField(
        label=_("What do you want to reach?"),
        max_length=160,
        help_text=_("In a few words, such as: nobody waits longer than ten minutes."),
    )
    why = forms.CharField(label=_("Why?"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    baseline_value = NumberField(
        label=_("Value at the start"),
        required=False,
        help_text=_("Leave this empty if you do not know it; then progress can be judged only once the goal is met."),
    )
    baseline_year = forms.IntegerField(
        label=_("Year of the start"), required=False, min_value=1990, max_value=2100, widget=forms.TextInput
    )
    target_value = NumberField(label=_("Target"))
    target_date = forms.DateField(
        label=_("To be reached by"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    visibility = forms.ChoiceField(
        label=_("Who may see it?"), choices=Goal.Visibility.choices, widget=forms.RadioSelect
    )
    confirm_direction = forms.BooleanField(
        label=_("Yes, this is really the target, although it is the other way."), required=False
    )
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        indicator: Indicator,
        viewer: Viewer,
        goal: Goal | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        self.indicator, self.goal = indicator, goal
        self.asks_direction = False
        start: dict[str, Any] = {"visibility": Goal.Visibility.KRING, "submission": uuid.uuid4()}
        if goal is not None:
            start |= {name: getattr(goal, name) for name in Aim.__slots__}
        super().__init__(data, initial={**start, **(initial or {})})
        places = Municipality.objects.all() if viewer.is_office else Municipality.objects.filter(pk__in=viewer.own)
        field = self.fields["municipality"]
        field.queryset = places  # type: ignore[attr-defined]
        if goal is not None or (not viewer.is_office and len(viewer.own) == 1):
            del self.fields["municipality"]  # there is nothing to choose
        for name in ("baseline_value", "target_value"):
            self.fields[name].label = f"{self.fields[name].label} ({notation.unit_in_words(indicator.unit)})"
        if not self.is_bound or not self.data.get(self.add_prefix("confirm_direction")):
            self._confirm = self.fields.pop("confirm_direction")
        if goal is not None:
            del self.fields["submission"]

    def clean(self) -> dict[str, Any]:
        """Refuse what cannot be meant; ask about what is odd."""
        cleaned = super().clean() or {}
        indicator = self.indicator
        for name in ("baseline_value", "target_value"):
            value = cleaned.get(name)
            if value is not None:
                self._check_bounds(name, value)
        date, start = cleaned.get("target_date"), cleaned.get("baseline_year")
        unchanged = self.goal is not None and self.goal.target_date == date
        if date is not None and date <= clock.today() and not unchanged:
            self.add_error(
                "target_date",
                gettext("%(date)s is in the past. Choose a day after today.") % {"date": f"{date:%d-%m-%Y}"},
            )
        if date is not None and start is not None and start >= date.year:
            self.add_error(
                "baseline_year",
                gettext("The start (%(start)s) must lie before the year of the target (%(target)s).")
                % {"start": start, "target": date.year},
            )
        value = cleaned.get("baseline_value")
        if value is not None and start is None and "baseline_year" not in self.errors:
            self.add_error("baseline_year", gettext("Of which year is the value at the start? Fill in a year."))
        target = cleaned.get("target_value")
        way = {"up": 1, "down": -1}.get(indicator.direction, 0)
        wrong = value is not None and target is not None and way and not is_met(target, value, way)
        if wrong and not cleaned.get("confirm_direction"):
            self.asks_direction = True
            self.fields["confirm_direction"] = getattr(self, "_confirm", None) or self.fields["confirm_direction"]
            self.add_error(
                "confirm_direction",
                gettext(
                    "%(direction)s Your target (%(target)s) is on the other side of the start (%(start)s). "
                    "Change it, or tick the box if you mean it."
                )
                % {
                    "direction": wording.direction(indicator),
                    "target": wording.amount(target, indicator),
                    "start": wording.amount(value, indicator),
                },
            )
        return cleaned

    def _check_bounds(self, name: str, value: float) -> None:
        indicator = self.indicator
        low, high = indicator.minimum, indicator.maximum
        if indicator.kind == Indicator.Kind.PERCENTAGE:
            low, high = (0.0 if low is None else low), (100.0 if high is None else high)
        if (low is not None and value < low) or (high is not None and value > high):
            self.add_error(
                name,
                gettext("%(value)s is not possible for this indicator. Fill in a number from %(low)s to %(high)s.")
                % {
                    "value": notation.number(value, indicator.decimals),
                    "low": notation.number(low, 0) or "-∞",
                    "high": notation.number(high, 0) or "∞",
                },
            )

    @property
    def aim(self) -> Aim:
        """The goal as filled in; only of a valid form."""
        return Aim(**{name: self.cleaned_data[name] for name in Aim.__slots__})
