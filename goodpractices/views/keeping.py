"""Saved searches of a person, and the vocabulary that the office keeps."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from taggit.models import Tag

from benchmark.models import Area
from goodpractices import permissions, saved_searches, tags, vocabulary
from goodpractices.models import SavedSearch
from goodpractices.saved_searches import SavedSearchError
from goodpractices.search import Asked
from goodpractices.views.acting import person_of
from people.models import User


@login_required
@require_http_methods(["GET", "POST"])
def searches_page(request: HttpRequest) -> HttpResponse:
    """Show the questions somebody keeps, with what is new; on POST keep one more."""
    person = person_of(request)
    if request.method == "POST":
        asked = Asked.of(QueryDict(request.POST.get("question", "")[:600]))
        try:
            saved_searches.save(
                by=person, asked=asked, name=request.POST.get("name", ""), by_mail="by_mail" in request.POST
            )
        except SavedSearchError as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("This search is kept. You find it under “My searches”."))
        return redirect("goodpractices:searches")
    return render(request, "goodpractices/searches.html", {"searches": saved_searches.with_news(person)})


@login_required
@require_GET
def search_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a kept question; from now on its answers are seen."""
    person = person_of(request)
    saved = get_object_or_404(SavedSearch, pk=pk, user=person)
    return redirect(saved_searches.look(by=person, saved=saved))


@login_required
@require_POST
def search_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a question no longer."""
    person = person_of(request)
    saved_searches.remove(by=person, saved=get_object_or_404(SavedSearch, pk=pk, user=person))
    messages.success(request, _("This search is not kept any more."))
    return redirect("goodpractices:searches")


@login_required
@require_http_methods(["GET", "POST"])
def tags_page(request: HttpRequest) -> HttpResponse:
    """Keep the tags in order: merge, synonyms, the list of an area."""
    if not permissions.can_keep_tags(request.user):
        raise PermissionDenied
    if request.method == "POST":
        try:
            messages.success(request, _keep(person_of(request), request.POST))
        except (vocabulary.VocabularyError, ValidationError) as refused:
            said = " ".join(refused.messages) if isinstance(refused, ValidationError) else str(refused)
            messages.error(request, said)
        return redirect("goodpractices:tags")
    areas = Area.objects.filter(kind=Area.Kind.PERFORMANCE).prefetch_related("listed_tags__tag")
    lists = [(area, ", ".join(one.tag.name for one in area.listed_tags.all())) for area in areas]
    return render(request, "goodpractices/tags.html", {"tags": vocabulary.overview(request.user), "lists": lists})


def _tag(by: User, given: QueryDict, field: str) -> Tag:
    pk = given.get(field, "")
    found = next((kept.tag for kept in vocabulary.overview(by) if str(kept.tag.pk) == pk), None)
    if found is None:
        raise vocabulary.VocabularyError(_("Choose a tag from the list. Nothing was changed."))
    return found


def _keep(by: User, given: QueryDict) -> str:
    """Do what the form asks, and say what was done."""
    if "into" in given:
        tag, into = _tag(by, given, "tag"), _tag(by, given, "into")
        number = vocabulary.merge(by=by, tag=tag, into=into)
        return _("“%(old)s” is “%(new)s” now, %(number)s times.") % {
            "old": tag.name,
            "new": into.name,
            "number": number,
        }
    if "synonym" in given:
        tag = _tag(by, given, "tag")
        made = vocabulary.add_synonym(by=by, tag=tag, name=given.get("synonym", ""))
        return _("Whoever writes “%(name)s” gets the tag “%(tag)s”.") % {"name": made.name, "tag": tag.name}
    area = Area.objects.filter(slug=given.get("area", "")[:100]).first()
    if area is None:
        raise vocabulary.VocabularyError(_("This area does not exist. Nothing was changed."))
    chosen = vocabulary.set_area_list(by=by, area=area, names=tags.parse(given.get("names", "")[:2000]))
    return _("%(number)s tags are on the list of %(area)s.") % {"number": len(chosen), "area": area.name}
