"""Pages on which validators and the office bring figures in, and take them back."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from benchmark import imports
from benchmark.import_forms import UploadForm
from benchmark.imports import uploads
from benchmark.models import ImportBatch
from benchmark.permissions import can_import_measurements
from people.tables import TableRefused, read_table, text

PAGE = 20
FIRST_ROWS = 8


def for_importers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let validators and the office in; for all others the page does not exist."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can_import_measurements(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@for_importers
@require_http_methods(["GET", "POST"])
def import_list(request: HttpRequest) -> HttpResponse:
    """Show the imports so far and take a new file."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        upload = uploads.keep(
            file=form.cleaned_data["file"],
            profile=form.cleaned_data["profile"],
            user=request.user,  # type: ignore[arg-type]
        )
        return redirect("benchmark:import_preview", key=uuid.UUID(upload.key))
    batches = Paginator(ImportBatch.objects.select_related("dataset", "imported_by"), PAGE)
    page = batches.get_page(request.GET.get("page"))
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "benchmark/import_list.html", {"form": form, "page": page}, status=status)


@for_importers
@require_http_methods(["GET", "POST"])
def import_preview(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show what a file says and what it would change; on POST, import it."""
    upload = uploads.find(key=key, user=request.user)  # type: ignore[arg-type]
    if upload is None:
        raise Http404
    if upload.is_done:
        return _after(request, upload)
    confirmed = request.method == "POST"
    context: dict[str, Any] = {"upload": upload}
    try:
        with upload.path.open("rb") as file:
            summary = imports.run(
                file,
                name=upload.name,
                profile=upload.profile or None,
                user=request.user if confirmed else None,  # type: ignore[arg-type]
                dry_run=not confirmed,
            )
    except imports.ImportRefused as refused:
        context["refused"] = refused
    except FileNotFoundError:
        # the same form was sent twice and the other one is through already
        done = uploads.find(key=key, user=request.user)  # type: ignore[arg-type]
        if done is None:
            raise Http404 from None
        return _after(request, done)
    else:
        if confirmed:
            upload.close(batch=summary.batch or summary.already)
            messages.success(request, summary.headline)
            return _after(request, upload)
        context["summary"] = summary
    context |= _first_rows(upload)
    return render(request, "benchmark/import_preview.html", context, status=422 if confirmed else 200)


def _after(request: HttpRequest, upload: uploads.Upload) -> HttpResponse:
    if upload.batch is None:
        return redirect("benchmark:import_list")
    return redirect("benchmark:import_batch", pk=upload.batch)


def _first_rows(upload: uploads.Upload) -> dict[str, Any]:
    """Return the top of the file as it stands there, as far as it can be read."""
    try:
        with upload.path.open("rb") as file:
            table = read_table(file, name=upload.name)
            rows = [(number, [text(cell) for cell in cells]) for number, cells in _some(table.rows)]
    except TableRefused:
        return {}
    return {"header": table.header, "rows": rows, "separator": _separator(table.separator), "sheet": table.sheet}


def _some(rows: Any) -> Any:
    return itertools.islice(rows, FIRST_ROWS)


def _separator(mark: str) -> str:
    words = {",": _("comma"), ";": _("semicolon"), "\t": _("tab")}
    return words.get(mark, "")


@for_importers
def import_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one import: what it brought and how the file was understood."""
    batch = get_object_or_404(ImportBatch.objects.select_related("dataset", "imported_by"), pk=pk)
    return render(request, "benchmark/import_batch.html", {"batch": batch})


@for_importers
@require_POST
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an import back."""
    batch = get_object_or_404(ImportBatch, pk=pk)
    try:
        imports.undo(batch=batch)
    except imports.UndoRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request,
            _("Batch %(batch)s (%(file)s) was taken back: every figure is what it was before.")
            % {"batch": batch.pk, "file": batch.file_name},
        )
    return redirect("benchmark:import_batch", pk=batch.pk)
