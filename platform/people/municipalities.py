"""Finding a municipality: by its code always, by its name in the year the name was written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from people import clock
from people.models import Municipality, MunicipalityName
from people.names import key


class UnknownMunicipality(LookupError):  # noqa: N818 — it is an answer to a person
    """No municipality has this code or, in that year, this name; the text is a sentence for people."""


class AmbiguousMunicipality(LookupError):  # noqa: N818 — it is an answer to a person
    """Several municipalities had this name in that year; `candidates` are they, the text lists them."""

    def __init__(self, message: str, candidates: Sequence[Municipality]) -> None:
        super().__init__(message)
        self.candidates = list(candidates)


def clean_code(code: str) -> str:
    """Return a code as CBS writes it: "534", "0534" and "gm0534 " are GM0534."""
    code = code.strip().upper()
    digits = code.removeprefix("GM")
    return f"GM{digits:0>4}" if digits.isdecimal() and len(digits) <= 4 else code  # noqa: PLR2004 — GM + four


def years(municipality: Municipality) -> str:
    """Return the years of a municipality in words: "2010–2015", "since 2016", or nothing when it always was."""
    first, until = municipality.exists_from, municipality.exists_until
    if first and until:
        return f"{first}–{until - 1}"
    if until:
        return _("until %(year)s") % {"year": until - 1}
    return _("since %(year)s") % {"year": first} if first else ""


def described(municipality: Municipality) -> str:
    """Return a municipality as a candidate in a list: "Bergen (GM0373, Noord-Holland)"."""
    facts = ", ".join(filter(None, [municipality.code, municipality.province, years(municipality)]))
    return f"{municipality.name} ({facts})"


def by_code(code: str) -> Municipality:
    """Return the municipality of a CBS code, also one that has ended.

    Raises:
        UnknownMunicipality: when the register does not have it.
    """
    found = Municipality.objects.filter(code=clean_code(code)).first()
    if found is None:
        raise UnknownMunicipality(_("The code “%(code)s” is not in the register of municipalities.") % {"code": code})
    return found


def by_name(name: str, year: int) -> Municipality:
    """Return the municipality that had this name, officially or as an alias, in a year.

    Raises:
        UnknownMunicipality: when none had; the sentence says in which years one did.
        AmbiguousMunicipality: when several had.
    """
    found = list(_named(year).filter(names__key=key(name)).order_by("code").distinct())
    return choose(name, year, found)


def choose(name: str, year: int, found: Sequence[Municipality]) -> Municipality:
    """Return the only municipality of `found`, or raise as `by_name` does (for importers with a `name_index`)."""
    if len(found) == 1:
        return found[0]
    if found:
        raise AmbiguousMunicipality(
            _("“%(name)s” was the name of several municipalities in %(year)s: %(candidates)s. Use the code.")
            % {"name": name, "year": year, "candidates": "; ".join(described(each) for each in found)},
            found,
        )
    other = list(Municipality.objects.filter(names__key=key(name)).order_by("code").distinct())
    if other:
        raise UnknownMunicipality(
            _("There was no municipality called “%(name)s” in %(year)s; in other years there was: %(candidates)s.")
            % {"name": name, "year": year, "candidates": "; ".join(described(each) for each in other)}
        )
    raise UnknownMunicipality(
        _("There is no municipality called “%(name)s” in the register. Check the spelling or use the code.")
        % {"name": name}
    )


def by_code_or_name(text: str) -> Municipality | None:
    """Return the municipality somebody means today by a code or name, or None when it is none or several."""
    try:
        return by_code(text) if clean_code(text).startswith("GM") else by_name(text, clock.today().year)
    except LookupError:
        return None


def _named(year: int) -> QuerySet[Municipality]:
    return Municipality.objects.existing_in(year).filter(
        Q(names__year_from__isnull=True) | Q(names__year_from__lte=year),
        Q(names__year_until__isnull=True) | Q(names__year_until__gt=year),
    )


def code_index() -> dict[str, Municipality]:
    """Return every municipality by its code, in one query; for imports."""
    return {each.code: each for each in Municipality.objects.all()}


def name_index(year: int) -> Mapping[str, list[Municipality]]:
    """Return the whole alias table of a year in two queries, for imports.

    Returns:
        comparison key (`people.names.key`) → the municipalities that had the name: one, or several when the name
        is ambiguous. A name that nobody had gives no entry; hand what you find (or []) to `choose`.
    """
    municipalities = {each.pk: each for each in Municipality.objects.existing_in(year)}
    index: dict[str, list[Municipality]] = defaultdict(list)
    names = MunicipalityName.objects.filter(
        Q(year_from__isnull=True) | Q(year_from__lte=year),
        Q(year_until__isnull=True) | Q(year_until__gt=year),
        municipality__in=municipalities,
    ).order_by("municipality__code")
    for name, pk in names.values_list("key", "municipality_id"):
        if municipalities[pk] not in index[name]:
            index[name].append(municipalities[pk])
    return dict(index)
