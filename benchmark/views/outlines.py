"""The page on which the office brings in the outlines of the map."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from benchmark import outlines
from benchmark.models import Outline
from benchmark.outlines import OutlineRefused
from benchmark.permissions import can_keep_outlines
from people.requests import PersonRequest

FIRST_YEAR, LAST_YEAR = 1980, 2100


class OutlineForm(forms.Form):
    """A GeoJSON file, of which year it is and where it comes from."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("GeoJSON with an area per municipality and its code, such as GM0534; at most 40 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".geojson,.json"}),
    )
    year = forms.IntegerField(label=gettext_lazy("Year of the boundaries"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=200, help_text=gettext_lazy("As it must be quoted under the map.")
    )

    def clean_file(self) -> UploadedFile:
        """Refuse what is too large before anybody reads it."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > outlines.MOST_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB. Choose a simplified outline file."),
                params={"limit": outlines.MOST_BYTES >> 20},
            )
        return file


def for_the_office(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let the office in; for all others the page does not exist."""

    @login_required
    @wraps(view)
    def guarded(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can_keep_outlines(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@for_the_office
@require_http_methods(["GET", "POST"])
def outlines_page(request: PersonRequest) -> HttpResponse:
    """Show the outlines there are and take a new file; a file of a year takes the place of the other."""
    form = OutlineForm(request.POST, request.FILES) if request.method == "POST" else OutlineForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            kept = outlines.keep(
                by=request.user,
                content=file.read(),
                file_name=file.name,
                year=form.cleaned_data["year"],
                source=form.cleaned_data["source"],
            )
        except OutlineRefused as why:
            form.add_error("file", " ".join([str(why), _("Nothing was kept.")]))
        else:
            messages.success(
                request,
                _("The outlines of %(n)s municipalities are kept, in %(points)s points.")
                % {"n": kept.count, "points": kept.points},
            )
            return redirect("benchmark:outlines")
    status = 422 if form.is_bound and form.errors else 200
    kept_now = Outline.objects.defer("areas").select_related("uploaded_by")
    return render(request, "benchmark/outlines.html", {"form": form, "outlines": kept_now}, status=status)


@for_the_office
@require_POST
def outline_drop(request: PersonRequest, pk: int) -> HttpResponse:
    """Throw an outline file away."""
    outline = get_object_or_404(Outline.objects.defer("areas"), pk=pk)
    outlines.drop(by=request.user, outline=outline)
    messages.success(request, _("The outlines of %(year)s are gone.") % {"year": outline.year})
    return redirect("benchmark:outlines")
