"""A profile says how to read one kind of file: a small TOML file in `benchmark/imports/profiles/`."""

from __future__ import annotations

import csv
import functools
import hashlib
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from benchmark.imports.summary import ImportRefused
from people.tables import Refusal

FOLDER = Path(__file__).parent / "profiles"

# Every field a profile may map; the first three identify a row, together with the report.
FIELDS = (
    "municipality",
    "indicator",
    "year",
    "report",
    "value",
    "status",
    "reason",
    "numerator",
    "denominator",
    "n",
    "lower",
    "upper",
    "source",
)
NUMBERS = ("value", "numerator", "denominator", "n", "lower", "upper")


@dataclass(frozen=True)
class DatasetInfo:
    """The dataset that values of this profile belong to, made when it is not there yet."""

    slug: str
    name: str
    source: str
    licence: str = ""
    is_public: bool = False


@dataclass(frozen=True)
class NewIndicators:
    """How indicators are named, and whether unknown ones are made.

    Attributes:
        prefix: put before the text in the file.
        create: whether an unknown code becomes a new indicator; else it is refused.
        labels: text in the file → readable name.
    """

    prefix: str = ""
    create: bool = False
    labels: dict[str, str] = field(default_factory=dict)
    area: str = ""
    unit: str = ""
    kind: str = "number"
    direction: str = "context"
    decimals: int = 1
    numerator: str = ""
    denominator: str = ""


@dataclass(frozen=True)
class Rule:
    """A rule about whole reports; `all-zero-report` is the one kind."""

    kind: str
    reason: str
    minimum_rows: int = 2


@dataclass(frozen=True)
class Profile:
    """How to read one kind of file.

    Attributes:
        columns: field → the column names it may have, in the file's spelling.
        ignore: columns that may be there and are not read.
        factor: multiplies the numerator (1000 where a file counts in thousands).
        divide_by: "" (the value stands in the file), "denominator" or "inhabitants" (the register's).
        report_pattern, report_kinds: how the text of the report column becomes a report.
        sentinels: numbers that mean "missing", by equality.
        texts: words that mean "missing".
        fingerprint: changes with the profile; a file that came in by another version is read again.
    """

    name: str
    title: str
    dataset: DatasetInfo
    columns: dict[str, tuple[str, ...]]
    ignore: tuple[str, ...] = ()
    sheet: str | None = None
    factor: float = 1.0
    divide_by: str = ""
    indicator: NewIndicators = field(default_factory=NewIndicators)
    report_pattern: re.Pattern[str] | None = None
    report_kinds: dict[str, str] = field(default_factory=dict)
    sentinels: tuple[float, ...] = ()
    texts: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    fingerprint: str = ""

    @property
    def required(self) -> tuple[str, ...]:
        """The fields a file must have."""
        if self.divide_by == "denominator":
            return ("municipality", "indicator", "year", "numerator", "denominator")
        return ("municipality", "indicator", "year", "numerator" if self.divide_by else "value")


def names() -> list[str]:
    """Return the profiles there are, the neutral one first."""
    return sorted((path.stem for path in FOLDER.glob("*.toml")), key=lambda name: (name != "neutral", name))


@functools.cache
def load(name: str) -> Profile:
    """Return a profile by name.

    Raises:
        ImportRefused: when there is none of that name; says which there are.
    """
    if name not in names():
        reason = _("There is no profile “%(name)s”. There are: %(names)s.") % {
            "name": name,
            "names": ", ".join(names()),
        }
        raise ImportRefused([Refusal(reason)])
    written = (FOLDER / f"{name}.toml").read_bytes()
    return parse(name, tomllib.loads(written.decode()), fingerprint=hashlib.sha256(written).hexdigest()[:16])


def parse(name: str, told: dict[str, Any], *, fingerprint: str = "") -> Profile:
    """Return the profile that a TOML document describes.

    Raises:
        ValueError: when it maps a field that does not exist.
    """
    unknown = set(told["columns"]) - set(FIELDS)
    if unknown:
        raise ValueError(f"profile {name}: unknown fields {sorted(unknown)}")
    indicator = dict(told.get("indicator", {}))
    labels = indicator.pop("labels", None)
    report = told.get("report", {})
    value = told.get("value", {})
    missing = told.get("missing", {})
    return Profile(
        name=name,
        title=told["title"],
        dataset=DatasetInfo(**told["dataset"]),
        columns={key: tuple(titles) for key, titles in told["columns"].items()},
        ignore=tuple(told.get("ignore", ())),
        sheet=told.get("sheet"),
        factor=float(value.get("factor", 1)),
        divide_by=value.get("divide_by", ""),
        indicator=NewIndicators(**indicator, labels=_labels(labels) if labels else {}),
        report_pattern=re.compile(report["pattern"]) if report else None,
        report_kinds=dict(report.get("kinds", {})),
        sentinels=tuple(map(float, missing.get("sentinels", ()))),
        texts=tuple(missing.get("texts", ())),
        rules=tuple(Rule(**rule) for rule in told.get("rules", ())),
        fingerprint=fingerprint,
    )


def _labels(file: str) -> dict[str, str]:
    with (FOLDER / file).open(encoding="utf-8", newline="") as lines:
        return {row["code"]: row["name"] for row in csv.DictReader(lines)}


def suggest(header: tuple[str, ...]) -> str:
    """Return the profile whose required columns a file has; the neutral one when none fits."""
    titles = {title.strip().casefold() for title in header}
    for name in names():
        profile = load(name)
        if all(titles & {title.casefold() for title in profile.columns[key]} for key in profile.required):
            return name
    return "neutral"
