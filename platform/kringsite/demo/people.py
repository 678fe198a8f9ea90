"""The demo's municipalities and people. People are roles, never real persons."""

from __future__ import annotations

from functools import cache

from django.contrib.auth.hashers import make_password
from django.db.models import Model
from django.utils.text import slugify

from kringsite.demo.content import read
from people.models import (
    Municipality,
    MunicipalityFeature,
    MunicipalityName,
    MunicipalityYear,
    Role,
    RoleName,
    Succession,
    User,
)
from people.names import key

PASSWORD = "kringen"  # noqa: S105 - printed at the start of the demo, and only there
SIZE_YEAR = 2008


def municipalities() -> dict[str, Municipality]:
    """Make the municipalities that are not there yet; return all of the demo by CBS code."""
    content = read("municipalities")
    made: dict[str, Municipality] = {}
    for code, name, province, inhabitants, first, until in content["rows"]:
        municipality, new = Municipality.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "province": province,
                "exists_from": first or None,
                "exists_until": until or None,
            },
        )
        if new:
            MunicipalityName.objects.create(
                municipality=municipality, name=name, key=key(name), year_from=first or None
            )
        if inhabitants:
            MunicipalityYear.objects.get_or_create(
                municipality=municipality, year=SIZE_YEAR, defaults={"inhabitants": inhabitants}
            )
        made[code] = municipality
    for predecessor, successor, year in content["successions"]:
        Succession.objects.get_or_create(
            predecessor=made[predecessor], successor=made[successor], year=year, defaults={"share": 1}
        )
    for code, urbanity, corop in read("features")["rows"]:
        sized = MunicipalityYear.objects.filter(municipality=made[code], year=SIZE_YEAR, urbanity__isnull=True)
        sized.update(urbanity=urbanity)
        MunicipalityFeature.objects.get_or_create(
            municipality=made[code], year=SIZE_YEAR, key="corop", defaults={"word": corop}
        )
    return made


@cache
def _hashed() -> str:
    """Hash the demo password once: everybody has the same one, and hashing it for each took most of the load."""
    return make_password(PASSWORD)


def person(address: str, name: str, municipality: Municipality | None = None) -> User:
    """Return the demo person with this address, made with the demo password when new."""
    found = User.objects.filter(email=address).first()
    return found or User.objects.create(email=address, password=_hashed(), name=name, municipality=municipality)


def role(user: User, name: RoleName, scope: Model | None = None) -> None:
    """Give a demo person a role, once."""
    from people import roles

    held = Role.objects.filter(user=user, role=name)
    if scope is None and held.filter(scope_type=None).exists():
        return
    if scope is not None and any(found.scope == scope for found in held):
        return
    roles.grant(user=user, role=name, scope=scope, by=None)


def participant(municipality: Municipality) -> User:
    """Return the participant of a municipality: deelnemer@<gemeente>.example."""
    return person(f"deelnemer@{slugify(municipality.name)}.example", f"Deelnemer {municipality.name}", municipality)


def programme() -> dict[str, User]:
    """Make the people of the programme and the editor of Beverwijk; return them by the part before the @."""
    staff = {
        "validator": ("Validator", RoleName.VALIDATOR),
        "bureau": ("Programmabureau", RoleName.OFFICE),
        "stuurgroep": ("Lid stuurgroep", RoleName.STEERING),
        "beheer": ("Beheerder", RoleName.ADMIN),
    }
    made = {
        "begeleider": person("begeleider@kringen.example", "Begeleider Kring C"),
        "begeleider-v": person("begeleider-v@kringen.example", "Begeleider Kring V"),
    }
    for address, (name, role_name) in staff.items():
        made[address] = person(f"{address}@kringen.example", name)
        role(made[address], role_name)
    beverwijk = Municipality.objects.get(code="GM0375")
    made["redacteur"] = person("redacteur@beverwijk.example", "Redacteur Beverwijk", beverwijk)
    role(made["redacteur"], RoleName.EDITOR, beverwijk)
    return made
