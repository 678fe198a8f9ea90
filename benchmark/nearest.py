"""Who is like you: the municipalities nearest by the features somebody finds important, and why.

Every feature gives two municipalities a distance from 0 (alike) to 1 (as different as nine in ten pairs are not); what
has no value for one of them counts as half. The distance of the two is the weighted mean of these. Nothing more, so
that the reasons can be told in words.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benchmark import notation
from benchmark.groups import URBANITY
from people.models import Municipality, MunicipalityFeature, MunicipalityYear

if TYPE_CHECKING:
    from django.utils.functional import Promise

FEWEST, MOST = 7, 10
HEAVIEST = 5
# What is not known of one of the two says neither that they are alike nor that they are not.
UNKNOWN = 0.5
# Nearer than this share of the usual distance is told as a reason.
ALIKE = 0.25
# The distance that counts as 1: nine in ten pairs are nearer.
FAR = 0.9


@dataclass(frozen=True, slots=True)
class Feature:
    """Something by which municipalities are alike or not.

    Attributes:
        key: in forms and recipes.
        label: in words.
        kind: "number", "ratio" (a number of which twice as much is as far as half), "degree" or "word".
        weight: to begin with.
    """

    key: str
    label: str | Promise
    kind: str
    weight: int = 1


BUILT_IN = (
    Feature("inhabitants", gettext_lazy("number of inhabitants"), "ratio", 3),
    Feature("urbanity", gettext_lazy("how urban it is"), "degree", 2),
    Feature("address_density", gettext_lazy("addresses per km²"), "ratio", 1),
    Feature("province", gettext_lazy("province"), "word", 1),
)
# Names of features that files may bring (`people/profiles/*.toml`).
KNOWN = {
    "corop": gettext_lazy("COROP area"),
    "labour_market": gettext_lazy("labour market region"),
    "safety_region": gettext_lazy("safety region"),
}


@dataclass(frozen=True, slots=True)
class Traits:
    """What is known of the municipalities of one year.

    Attributes:
        year: for which they are compared.
        places: the municipalities that exist then, by id.
        values: key of the feature → id of the municipality → number or word.
        features: those of which anything is known.
    """

    year: int
    places: dict[int, Municipality]
    values: Mapping[str, Mapping[int, float | str]]
    features: tuple[Feature, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """A municipality that is near: how far, and why, in words; the strongest reasons first."""

    municipality: Municipality
    distance: float
    reasons: tuple[str, ...]
    differences: tuple[str, ...]


def traits(year: int) -> Traits:
    """Return what is known for a year: of the nearest year in which it is; three queries."""
    places = {one.pk: one for one in Municipality.objects.existing_in(year).order_by("pk")}
    values: dict[str, dict[int, float | str]] = {}
    nearest: dict[tuple[str, int], int] = {}

    def keep(key: str, pk: int, of: int, value: float | str | None) -> None:
        if value is None or value == "" or pk not in places:
            return
        distance = abs(of - year)
        if distance < nearest.get((key, pk), 10_000):
            nearest[key, pk] = distance
            values.setdefault(key, {})[pk] = value

    names = ("inhabitants", "urbanity", "address_density")
    rows = MunicipalityYear.objects.order_by("year").values_list("municipality_id", "year", *names)
    for pk, of, *numbers in rows:
        for name, number in zip(names, numbers, strict=True):
            keep(name, pk, of, None if number is None else float(number))
    for pk, place in places.items():
        keep("province", pk, year, place.province)
    extra = MunicipalityFeature.objects.order_by("year").values_list("municipality_id", "year", "key", "number", "word")
    for pk, of, key, number, word in extra:
        keep(key, pk, of, word or number)
    others = sorted(values.keys() - {one.key for one in BUILT_IN})
    features = [one for one in BUILT_IN if one.key in values]
    for key in others:
        kind = "word" if isinstance(next(iter(values[key].values())), str) else "number"
        features.append(Feature(key, KNOWN.get(key, key.replace("_", " ")), kind, 0))
    return Traits(year, places, values, tuple(features))


def find(known: Traits, *, of: int, weights: Mapping[str, float], count: int) -> list[Near]:
    """Return the nearest municipalities, the nearest first; of two equally near the one with the lower code.

    Args:
        known: `traits(year)`.
        of: the id of the municipality they should be like.
        weights: key of a feature → how much it counts; 0 or absent is not at all.
        count: how many.
    """
    counted = [one for one in known.features if weights.get(one.key, 0) > 0]
    total = sum(weights[one.key] for one in counted)
    if not counted or of not in known.places:
        return []
    scales = {one.key: _scale(one, known.values[one.key].values()) for one in counted}
    found = []
    for pk, place in known.places.items():
        if pk == of:
            continue
        apart = {one: _apart(one, known.values[one.key], of, pk, scales[one.key]) for one in counted}
        distance = sum(weights[one.key] * (UNKNOWN if far is None else far) for one, far in apart.items()) / total
        found.append((distance, place.code, pk, apart))
    found.sort(key=lambda one: one[:2])
    return [
        Near(known.places[pk], distance, *_told(known, of, pk, apart, weights))
        for distance, _code, pk, apart in found[:count]
    ]


def _position(feature: Feature, value: float) -> float:
    return math.log(max(value, 1.0)) if feature.kind == "ratio" else value


def _scale(feature: Feature, values: Iterable[float | str]) -> float:
    """Return the distance within which nine in ten pairs lie; 1 where all are equal."""
    if feature.kind == "word":
        return 1.0
    numbers = sorted(_position(feature, float(value)) for value in values)
    pairs = sorted(high - low for at, low in enumerate(numbers) for high in numbers[at + 1 :])
    return (pairs[int(FAR * (len(pairs) - 1))] if pairs else 0) or 1.0


def _apart(feature: Feature, values: Mapping[int, float | str], one: int, other: int, scale: float) -> float | None:
    """Return the distance of two municipalities by one feature, 0 to 1; None when it is not known of one of them."""
    if one not in values or other not in values:
        return None
    if feature.kind == "word":
        return 0.0 if values[one] == values[other] else 1.0
    distance = abs(_position(feature, float(values[one])) - _position(feature, float(values[other])))
    return min(distance / scale, 1.0)


def _told(
    known: Traits, of: int, pk: int, apart: Mapping[Feature, float | None], weights: Mapping[str, float]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return why two are alike and in what they are not, the heaviest features first."""
    heaviest = sorted(apart, key=lambda one: -weights[one.key])
    alike = [one for one in heaviest if (far := apart[one]) is not None and far <= ALIKE]
    unlike = [one for one in heaviest if (far := apart[one]) is not None and far > ALIKE]
    return (
        tuple(_alike(one, known.values[one.key][of], known.values[one.key][pk]) for one in alike),
        tuple(_unlike(one, known.values[one.key][of], known.values[one.key][pk]) for one in unlike),
    )


def _words(feature: Feature, value: float | str) -> str:
    if feature.key == "urbanity":
        return str(URBANITY.get(int(value), value))
    return value if isinstance(value, str) else notation.number(value, 0)


def _alike(feature: Feature, own: float | str, other: float | str) -> str:
    said = {"feature": feature.label, "own": _words(feature, own), "other": _words(feature, other)}
    if said["own"] == said["other"]:
        return _("the same %(feature)s (%(other)s)") % said
    return _("nearly the same %(feature)s (%(other)s, you %(own)s)") % said


def _unlike(feature: Feature, own: float | str, other: float | str) -> str:
    said = {"feature": feature.label, "own": _words(feature, own), "other": _words(feature, other)}
    return _("another %(feature)s (%(other)s, you %(own)s)") % said


def recipe(
    known: Traits, *, of: Municipality, weights: Mapping[str, float], found: Sequence[Near]
) -> dict[str, object]:
    """Return how peers were found, to keep with the group: it says later why they were chosen then."""
    return {
        "of": of.code,
        "year": known.year,
        "weights": {key: weight for key, weight in weights.items() if weight},
        "found": [
            {"code": one.municipality.code, "distance": round(one.distance, 4), "reasons": list(one.reasons)}
            for one in found
        ],
    }
