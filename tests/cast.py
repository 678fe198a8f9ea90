"""The same people in every test.

Hillegom and Zandvoort sit in Kring C, with a facilitator; Delft sits in Kring V and must never see Kring C.
The office may see all of it, the steering group only progress, the public what is published.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

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


def kring(slug: str, name: str, cycle: Cycle, members: list[Municipality]) -> Kring:
    """Make a kring with its members and the comparison group that goes with it."""
    group = ComparisonGroup.objects.create(kind=ComparisonGroup.Kind.KRING, name=name)
    group.municipalities.set(members)
    made = Kring.objects.create(slug=slug, name=name, cycle=cycle, comparison_group=group)
    Membership.objects.bulk_create(Membership(kring=made, municipality=member) for member in members)
    return made


def make_cast() -> Cast:
    """Make the whole cast."""
    hillegom = municipality("GM0534", "Hillegom", province="Zuid-Holland")
    zandvoort = municipality("GM0473", "Zandvoort", province="Noord-Holland")
    beverwijk = municipality("GM0375", "Beverwijk", province="Noord-Holland")
    delft = municipality("GM0503", "Delft", province="Zuid-Holland")
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

    def with_role(user: User, role: RoleName, scope: object = None) -> User:
        Role.objects.create(user=user, role=role, scope=scope)
        return user

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
        participant=with_role(person("deelnemer@hillegom.example", hillegom), RoleName.PARTICIPANT, kring_c),
        colleague=with_role(person("deelnemer@zandvoort.example", zandvoort), RoleName.PARTICIPANT, kring_c),
        facilitator=with_role(person("begeleider@kringen.example"), RoleName.FACILITATOR, kring_c),
        editor=with_role(person("redacteur@beverwijk.example", beverwijk), RoleName.EDITOR, beverwijk),
        validator=with_role(person("validator@kringen.example"), RoleName.VALIDATOR),
        office=with_role(person("bureau@kringen.example"), RoleName.OFFICE),
        steering=with_role(person("stuurgroep@kringen.example"), RoleName.STEERING),
        admin=with_role(person("beheer@kringen.example"), RoleName.ADMIN),
        stranger=with_role(person("deelnemer@delft.example", delft), RoleName.PARTICIPANT, kring_v),
        deactivated=with_role(
            person("vertrokken@hillegom.example", hillegom, is_active=False), RoleName.PARTICIPANT, kring_c
        ),
    )
