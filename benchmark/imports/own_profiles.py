"""Profiles that were made on the site, beside those that come with it."""

from __future__ import annotations

import hashlib
import tomllib
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from benchmark.imports import profiles
from benchmark.imports.profiles import Profile
from benchmark.imports.summary import ImportRefused
from benchmark.models import ImportProfile
from benchmark.permissions import can_import_measurements
from people.tables import Refusal

if TYPE_CHECKING:
    from people.models import User


def of(row: ImportProfile) -> Profile:
    """Return the profile that a row holds."""
    fingerprint = hashlib.sha256(row.toml.encode()).hexdigest()[:16]
    return profiles.parse(row.name, tomllib.loads(row.toml), fingerprint=fingerprint)


def load(name: str) -> Profile:
    """Return a profile by name, shipped or made here.

    Raises:
        ImportRefused: when there is none of that name; says which there are.
    """
    if name in profiles.names():
        return profiles.load(name)
    row = ImportProfile.objects.filter(name=name).first()
    if row is not None:
        return of(row)
    known = [*profiles.names(), *ImportProfile.objects.values_list("name", flat=True)]
    reason = _("There is no profile “%(name)s”. There are: %(names)s.") % {"name": name, "names": ", ".join(known)}
    raise ImportRefused([Refusal(reason)])


def suggest(header: tuple[str, ...], *, user: User | None) -> Profile:
    """Return the profile whose columns a file has: the latest made here first, then the shipped ones.

    Args:
        header: the file's column names.
        user: who sends it; None on the command line, where every profile counts.
    """
    rows = ImportProfile.objects.all() if user is None else ImportProfile.objects.visible_to(user)
    for row in rows.order_by("-changed_at"):
        profile = of(row)
        if profile.fits(header) and _knows(profile, header):
            return profile
    return profiles.load(profiles.suggest(header) if may_use_all(user) else "neutral")


def may_use_all(user: User | None) -> bool:
    """Say whether somebody may use the shipped profiles that make indicators and fill open data sets."""
    return user is None or bool(can_import_measurements(user))


def usable(user: User) -> list[tuple[str, str]]:
    """Return (name, title) of the profiles a person may read a file with."""
    shipped = profiles.names() if may_use_all(user) else ["neutral"]
    return [
        *((name, profiles.load(name).title) for name in shipped),
        *ImportProfile.objects.visible_to(user).values_list("name", "title"),
    ]


def _knows(profile: Profile, header: tuple[str, ...]) -> bool:
    """Say whether every column of a file is one that the profile reads or passes over."""
    known = {title.casefold() for titles in profile.columns.values() for title in titles}
    known |= {title.casefold() for title in profile.ignore} | {each.column.casefold() for each in profile.values}
    return all(title.strip().casefold() in known for title in header if title.strip())


# ---- writing ----------------------------------------------------------------------------------------------------
def as_toml(told: dict[str, Any]) -> str:
    """Return a profile as the TOML that `profiles.parse` reads."""
    import tomli_w

    return tomli_w.dumps(told, multiline_strings=False)
