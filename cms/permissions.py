"""Who writes what in the public site. Wagtail's own page permissions (site.py) decide where; this says for whom."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType

from people.models import Municipality, RoleName
from people.models.municipality import MunicipalityQuerySet
from people.permissions import is_office, roles_of


def municipalities_to_write_for(user: Any) -> MunicipalityQuerySet:
    """Return the municipalities in whose name a person may write a story: all for the office, else their own."""
    if is_office(user):
        return Municipality.objects.all()
    kind = ContentType.objects.get_for_model(Municipality).pk
    own = {
        scope
        for role, scope_type, scope in roles_of(user)
        if role == RoleName.EDITOR and scope_type == kind and scope is not None
    }
    return Municipality.objects.filter(pk__in=own)
