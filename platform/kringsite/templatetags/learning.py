"""From whom a reader can learn, on the page of an indicator or a goal.

{% load learning %}
{% learn_from indicator %}      nothing for who takes no part, and for a figure of which higher is not better or worse
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from benchmark import asking
from benchmark.models import Indicator
from goodpractices import teachers
from kringen.models import Membership
from kringen.models.kring import kring_ids_of
from people.permissions import takes_part

register = template.Library()


@register.inclusion_tag("kringsite/_learn_from.html", takes_context=True)
def learn_from(context: Context, indicator: Indicator | None) -> dict[str, Any]:
    """Show who does better, gets better and can tell how, each with the reasons and a button to ask."""
    user = getattr(context.get("request"), "user", None)
    if indicator is None or indicator.direction not in {"up", "down"} or user is None or not takes_part(user):
        return {"shown": False}
    who = asking.reader(user)
    if who.place_id is None or who.place_id not in who.viewer.own:
        return {"shown": False}
    found = teachers.of(who, [indicator])[indicator.pk]
    near = set(
        Membership.objects.filter(
            kring__in=kring_ids_of(user), municipality__in=[one.peer.place.id for one in found]
        ).values_list("municipality", flat=True)
    )
    return {
        "shown": True,
        "indicator": indicator,
        "lines": [{"one": one, "may_ask": one.peer.place.id in near} for one in found],
        "csrf_token": context.get("csrf_token"),
    }
