"""Beside the form: versions, files, similar practices, suggestions for tags, and the import."""

from __future__ import annotations

import re

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goodpractices import attachments, importing, permissions, tags, versions, vocabulary
from goodpractices.models import Attachment
from goodpractices.presentation import in_order
from goodpractices.search import similar
from goodpractices.views.acting import fetch, person_of
from people.imports.outcome import ImportRefused

_LONGEST = 500
_NUMBER = re.compile(r"[0-9]{1,9}")


@login_required
@require_GET
def versions_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who changed what, word by word; to the authors and reviewers only."""
    practice = fetch(request, slug)
    if not (
        permissions.can_submit_practice(request.user, practice)
        or permissions.can_oversee_practice(request.user, practice)
    ):
        raise Http404
    kept = list(practice.versions.select_related("author"))
    older = [*kept[1:], None][: len(kept)]
    changes = [
        (version, versions.between(before.text if before else None, version.text))
        for version, before in zip(kept, older, strict=True)
    ]
    return render(request, "goodpractices/versions.html", {"practice": practice, "changes": changes})


@require_GET
def attachment(request: HttpRequest, slug: str, pk: int) -> FileResponse:
    """Give a file to who may read its practice: pictures to look at, all else to save."""
    found = get_object_or_404(Attachment, practice=fetch(request, slug), pk=pk)
    try:
        answer = FileResponse(
            found.file.open("rb"), as_attachment=not found.is_image, filename=found.name, content_type=found.kind
        )
    except FileNotFoundError as error:
        raise Http404 from error
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@login_required
@require_POST
def attachment_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep a file with a practice."""
    practice = fetch(request, slug)
    file = request.FILES.get("file")
    if file is None:
        messages.error(request, _("No file was chosen. Choose a file and send it again."))
    else:
        try:
            attachments.add(
                by=person_of(request),
                practice=practice,
                file=file,
                description=request.POST.get("description", ""),
            )
        except attachments.AttachmentError as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("The file is with the practice now."))
    return redirect("goodpractices:detail", slug=slug)


@login_required
@require_POST
def attachment_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Remove a file from a practice."""
    found = get_object_or_404(Attachment, practice=fetch(request, slug), pk=pk)
    attachments.remove(by=person_of(request), attachment=found)
    messages.success(request, _("The file is removed."))
    return redirect("goodpractices:detail", slug=slug)


@login_required
@require_GET
def beside_page(request: HttpRequest) -> HttpResponse:
    """Answer with similar practices and tags for what somebody is writing; a part of the form's page."""
    if not permissions.can_create_practice(request.user):
        raise PermissionDenied
    told = request.GET.get("q", "")[:_LONGEST]
    areas = [int(pk) for pk in request.GET.getlist("area")[:20] if _NUMBER.fullmatch(pk)]
    typed = request.GET.get("typed", "")[: tags.LONGEST].strip()
    context = {
        "alike": in_order(similar(request.user, told)),
        "suggested": vocabulary.suggest(request.user, typed=typed, text=told, areas=areas),
    }
    return render(request, "goodpractices/_beside_form.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def import_page(request: HttpRequest) -> HttpResponse:
    """Bring in practices from a file: all of them, or none and every reason why."""
    if not permissions.can_create_practice(request.user):
        raise PermissionDenied
    context: dict[str, object] = {"columns": importing.COLUMNS}
    status = 200
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            context["error"], status = _("No file was chosen. Choose a file and send it again."), 422
        else:
            try:
                made = importing.import_practices(source=file, name=file.name or "", by=person_of(request))
            except ImportRefused as refused:
                context["refused"], status = refused.refusals, 422
            else:
                number = len(made)
                messages.success(
                    request,
                    ngettext(
                        "%(number)s draft was made. Read it and hand it in.",
                        "%(number)s drafts were made. Read them and hand them in.",
                        number,
                    )
                    % {"number": number},
                )
                return redirect("goodpractices:own")
    return render(request, "goodpractices/import.html", context, status=status)
