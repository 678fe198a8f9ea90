"""Importing one file about municipalities: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import IO

from django.db import transaction

from people.imports.boundaries import import_boundaries
from people.imports.mutations import import_mutations
from people.imports.outcome import ImportRefused, Outcome
from people.imports.profiles import Profile, profile_for
from people.imports.register import import_register
from people.imports.yearly import import_inhabitants, import_regions
from people.models import RegisterRevision
from people.tables import Table, TableRefused, read_table

KINDS: dict[str, Callable[[Table, Profile], Outcome]] = {
    "register": import_register,
    "inhabitants": import_inhabitants,
    "mutations": import_mutations,
    "regions": import_regions,
    "boundaries": import_boundaries,
}


def import_municipalities(*, source: Path | str | IO[bytes], profile: str = "") -> Outcome:
    """Import a file of the register of municipalities.

    Args:
        source: a path or uploaded file; csv, csv.gz, xlsx or ods.
        profile: the name of a profile; by default the one whose columns the file has.

    Raises:
        ImportRefused: with every refused row (or why the file cannot be read); then nothing was changed.
    """
    try:
        table = read_table(source)
        chosen = profile_for(table, profile)
        with transaction.atomic():
            outcome = KINDS[chosen.kind](table, chosen)
            if not outcome.nothing_changed:
                RegisterRevision.raise_by_one()
            return outcome
    except TableRefused as refused:
        raise ImportRefused([refused.refusal]) from refused
