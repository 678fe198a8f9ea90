"""What an indicator meant over the years, kept by the office."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from benchmark import definitions
from benchmark.models import Indicator, IndicatorVersion
from benchmark.permissions import can_edit_definitions


class VersionForm(forms.ModelForm[IndicatorVersion]):
    """From a year on the indicator means something else."""

    class Meta:
        model = IndicatorVersion
        fields = ("year_from", "year_until", "name", "definition", "what_changed", "is_break")
        widgets = {"definition": forms.Textarea(attrs={"rows": 3})}

    def clean(self) -> dict[str, Any]:
        """A break must be explained, and a version has a beginning or an end."""
        said = super().clean() or {}
        start, end = said.get("year_from"), said.get("year_until")
        if start is None and end is None:
            self.add_error("year_from", gettext_lazy("Write from or until which year this holds."))
        if start is not None and end is not None and end <= start:
            self.add_error("year_until", gettext_lazy("A version ends after it begins."))
        if start is not None and said.get("is_break") and not said.get("what_changed"):
            self.add_error(
                "what_changed", gettext_lazy("Say in one sentence what changed; readers see it in the chart.")
            )
        if self.instance.indicator.versions.filter(year_from=start).exclude(pk=self.instance.pk).exists():
            self.add_error("year_from", gettext_lazy("There is a version from this year already."))
        return said


@login_required
@require_http_methods(["GET", "POST"])
def versions(request: HttpRequest, code: str) -> HttpResponse:
    """Show what an indicator meant over the years; the office adds and removes versions."""
    user: Any = request.user
    if not can_edit_definitions(user):
        raise Http404
    indicator = get_object_or_404(Indicator, code=code)
    if drop := request.POST.get("drop"):
        row = get_object_or_404(indicator.versions, pk=int(drop) if drop.isdecimal() else 0)
        definitions.forget(version=row)
        messages.success(request, _("The version is gone."))
        return redirect("benchmark:versions", code=code)
    data = request.POST if request.method == "POST" else None
    form = VersionForm(data, instance=IndicatorVersion(indicator=indicator))
    if form.is_valid():
        definitions.keep(version=form.instance)
        messages.success(request, _("The version is kept. Charts show the break from now on."))
        return redirect("benchmark:versions", code=code)
    context = {"indicator": indicator, "versions": indicator.versions.all(), "form": form}
    return render(request, "benchmark/versions.html", context, status=422 if form.errors else 200)
