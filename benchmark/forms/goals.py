"""What people fill in about a goal. What cannot be meant is refused in a sentence; what is odd is asked about."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from benchmark import notation
from benchmark.charts import wording
from benchmark.forms.groups import NumberField
from benchmark.goal_progress import is_met
from benchmark.goals import Aim
from benchmark.models import Goal, Indicator, IndicatorVersion, Norm
from benchmark.permissions import Viewer
from people import clock
from people.models import Municipality

# A year, a colon and a number: "2010: 11,5".
STEP = re.compile(r"^\s*(\d{4})\s*[:=]\s*(-?\d+(?:[.,]\d+)?)\s*%?\s*$")
MOST_STEPS = 12


def ended_in(indicator: Indicator) -> int | None:
    """Return the first year in which an indicator is not measured any more, None when it goes on; one query."""
    last = list(IndicatorVersion.objects.filter(indicator=indicator).values_list("year_until", flat=True))[-1:]
    return last[0] if last else None


def start_from(goal: Goal) -> dict[str, Any]:
    """Return the fields of a goal as a form begins with them."""
    start = {name: getattr(goal, name) for name in Aim.__slots__}
    start["steps"] = "\n".join(f"{year}: {value:g}".replace(".", ",") for year, value in goal.steps)
    return start


@dataclass(slots=True)
class Draft:
    """What of a goal says how far it must come, and when."""

    baseline_value: float | None
    baseline_year: int | None
    target_value: float
    target_date: dt.date


class GoalForm(forms.Form):
    """An improvement goal on one indicator."""

    municipality = forms.ModelChoiceField(label=_("Municipality"), queryset=Municipality.objects.none())
    kind = forms.ChoiceField(
        label=_("What says whether it is reached?"),
        choices=Goal.Kind.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("With a figure, a norm or a survey, progress follows from the figures that come in."),
    )
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
    confirm_unknown = forms.BooleanField(label=_("Yes, set the goal without a value at the start."), required=False)
    baseline_year = forms.IntegerField(
        label=_("Year of the start"), required=False, min_value=1990, max_value=2100, widget=forms.TextInput
    )
    norm = forms.ModelChoiceField(
        label=_("Norm"),
        queryset=Norm.objects.none(),
        required=False,
        help_text=_("For a goal that is a norm: the target is that of the norm unless you fill in another."),
    )
    target_value = NumberField(label=_("Target"), required=False)
    target_date = forms.DateField(
        label=_("To be reached by"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    steps = forms.CharField(
        label=_("Targets on the way"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, as year: value, such as 2010: 11,5. Leave this empty for a straight path."),
    )
    learning_goal = forms.CharField(
        label=_("What do you want to learn?"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    success_factor = forms.ChoiceField(
        label=_("Which success factor does it serve?"),
        choices=[("", _("none in particular")), *Goal.SuccessFactor.choices],
        required=False,
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
        self._asked: dict[str, forms.Field] = {}
        start: dict[str, Any] = {
            "visibility": Goal.Visibility.KRING,
            "kind": Goal.Kind.FIGURE,
            "submission": uuid.uuid4(),
        }
        if goal is not None:
            start |= start_from(goal)
        super().__init__(data, initial={**start, **(initial or {})})
        places = Municipality.objects.all() if viewer.is_office else Municipality.objects.filter(pk__in=viewer.own)
        field = self.fields["municipality"]
        field.queryset = places  # type: ignore[attr-defined]
        if goal is not None or (not viewer.is_office and len(viewer.own) == 1):
            del self.fields["municipality"]  # there is nothing to choose
        for name in ("baseline_value", "target_value"):
            self.fields[name].label = f"{self.fields[name].label} ({notation.unit_in_words(indicator.unit)})"
        for name in ("confirm_direction", "confirm_unknown"):
            if not self.is_bound or not self.data.get(self.add_prefix(name)):
                self._asked[name] = self.fields.pop(name)
        place = goal.municipality_id if goal is not None else None
        own = [place] if place is not None else list(viewer.own)
        norms = Norm.objects.filter(indicator=indicator).filter(Q(municipality__isnull=True) | Q(municipality__in=own))
        if norms.exists():
            self.fields["norm"].queryset = norms  # type: ignore[attr-defined]
        else:
            del self.fields["norm"]
        if goal is not None:
            del self.fields["submission"]

    def clean_kind(self) -> str:
        """Return the kind; a form that does not ask means a figure."""
        return self.cleaned_data["kind"] or Goal.Kind.FIGURE

    def clean_steps(self) -> tuple[tuple[int, float], ...]:
        """Return (year, value) ascending."""
        found: dict[int, float] = {}
        for number, line in enumerate(self.cleaned_data["steps"].splitlines(), 1):
            if not line.strip():
                continue
            read = STEP.match(line)
            if read is None:
                raise forms.ValidationError(
                    gettext("Line %(number)s (“%(line)s”) is not a year, a colon and a number, such as 2010: 11,5.")
                    % {"number": number, "line": line.strip()[:40]}
                )
            year = int(read[1])
            if year in found:
                raise forms.ValidationError(gettext("The year %(year)s stands there twice.") % {"year": year})
            found[year] = notation.parse(read[2])
        if len(found) > MOST_STEPS:
            raise forms.ValidationError(
                gettext("At most %(most)s targets on the way; you filled in %(count)s.")
                % {"most": MOST_STEPS, "count": len(found)}
            )
        return tuple(sorted(found.items()))

    def clean(self) -> dict[str, Any]:
        """Refuse what cannot be meant; ask about what is odd."""
        cleaned = super().clean() or {}
        cleaned.setdefault("norm", None)
        self._check_date(cleaned)
        if cleaned.get("kind") == Goal.Kind.DELIVERABLE:
            # There or not: nothing to measure, and no path.
            cleaned |= {"baseline_value": None, "baseline_year": None, "target_value": 1.0, "steps": (), "norm": None}
            return cleaned
        self._check_kind(cleaned)
        if cleaned.get("target_value") is None and "target_value" not in self.errors:
            self.add_error("target_value", gettext("What should the figure become? Fill in a number."))
        for name in ("baseline_value", "target_value"):
            value = cleaned.get(name)
            if value is not None:
                self._check_bounds(name, value)
        self._check_start(cleaned)
        self._check_steps(cleaned)
        self._check_direction(cleaned)
        return cleaned

    def _check_date(self, cleaned: dict[str, Any]) -> None:
        date = cleaned.get("target_date")
        if date is None or (self.goal is not None and self.goal.target_date == date):
            return
        if date <= clock.today():
            self.add_error(
                "target_date",
                gettext("%(date)s is in the past. Choose a day after today.") % {"date": f"{date:%d-%m-%Y}"},
            )
        ended = ended_in(self.indicator)
        if ended is not None and ended <= date.year and cleaned.get("kind") != Goal.Kind.DELIVERABLE:
            self.add_error(
                "target_date",
                gettext(
                    "This indicator is not measured any more from %(year)s on, so nobody could see whether the goal is "
                    "reached. Choose an earlier day or another indicator."
                )
                % {"year": ended},
            )

    def _check_kind(self, cleaned: dict[str, Any]) -> None:
        kind, norm = cleaned.get("kind"), cleaned.get("norm")
        if kind == Goal.Kind.NORM and norm is None and "norm" not in self.errors:
            self.add_error(
                "norm" if "norm" in self.fields else "kind",
                gettext("Which norm do you want to meet? Choose one.")
                if "norm" in self.fields
                else gettext("There is no norm for this indicator. Choose “a figure”."),
            )
        if kind == Goal.Kind.NORM and norm is not None and cleaned.get("target_value") is None:
            cleaned["target_value"] = norm.value
        if kind != Goal.Kind.NORM:
            cleaned["norm"] = None
        if kind == Goal.Kind.SURVEY and self.indicator.kind not in {Indicator.Kind.GRADE, Indicator.Kind.EFFORT}:
            self.add_error(
                "kind", gettext("This indicator does not come from a survey among customers. Choose “a figure”.")
            )

    def _check_start(self, cleaned: dict[str, Any]) -> None:
        date, start, value = cleaned.get("target_date"), cleaned.get("baseline_year"), cleaned.get("baseline_value")
        if date is not None and start is not None and start >= date.year:
            self.add_error(
                "baseline_year",
                gettext("The start (%(start)s) must lie before the year of the target (%(target)s).")
                % {"start": start, "target": date.year},
            )
        if value is not None and start is None and "baseline_year" not in self.errors:
            self.add_error("baseline_year", gettext("Of which year is the value at the start? Fill in a year."))
        if value is None and "baseline_value" not in self.errors and self.goal is None:
            self._ask(
                cleaned,
                "confirm_unknown",
                gettext(
                    "Without a value at the start nobody can say whether you are on track until the target is met. "
                    "Fill it in, or tick the box if it is not known."
                ),
            )

    def _check_steps(self, cleaned: dict[str, Any]) -> None:
        date, start, steps = cleaned.get("target_date"), cleaned.get("baseline_year"), cleaned.get("steps") or ()
        if not steps or date is None:
            return
        if start is None:
            self.add_error("steps", gettext("Targets on the way need a start: fill in its year and value."))
            return
        outside = [year for year, _value in steps if not start < year < date.year]
        if outside:
            self.add_error(
                "steps",
                gettext("%(years)s does not lie between the start (%(start)s) and the target (%(target)s).")
                % {"years": ", ".join(map(str, outside)), "start": start, "target": date.year},
            )
        for _year, value in steps:
            self._check_bounds("steps", value)

    def _check_direction(self, cleaned: dict[str, Any]) -> None:
        value, target = cleaned.get("baseline_value"), cleaned.get("target_value")
        way = {"up": 1, "down": -1}.get(self.indicator.direction, 0)
        if value is not None and target is not None and way and not is_met(target, value, way):
            self._ask(
                cleaned,
                "confirm_direction",
                gettext(
                    "%(direction)s Your target (%(target)s) is on the other side of the start (%(start)s). "
                    "Change it, or tick the box if you mean it."
                )
                % {
                    "direction": wording.direction(self.indicator),
                    "target": wording.amount(target, self.indicator),
                    "start": wording.amount(value, self.indicator),
                },
            )

    def _ask(self, cleaned: dict[str, Any], name: str, question: str) -> None:
        """Ask about what is odd, with a box to tick; nothing is asked when it was ticked."""
        if cleaned.get(name):
            return
        if name in self._asked:
            self.fields[name] = self._asked[name]
        self.add_error(name, question)

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
    def draft(self) -> Draft | None:
        """Start, target and date as far as they are filled in, right or not; None without a target and a date."""
        known = self.cleaned_data if self.is_bound else self.initial
        target, date = known.get("target_value"), known.get("target_date")
        if known.get("kind") == Goal.Kind.DELIVERABLE or target is None or date is None:
            return None
        return Draft(known.get("baseline_value"), known.get("baseline_year"), target, date)

    @property
    def aim(self) -> Aim:
        """The goal as filled in; only of a valid form."""
        return Aim(**{name: self.cleaned_data[name] for name in Aim.__slots__})
