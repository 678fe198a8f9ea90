"""Lists in pages of twelve."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PER_PAGE = 12


def page_of(rows: QuerySet[Any], request: HttpRequest) -> Page[Any]:
    """Return the page that `?pagina=` asks for; the nearest one when that is nonsense."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("pagina"))
