"""Which goals a board shows."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from benchmark.goal_progress import Standing
from benchmark.models import ComparisonGroup, Goal, Indicator
from benchmark.models.goal import GoalQuerySet
from benchmark.permissions import ALL, Viewer
from people.models import Municipality


class GoalFilter(forms.Form):
    """Which goals to show. What makes no sense is left out: a list is never refused."""

    standing = forms.ChoiceField(
        label=_("How it stands"),
        required=False,
        choices=[
            ("", _("any")),
            (Standing.REACHED, _("reached")),
            (Standing.ON_TRACK, _("on track")),
            (Standing.BEHIND, _("behind")),
            (Standing.UNKNOWN, _("unknown")),
        ],
    )
    indicator = forms.ModelChoiceField(
        label=_("Indicator"),
        required=False,
        queryset=Indicator.objects.all(),
        to_field_name="code",
        empty_label=_("any"),
    )
    municipality = forms.ModelChoiceField(
        label=_("Municipality"),
        required=False,
        queryset=Municipality.objects.none(),
        to_field_name="code",
        empty_label=_("any"),
    )
    kring = forms.ModelChoiceField(
        label=_("Kring"), required=False, queryset=ComparisonGroup.objects.none(), empty_label=_("any")
    )
    mine = forms.BooleanField(label=_("Only goals that I keep"), required=False)

    def __init__(self, data: Any, *, viewer: Viewer, members: Collection[int] | None = None) -> None:
        """Make the form.

        Args:
            data: the query string.
            viewer: who looks.
            members: the municipalities of the one kring whose goals are shown; None for a board of all goals.
        """
        super().__init__(data)
        self.viewer = viewer
        if members is None:
            del self.fields["municipality"]
        else:
            del self.fields["kring"]
            self.fields["municipality"].queryset = Municipality.objects.filter(pk__in=members)  # type: ignore[attr-defined]
        used = Goal.objects.standing().values("indicator")
        self.fields["indicator"].queryset = Indicator.objects.filter(pk__in=used)  # type: ignore[attr-defined]
        if members is None and viewer.takes_part:
            circles = ComparisonGroup.objects.filter(kind=ComparisonGroup.Kind.KRING)
            if not viewer.is_office:
                circles = circles.filter(pk__in=viewer.circles)
            self.fields["kring"].queryset = circles.order_by("name")  # type: ignore[attr-defined]
        elif members is None:
            del self.fields["kring"]
        if viewer.user_id is None:
            del self.fields["mine"]
        self.full_clean()

    def apply(self, found: GoalQuerySet) -> GoalQuerySet:
        """Keep what was asked for. Who may not see a municipality's figures finds nothing by how its goals stand."""
        given = self.cleaned_data
        if given.get("standing"):
            found = found.filter(standing=given["standing"])
            if self.viewer.named != ALL:
                found = found.filter(municipality__in=self.viewer.named | self.viewer.own)
        if given.get("indicator"):
            found = found.filter(indicator=given["indicator"])
        if given.get("municipality"):
            found = found.filter(municipality=given["municipality"])
        if given.get("kring"):
            found = found.filter(municipality__in=given["kring"].municipalities.all())
        if given.get("mine"):
            found = found.filter(owner=self.viewer.user_id)
        return found

    @property
    def address(self) -> str:
        """What was asked for as a query string, empty when nothing was."""
        return urlencode({name: self.data[name] for name in self.fields if self.data.get(name)})
