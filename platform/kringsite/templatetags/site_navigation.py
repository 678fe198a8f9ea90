"""The main navigation: which places a reader may go to, and which of them they are in."""

from typing import Any, NamedTuple

from django import template
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from people.models import RoleName
from people.permissions import has_role

register = template.Library()

PLACES: list[tuple[str, Promise]] = [
    ("/kringen/", _("Kringen")),
    ("/praktijken/", _("Practices")),
    ("/benchmark/", _("Benchmark")),
    ("/doelen/", _("Goals")),
    ("/verhalen/", _("Stories")),
    ("/agenda/", _("Calendar")),
]
PROGRESS = ("/voortgang/", _("Progress"))


class Place(NamedTuple):
    """One entry of the navigation; `current` is the value of aria-current, or nothing."""

    href: str
    label: Promise
    current: str


@register.simple_tag(takes_context=True)
def site_navigation(context: dict[str, Any]) -> list[Place]:
    """Return the places of this reader; error pages without a request get those of a visitor."""
    request: HttpRequest | None = context.get("request")
    path = request.path if request else ""
    places = list(PLACES)
    user = getattr(request, "user", None)
    if user and has_role(user, RoleName.STEERING, RoleName.OFFICE, RoleName.ADMIN, RoleName.FACILITATOR):
        places.append(PROGRESS)

    def current(href: str) -> str:
        if path == href:
            return "page"
        return "true" if path.startswith(href) else ""

    return [Place(href, label, current(href)) for href, label in places]
