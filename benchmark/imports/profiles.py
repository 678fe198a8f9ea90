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
class Version:
    """What a code of the file meant over some years, see `IndicatorVersion`."""

    code: str
    year_from: int | None
    year_until: int | None
    name: str
    what_changed: str


@dataclass(frozen=True)
class NewIndicators:
    """How indicators are named, and whether unknown ones are made.

    Attributes:
        prefix: put before the text in the file.
        create: whether an unknown code becomes a new indicator; else it is refused.
        labels: text in the file → readable name.
        versions: what codes meant over the years, where that changed.
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
    versions: tuple[Version, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A rule about whole reports; `all-zero-report` is the one kind."""

    kind: str
    reason: str
    minimum_rows: int = 2


@dataclass(frozen=True)
class Wide:
    """A column of a wide file that holds the values of one indicator."""

    column: str
    indicator: str


@dataclass(frozen=True)
class Style:
    """How the numbers of one column are written, where somebody said so.

    Attributes:
        decimal: "comma", "point" or "" to see it from the column.
        factor: what the numbers are multiplied by (1000 where a column counts in thousands).
        sentinels: numbers that mean "missing" in this column, by equality, before the factor.
    """

    decimal: str = ""
    factor: float = 1.0
    sentinels: tuple[float, ...] = ()


@dataclass(frozen=True)
class Questions:
    """What is asked about values that stand out; see `benchmark/imports/questions.py`.

    Attributes:
        history: ask about values more than this part different from the years before; 0 never asks.
        peers: ask about values this many times the middle half outside it; 0 never asks.
    """

    history: float = 0.5
    peers: float = 3.0


PLAIN_STYLE = Style()


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
        values: the columns of a wide file, which has one column per indicator.
        fixed: field → what every row says, where the file has no column for it.
        styles: column name in small letters → how its numbers are written.
        censored: whether "<=5" is kept as a bound; else it is refused.
        questions: what is asked about values that stand out.
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
    values: tuple[Wide, ...] = ()
    fixed: dict[str, str] = field(default_factory=dict)
    styles: dict[str, Style] = field(default_factory=dict)
    censored: bool = True
    questions: Questions = field(default_factory=Questions)
    fingerprint: str = ""

    @property
    def required(self) -> tuple[str, ...]:
        """The fields a file must have, as columns or fixed."""
        if self.values:
            return ("municipality", "year")
        if self.divide_by == "denominator":
            return ("municipality", "indicator", "year", "numerator", "denominator")
        return ("municipality", "indicator", "year", "numerator" if self.divide_by else "value")

    def style_of(self, title: str) -> Style:
        """Return how the numbers of a column are written."""
        return self.styles.get(title.strip().casefold(), PLAIN_STYLE)

    def fits(self, header: tuple[str, ...]) -> bool:
        """Say whether a file with this header has all that is needed."""
        titles = {title.strip().casefold() for title in header}
        wide = all(each.column.casefold() in titles for each in self.values)
        return wide and all(
            key in self.fixed or titles & {title.casefold() for title in self.columns.get(key, ())}
            for key in self.required
        )


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
    unknown = (set(told["columns"]) | set(told.get("fixed", {}))) - set(FIELDS)
    if unknown:
        raise ValueError(f"profile {name}: unknown fields {sorted(unknown)}")
    indicator = dict(told.get("indicator", {}))
    labels = indicator.pop("labels", None)
    versions = indicator.pop("versions", None)
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
        indicator=NewIndicators(
            **indicator,
            labels=_labels(labels) if labels else {},
            versions=_versions(versions) if versions else (),
        ),
        report_pattern=re.compile(report["pattern"]) if report else None,
        report_kinds=dict(report.get("kinds", {})),
        sentinels=tuple(map(float, missing.get("sentinels", ()))),
        texts=tuple(missing.get("texts", ())),
        rules=tuple(Rule(**rule) for rule in told.get("rules", ())),
        values=tuple(Wide(**wide) for wide in told.get("values", ())),
        fixed={key: str(written) for key, written in told.get("fixed", {}).items()},
        styles={title.strip().casefold(): _style(style) for title, style in told.get("numbers", {}).items()},
        censored=bool(missing.get("bounds", True)),
        questions=Questions(**told.get("questions", {})),
        fingerprint=fingerprint,
    )


def _style(told: dict[str, Any]) -> Style:
    return Style(
        decimal=told.get("decimal", ""),
        factor=float(told.get("factor", 1)),
        sentinels=tuple(map(float, told.get("sentinels", ()))),
    )


def _labels(file: str) -> dict[str, str]:
    with (FOLDER / file).open(encoding="utf-8", newline="") as lines:
        return {row["code"]: row["name"] for row in csv.DictReader(lines)}


def _versions(file: str) -> tuple[Version, ...]:
    with (FOLDER / file).open(encoding="utf-8", newline="") as lines:
        return tuple(
            Version(
                code=row["code"],
                year_from=int(row["from"]) if row["from"] else None,
                year_until=int(row["until"]) if row["until"] else None,
                name=row["name"],
                what_changed=row["what_changed"],
            )
            for row in csv.DictReader(lines)
        )


def suggest(header: tuple[str, ...]) -> str:
    """Return the shipped profile whose required columns a file has; the neutral one when none fits."""
    return next((name for name in names() if load(name).fits(header)), "neutral")
