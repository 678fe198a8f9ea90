"""Profiles: which column of a file means what. A new supplier needs a new small TOML file, no code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from people.tables import Refusal, Table, TableRefused

FOLDER = Path(__file__).resolve().parents[1] / "profiles"


@dataclass(frozen=True)
class Profile:
    """One kind of file.

    `kind` says what its rows are (register, inhabitants, mutations, regions, boundaries); `columns` maps our names
    to those of the file; `words` maps our words to those in its cells; `features` maps features of a municipality (words by which to find who is
    like whom) to columns that may be there; `year` is set where no column holds it.
    """

    name: str
    kind: str
    title: str
    columns: Mapping[str, str]
    words: Mapping[str, str] = field(default_factory=dict)
    year: int | None = None
    features: Mapping[str, str] = field(default_factory=dict)

    def missing_in(self, table: Table) -> list[str]:
        """Return the columns of this profile that a table does not have."""
        return [column for column in self.columns.values() if column not in table]


@cache
def profiles() -> dict[str, Profile]:
    """Return every profile by its name."""
    return {
        path.stem: Profile(name=path.stem, **tomllib.loads(path.read_text(encoding="utf-8")))
        for path in sorted(FOLDER.glob("*.toml"))
    }


def profile_for(table: Table, name: str = "") -> Profile:
    """Return the profile of that name, or the one whose columns the file has.

    Raises:
        TableRefused: when there is no such profile, when none fits, or when a column is missing.
    """
    known = profiles()
    if name:
        if name not in known:
            raise TableRefused(
                Refusal(
                    _("There is no profile “%(name)s”. Choose one of: %(names)s.")
                    % {"name": name, "names": ", ".join(known)}
                )
            )
        chosen = known[name]
    else:
        chosen = min(known.values(), key=lambda each: len(each.missing_in(table)) / len(each.columns))
        if len(chosen.missing_in(table)) > len(chosen.columns) / 2:
            raise TableRefused(
                Refusal(
                    _("No profile fits this file, which has the columns %(columns)s. Name one of: %(names)s.")
                    % {"columns": ", ".join(table.header)[:300], "names": ", ".join(known)},
                    sheet=table.sheet,
                    row=1,
                )
            )
    for column in chosen.columns.values():
        table.column(column)
    return chosen
