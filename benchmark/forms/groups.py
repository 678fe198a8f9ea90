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

from benchmark import notation, showing
from benchmark.charts import wording
from benchmark.cube import Cube, Slice
from benchmark.groups import Choice
from benchmark.models import ComparisonGroup
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
    statistic = forms.ChoiceField(label=_("The group as"), required=False, widget=QuickSelect)
    boundaries = forms.ChoiceField(label=_("Boundaries"), required=False, widget=QuickSelect)
    show = forms.ChoiceField(label=_("List by name"), required=False, widget=QuickSelect)
    kind = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, choices: list[Choice], part: Slice, places: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [(one.key, one.label) for one in choices]  # type: ignore[attr-defined]
        self.fields["statistic"].choices = showing.statistics()  # type: ignore[attr-defined]
        self.fields["boundaries"].choices = [  # type: ignore[attr-defined]
            ("", gettext("of each year")),
            ("now", gettext("of now")),
        ]
        self._offer_to_show(choices, dict(places))
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

    def _offer_to_show(self, choices: list[Choice], names: dict[str, str]) -> None:
        """Offer the groups whose members are known, and the municipalities that the address names."""
        offered = [(one.key, one.label) for one in choices if one.group is not None]
        asked = self.data.get("show", "")
        if asked and asked not in dict(offered):
            codes = [code.strip().upper() for code in asked.split(",")]
            offered.append((asked, ", ".join(names.get(code, code) for code in codes)))
        if offered:
            self.fields["show"].choices = [  # type: ignore[attr-defined]
                ("", gettext("those compared with")),
                *offered,
            ]
        else:
            del self.fields["show"]

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
