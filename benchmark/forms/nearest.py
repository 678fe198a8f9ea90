"""What somebody fills in to find their peers; sent with GET, so that the address holds the search."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from benchmark.forms.groups import QuickSelect
from benchmark.nearest import FEWEST, HEAVIEST, MOST, Traits


class NearestForm(forms.Form):
    """Of whom, how many, and how much every feature counts."""

    of = forms.ChoiceField(label=_("Municipality"), widget=QuickSelect)
    count = forms.IntegerField(label=_("How many"), min_value=FEWEST, max_value=MOST, initial=FEWEST)

    def __init__(self, data: Any, *, known: Traits, home: int | None) -> None:
        self.known = known
        places = sorted(known.places.values(), key=lambda one: one.name)
        start: dict[str, Any] = {
            "of": known.places[home].code if home in known.places else (places[0].code if places else ""),
            "count": FEWEST,
            **{f"w_{one.key}": one.weight for one in known.features},
        }
        given = {name: data[name] for name in data if name in start}
        super().__init__({**start, **given})
        self.fields["of"].choices = [(one.code, one.name) for one in places]  # type: ignore[attr-defined]
        for one in known.features:
            self.fields[f"w_{one.key}"] = forms.IntegerField(
                label=str(one.label),
                min_value=0,
                max_value=HEAVIEST,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )

    @property
    def weights(self) -> dict[str, float]:
        """How much every feature counts."""
        return {one.key: float(self.cleaned_data[f"w_{one.key}"]) for one in self.known.features}

    def clean(self) -> dict[str, Any]:
        """Refuse a search in which nothing counts."""
        cleaned = super().clean() or {}
        names = [f"w_{one.key}" for one in self.known.features]
        if all(name in cleaned for name in names) and not any(cleaned[name] for name in names):
            raise forms.ValidationError(_("Let at least one feature count: give it a weight above 0."))
        return cleaned


class KeepNearestForm(forms.Form):
    """A name for what was found, and for which kring it is frozen, if any."""

    name = forms.CharField(label=_("Name of the group"), max_length=80)
    circle = forms.TypedChoiceField(label=_("Keep for"), coerce=int, empty_value=None, required=False)
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, circles: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(data, initial={"submission": uuid.uuid4(), **kwargs.pop("initial", {})}, **kwargs)
        if circles:
            self.fields["circle"].choices = [("", _("myself")), *circles]  # type: ignore[attr-defined]
        else:
            del self.fields["circle"]
