"""The same people in every test.

Hillegom and Zandvoort sit in Kring C, with a facilitator; Delft sits in Kring V and must never see Kring C.
The office may see all of it, the steering group only progress, the public what is published.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

from django.contrib.auth.hashers import make_password

from benchmark.models import Area, ComparisonGroup, Cycle, Indicator
from kringen.models import Kring, Meeting, Membership, Room, Topic
from people.models import Municipality, MunicipalityName, Role, RoleName, User
from people.names import key

PASSWORD = "kringen"


@dataclass
class Cast:
    """Everybody and everything a test can count on."""

    hillegom: Municipality
    zandvoort: Municipality
    beverwijk: Municipality
    delft: Municipality
    kring_c: Kring
    kring_v: Kring
    meeting: Meeting
    room: Room
    area: Area
    indicator: Indicator
    participant: User
    colleague: User  # Zandvoort, same kring
    facilitator: User
    editor: User
    validator: User
    office: User
    steering: User
    admin: User
    stranger: User  # Delft, another kring
    deactivated: User

    def everyone(self) -> dict[str, User | None]:
        """Return the ten viewpoints of the role matrix; None is the public."""
        return {
            "public": None,
            "participant": self.participant,
            "facilitator": self.facilitator,
            "editor": self.editor,
            "validator": self.validator,
            "office": self.office,
            "steering": self.steering,
            "admin": self.admin,
            "stranger": self.stranger,
            "deactivated": self.deactivated,
        }


@cache
def hashed() -> str:
    """Return the hash of the password of the cast."""
    return make_password(PASSWORD)


def municipality(code: str, name: str, **fields: object) -> Municipality:
    """Make a municipality with its official name."""
    made = Municipality.objects.create(code=code, name=name, **fields)
    MunicipalityName.objects.create(municipality=made, name=name, key=key(name))
    return made


def person(email: str, where: Municipality | None = None, **fields: object) -> User:
    """Make a person with the password of the cast."""
    return User.objects.create_user(
        email, PASSWORD, name=email.split("@", maxsplit=1)[0].capitalize(), municipality=where, **fields
    )


def municipalities(*places: tuple[str, str, str]) -> list[Municipality]:
    """Make several municipalities at once: code, name, province."""
    made = Municipality.objects.bulk_create(
        Municipality(code=code, name=name, province=province) for code, name, province in places
    )
    MunicipalityName.objects.bulk_create(
        MunicipalityName(municipality=each, name=each.name, key=key(each.name)) for each in made
    )
    return made


def people_with_roles(**people: tuple[str, Municipality | None, RoleName, object]) -> dict[str, User]:
    """Make several people with their role and its scope at once; who is called deactivated is.

    Two statements instead of forty: this runs before nearly every test.
    """
    made = User.objects.bulk_create(
        User(
            email=email,
            name=email.split("@", maxsplit=1)[0].capitalize(),
            municipality=where,
            password=hashed(),
            is_active=who != "deactivated",
        )
        for who, (email, where, _role, _scope) in people.items()
    )
    Role.objects.bulk_create(
        Role(user=user, role=role, scope=scope)
        for user, (_email, _where, role, scope) in zip(made, people.values(), strict=True)
    )
    return dict(zip(people, made, strict=True))


def kring(slug: str, name: str, cycle: Cycle, members: list[Municipality]) -> Kring:
    """Make a kring with its members and the comparison group that goes with it."""
    group = ComparisonGroup.objects.create(kind=ComparisonGroup.Kind.KRING, name=name)
    group.municipalities.set(members)
    made = Kring.objects.create(slug=slug, name=name, cycle=cycle, comparison_group=group)
    Membership.objects.bulk_create(Membership(kring=made, municipality=member) for member in members)
    return made


def make_cast() -> Cast:
    """Make the whole cast."""
    hillegom, zandvoort, beverwijk, delft = municipalities(
        ("GM0534", "Hillegom", "Zuid-Holland"),
        ("GM0473", "Zandvoort", "Noord-Holland"),
        ("GM0375", "Beverwijk", "Noord-Holland"),
        ("GM0503", "Delft", "Zuid-Holland"),
    )
    cycle = Cycle.objects.create(slug="2009", name="BPZ 2009", year=2009, state=Cycle.State.ROUND_1)
    kring_c = kring("kring-c", "Kring C", cycle, [hillegom, zandvoort, beverwijk])
    kring_v = kring("kring-v", "Kring V", cycle, [delft])
    meeting = Meeting.objects.create(
        kring=kring_c, number=1, title="Kringbijeenkomst 1", date=dt.date(2009, 6, 25), starts_at=dt.time(13)
    )
    room = Room.objects.create(kring=kring_c, name="Kringtafel")
    Topic.objects.create(room=room, title="Algemeen", is_general=True)
    area = Area.objects.create(slug="wachttijden", name="Wachttijden")
    indicator = Indicator.objects.create(
        code="wac_balie_gem",
        name="Gemiddelde wachttijd balie zonder afspraak",
        unit="minuten",
        direction="down",
        area=area,
    )

    people = people_with_roles(
        participant=("deelnemer@hillegom.example", hillegom, RoleName.PARTICIPANT, kring_c),
        colleague=("deelnemer@zandvoort.example", zandvoort, RoleName.PARTICIPANT, kring_c),
        facilitator=("begeleider@kringen.example", None, RoleName.FACILITATOR, kring_c),
        editor=("redacteur@beverwijk.example", beverwijk, RoleName.EDITOR, beverwijk),
        validator=("validator@kringen.example", None, RoleName.VALIDATOR, None),
        office=("bureau@kringen.example", None, RoleName.OFFICE, None),
        steering=("stuurgroep@kringen.example", None, RoleName.STEERING, None),
        admin=("beheer@kringen.example", None, RoleName.ADMIN, None),
        stranger=("deelnemer@delft.example", delft, RoleName.PARTICIPANT, kring_v),
        deactivated=("vertrokken@hillegom.example", hillegom, RoleName.PARTICIPANT, kring_c),
    )
    return Cast(
        hillegom=hillegom,
        zandvoort=zandvoort,
        beverwijk=beverwijk,
        delft=delft,
        kring_c=kring_c,
        kring_v=kring_v,
        meeting=meeting,
        room=room,
        area=area,
        indicator=indicator,
        **people,
    )
