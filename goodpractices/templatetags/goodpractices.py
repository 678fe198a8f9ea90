"""What pages of other apps may show of the library.

{% load goodpractices %}
{% practices_for_area area 3 %}      the newest published practices of an area that this reader may see
{% practice_card practice %}         one practice; nothing when the reader may not see it
{{ practice.situation|markup }}      what people wrote, as harmless HTML
"""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser
from django.template import Context
from django.utils.safestring import SafeString

from benchmark.models import Area
from goodpractices.models import GoodPractice
from people.markup import render

register = template.Library()


def _reader(context: Context) -> Any:
    request = context.get("request")
    return getattr(request, "user", None) or AnonymousUser()


@register.inclusion_tag("goodpractices/_for_area.html", takes_context=True)
def practices_for_area(context: Context, area: Area | None, limit: int = 3) -> dict[str, Any]:
    """Show the newest practices of a performance area, with a link to the rest. Four queries, whatever their number."""
    if area is None:
        return {"area": None, "practices": [], "total": 0}
    found = GoodPractice.objects.published_to(_reader(context)).filter(areas=area)
    practices = list(found.for_cards().order_by("-published_at", "-pk")[:limit])
    # A full list may have more behind it; a shorter one is all there is.
    total = found.count() if len(practices) == limit else len(practices)
    return {"area": area, "practices": practices, "total": total}


@register.inclusion_tag("goodpractices/_embedded.html", takes_context=True)
def practice_card(context: Context, practice: GoodPractice | None, level: int = 3) -> dict[str, Any]:
    """Show a practice as a card with a heading of the given level, if this reader may see it. One query."""
    seen = practice is not None and GoodPractice.objects.published_to(_reader(context)).filter(pk=practice.pk).exists()
    return {"practice": practice if seen else None, "level": level}


@register.filter
def markup(source: str | None) -> SafeString:
    """Return what a person wrote in Markdown as harmless HTML."""
    return render(source or "")
