"""Pages on which somebody says once what the columns of a kind of file are."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from benchmark.forms.profiles import ColumnForm, ProfileForm
from benchmark.imports import building, uploads
from benchmark.models import ImportProfile, Indicator
from benchmark.permissions import can_import_measurements, edited_by
from benchmark.views.imports import for_importers
from people.models import Municipality
from people.tables import TableRefused, read_table

MOST_COLUMNS = 60
SHOWN = 4


@for_importers
@require_http_methods(["GET", "POST"])
def profile_new(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask of each column of an uploaded file what it is, and keep the answers for next year."""
    user: Any = request.user
    upload = uploads.find(key=key, user=user)
    if upload is None or upload.is_done:
        raise Http404
    try:
        with upload.path.open("rb") as file:
            samples = building.samples(read_table(file, name=upload.name))
    except TableRefused as refused:
        messages.error(request, str(refused))
        return redirect("benchmark:import_preview", key=key)
    data = request.POST if request.method == "POST" else None
    places = (
        Municipality.objects.all()
        if can_import_measurements(user)
        else Municipality.objects.filter(pk__in=edited_by(user))
    )
    columns = [ColumnForm(data, at, sample) for at, sample in enumerate(samples[:MOST_COLUMNS])]
    form = ProfileForm(data, municipalities=places)
    if data is not None and all([form.is_valid(), *(column.is_valid() for column in columns)]):
        problem = _lack(form, columns)
        if not problem:
            told = building.describe(
                title=form.cleaned_data["title"],
                columns=[
                    *(column.said for column in columns),
                    *(building.Said(one.title) for one in samples[MOST_COLUMNS:]),
                ],
                fixed=form.fixed,
            )
            owner = None if can_import_measurements(user) else places.first()
            row = building.save(told=told, municipality=owner, by=user)
            upload.profile, upload.state, upload.outcome = row.name, "waiting", None
            upload.save()
            messages.success(
                request,
                _("“%(title)s” was kept. Files with these columns are read this way from now on.")
                % {"title": row.title},
            )
            return redirect("benchmark:import_preview", key=key)
        form.add_error(None, problem)
    context = {
        "upload": upload,
        "key": key,
        "form": form,
        "columns": [(column, column.sample.texts[:SHOWN]) for column in columns],
        "codes": Indicator.objects.values_list("code", "name"),
        "left": max(len(samples) - MOST_COLUMNS, 0),
    }
    return render(request, "benchmark/profile_form.html", context, status=200 if data is None else 422)


def _lack(form: ProfileForm, columns: list[ColumnForm]) -> str:
    """Return what is still missing to read a file, in a sentence; empty when nothing is."""
    said = [column.said.what for column in columns]
    double = next((what for what in said if what not in {building.IGNORE, building.WIDE} and said.count(what) > 1), "")
    if double:
        return _("Two columns are the same. Choose one of them, and pass the other over.")
    there = set(said) | set(form.fixed)
    if "municipality" not in there:
        return _("Say which column has the municipality, or choose one municipality for all rows.")
    if "year" not in there:
        return _("Say which column has the year, or write one year for all rows.")
    if building.WIDE not in there and not {"indicator", "value"} <= there:
        return _("Say which columns have the indicator and the value, or which column has the values of one indicator.")
    if building.WIDE in there and {"indicator", "value"} & there:
        return _("Either each row names its indicator, or each indicator has a column. Choose one of the two.")
    return ""


@for_importers
def profile_toml(request: HttpRequest, name: str) -> HttpResponse:
    """Give a profile as the file that the command line and other sites read."""
    row = get_object_or_404(ImportProfile.objects.visible_to(request.user), name=name)
    return HttpResponse(
        row.toml,
        content_type="application/toml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{row.name}.toml"'},
    )


@for_importers
@require_POST
def profile_drop(request: HttpRequest, name: str) -> HttpResponse:
    """Throw a profile away; an editor only one of the own municipality."""
    rows = ImportProfile.objects.visible_to(request.user)
    if not can_import_measurements(request.user):
        rows = rows.filter(municipality__in=edited_by(request.user))
    row = get_object_or_404(rows, name=name)
    row.delete()
    messages.success(request, _("“%(title)s” is gone. What came in with it stays.") % {"title": row.title})
    return redirect("benchmark:import_list")
