"""From somebody's offer to talk to the room in which to ask them.

{% load asking %}
{% kring_with municipality as kring %}      the reader's kring in which this municipality also sits, or None
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from kringen.models import Kring, Membership
from kringen.models.kring import kring_ids_of
from people.models import Municipality

register = template.Library()


@register.simple_tag(takes_context=True)
def kring_with(context: Context, municipality: Municipality) -> Kring | None:
    """Return the kring that the reader shares with a municipality; one query for a whole page."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated:
        return None
    known: dict[int, Kring] | None = getattr(request, "_kring_with", None)
    if known is None:
        known = _shared(user)
        request._kring_with = known  # noqa: SLF001 — kept for the other cards of this page
    return known.get(municipality.pk)


def _shared(user: Any) -> dict[int, Kring]:
    found = Membership.objects.filter(kring_id__in=kring_ids_of(user)).select_related("kring").order_by("-kring__name")
    return {one.municipality_id: one.kring for one in found}
