"""What each column of a file is, as a form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from benchmark import notation
from benchmark.imports.building import IGNORE, WIDE, Said, Sample
from benchmark.models import Indicator
from people.models import Municipality

WHAT = [
    (IGNORE, _("Pass over")),
    ("municipality", _("Municipality (code or name)")),
    ("year", _("Year")),
    ("indicator", _("Indicator (code)")),
    ("report", _("Report")),
    ("value", _("Value")),
    (WIDE, _("Values of one indicator")),
    ("numerator", _("Numerator")),
    ("denominator", _("Denominator")),
    ("n", _("Number of answers")),
    ("lower", _("Lower bound")),
    ("upper", _("Upper bound")),
    ("status", _("Status")),
    ("reason", _("Why missing")),
    ("source", _("Source")),
]
DECIMALS = [("", _("See it from the column")), ("comma", _("Comma: 12,5")), ("point", _("Point: 12.5"))]


class ColumnForm(forms.Form):
    """One column."""

    what = forms.ChoiceField(label=_("What it is"), choices=WHAT, required=False)
    indicator = forms.CharField(
        label=_("Indicator"), required=False, max_length=60, widget=forms.TextInput(attrs={"list": "indicator-codes"})
    )
    decimal = forms.ChoiceField(label=_("Decimals"), choices=DECIMALS, required=False)
    factor = forms.CharField(label=_("Multiply by"), required=False, max_length=20)
    sentinels = forms.CharField(label=_("Means missing"), required=False, max_length=60)

    def __init__(self, data: Any, at: int, sample: Sample) -> None:
        super().__init__(data, prefix=f"c{at}", initial={"what": sample.guess})
        self.sample = sample
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = f"{sample.title}: {field.label}"
            field.widget.attrs.setdefault(
                "class", "utrecht-select" if name in {"what", "decimal"} else "utrecht-textbox"
            )

    def clean_factor(self) -> float:
        """A number, 1 when nothing is said."""
        return self._number(self.cleaned_data["factor"], 1.0)

    def clean_sentinels(self) -> tuple[float, ...]:
        """Numbers between spaces or semicolons."""
        written = self.cleaned_data["sentinels"].replace(";", " ").split()
        return tuple(self._number(one, 0.0) for one in written)

    def _number(self, written: str, nothing: float) -> float:
        try:
            return notation.parse(written) if written.strip() else nothing
        except notation.NotANumber as problem:
            raise forms.ValidationError(_("Write a number, such as 1000 or -99998.")) from problem

    def clean(self) -> dict[str, Any]:
        """A column of values needs its indicator."""
        said = super().clean() or {}
        if said.get("what") == WIDE and not Indicator.objects.filter(code=said.get("indicator", "")).exists():
            self.add_error("indicator", _("Choose the indicator whose values stand in this column, by its code."))
        return said

    @property
    def said(self) -> Said:
        """What was said."""
        told = self.cleaned_data
        return Said(
            self.sample.title, told["what"], told["indicator"], told["decimal"], told["factor"], told["sentinels"]
        )


class ProfileForm(forms.Form):
    """The name of a way to read files, and what every row of them says."""

    title = forms.CharField(label=_("Name"), max_length=80, help_text=_("Such as: counts of the front desk."))
    year = forms.RegexField(
        r"^[0-9]{4}$", label=_("Year of all rows"), required=False, help_text=_("When no column has the year.")
    )
    municipality = forms.ModelChoiceField(
        Municipality.objects.none(),
        to_field_name="code",
        label=_("Municipality of all rows"),
        required=False,
        help_text=_("When no column has the municipality."),
    )

    def __init__(self, data: Any, *, municipalities: Any) -> None:
        super().__init__(data)
        self.fields["municipality"].queryset = municipalities  # type: ignore[attr-defined]

    @property
    def fixed(self) -> dict[str, str]:
        """What every row says."""
        told = {
            "year": self.cleaned_data["year"],
            "municipality": getattr(self.cleaned_data["municipality"], "code", ""),
        }
        return {key: said for key, said in told.items() if said}
