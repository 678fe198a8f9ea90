"""Pages on which editors, validators and the office bring figures in, and take them back."""

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
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from benchmark import imports
from benchmark.forms.imports import AllRightForm, AnswerForm, UploadForm
from benchmark.imports import answering, jobs, scopes, uploads
from benchmark.models import ImportBatch, ImportProfile
from benchmark.permissions import can_deliver, can_import_measurements
from people.tables import TableRefused, read_table, text

PAGE = 20
FIRST_ROWS = 8


def for_importers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let editors, validators and the office in; for all others the page does not exist."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can_deliver(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@for_importers
@require_http_methods(["GET", "POST"])
def import_list(request: HttpRequest) -> HttpResponse:
    """Show the imports so far and take a new file."""
    user: Any = request.user
    form = UploadForm(request.POST, request.FILES, user=user) if request.method == "POST" else UploadForm(user=user)
    if request.method == "POST" and form.is_valid():
        upload = uploads.keep(file=form.cleaned_data["file"], profile=form.cleaned_data["profile"], user=user)
        return redirect("benchmark:import_preview", key=uuid.UUID(upload.key))
    batches = ImportBatch.objects.visible_to(user).select_related("dataset", "imported_by")
    context = {
        "form": form,
        "page": Paginator(batches, PAGE).get_page(request.GET.get("page")),
        "waiting": [(each, uuid.UUID(each.key)) for each in uploads.waiting(user=user)],
        "ways": ImportProfile.objects.visible_to(user).select_related("municipality"),
        "own_only": not can_import_measurements(user),
    }
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "benchmark/import_list.html", context, status=status)


@for_importers
@require_http_methods(["GET", "POST"])
def import_preview(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show what a file says and what it would change; on POST, import it."""
    user: Any = request.user
    upload = uploads.find(key=key, user=user)
    if upload is None:
        raise Http404
    if upload.is_done:
        return _after(request, upload)
    if upload.is_busy:
        return render(request, "benchmark/import_progress.html", {"upload": upload, "key": key})
    confirmed = request.method == "POST"
    stopped = upload.was_stopped
    if upload.is_large and not confirmed and upload.outcome is None:
        jobs.start(upload, "looking", user=user)
        return redirect("benchmark:import_preview", key=key)
    context: dict[str, Any] = {"upload": upload, "key": key, "stopped": stopped}
    try:
        if confirmed:
            found = _bring_in(request, upload, context)
            if found is not None:
                return found
        else:
            summary = jobs.outcome(upload) if upload.is_large else jobs.look(upload, user=user)
            context |= _questions(None, summary)
    except imports.ImportRefused as refused:
        context["refused"] = refused
    except FileNotFoundError:
        # the same form was sent twice and the other one is through already
        done = uploads.find(key=key, user=user)
        if done is None:
            raise Http404 from None
        return _after(request, done)
    context |= _first_rows(upload)
    return render(request, "benchmark/import_preview.html", context, status=422 if confirmed else 200)


def _questions(data: Any, summary: imports.ImportSummary) -> dict[str, Any]:
    """Return the summary with a form for each of its questions."""
    return {
        "summary": summary,
        "answers": [AnswerForm(data, question) for question in jobs.questions_of(summary)],
        "all_right": AllRightForm(data),
    }


def _bring_in(request: HttpRequest, upload: uploads.Upload, context: dict[str, Any]) -> HttpResponse | None:
    """Import a file with the answers of the form; None when an answer is still missing."""
    user: Any = request.user
    summary = jobs.outcome(upload) if upload.is_large else jobs.look(upload, user=user)
    asked = _questions(request.POST, summary)
    context |= asked
    forms = [*asked["answers"], asked["all_right"]]
    valid = [form.is_valid() for form in forms]
    if not all(valid):
        return None
    answer_all = asked["all_right"].answer
    answers = {form.question.key: form.answer for form in asked["answers"] if form.answer is not None}
    if len(answers) < len(asked["answers"]) and answer_all is None:
        context["unanswered"] = len(asked["answers"]) - len(answers)
        return None
    if upload.is_large:
        jobs.start(upload, "importing", user=user, answers=answers, answer_all=answer_all)
        return redirect("benchmark:import_preview", key=uuid.UUID(upload.key))
    try:
        summary = jobs.bring_in(upload, user=user, answers=answers, answer_all=answer_all)
    except imports.QuestionsOpen as open_:
        # figures changed between the page and its answer
        context |= _questions(None, open_.summary)
        return None
    messages.success(request, summary.headline)
    return _after(request, upload)


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
    """Show one import: what it brought and how the file was understood; on POST, answer what is still open."""
    user: Any = request.user
    batches = ImportBatch.objects.visible_to(user).select_related("dataset", "imported_by")
    batch = get_object_or_404(batches, pk=pk)
    data = request.POST if request.method == "POST" else None
    forms = [AnswerForm(data, question) for question in answering.open_questions(batch)]
    refused = None
    if data is not None and forms and all(form.is_valid() for form in forms):
        said = {form.question.key: form.answer for form in forms if form.answer is not None}
        try:
            count = answering.answer(batch=batch, answers=said, by=user, scope=scopes.for_user(user))
        except imports.ImportRefused as why:
            refused = why
        else:
            if count:
                messages.success(
                    request,
                    ngettext("%(count)s question was answered.", "%(count)s questions were answered.", count)
                    % {"count": count},
                )
                return redirect("benchmark:import_batch", pk=batch.pk)
    context = {
        "batch": batch,
        "answers": batch.answers.select_related("municipality", "indicator", "by"),
        "open": forms,
        "refused": refused,
    }
    return render(request, "benchmark/import_batch.html", context, status=422 if data is not None and forms else 200)


@for_importers
@require_POST
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an import back."""
    batch = get_object_or_404(ImportBatch.objects.visible_to(request.user), pk=pk)
    try:
        imports.undo(batch=batch, scope=scopes.for_user(request.user))
    except imports.UndoRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request,
            _("Batch %(batch)s (%(file)s) was taken back: every figure is what it was before.")
            % {"batch": batch.pk, "file": batch.file_name},
        )
    return redirect("benchmark:import_batch", pk=batch.pk)
