"""The shapes of the API; keys are camelCase outside."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel


class Camel(Schema):
    """A shape with camelCase keys."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class MunicipalityOut(Camel):
    """A municipality of the register."""

    code: str
    name: str
    province: str
    exists_from: int | None
    exists_until: int | None


class AreaOut(Camel):
    """An area with its key question."""

    slug: str
    name: str
    question: str


class IndicatorOut(Camel):
    """An indicator in a list."""

    code: str
    name: str
    unit: str
    kind: str
    direction: str
    area: AreaOut
    decimals: int
    is_core: bool


class NormOut(Camel):
    """A norm as it holds."""

    label: str
    bound: str
    value: float
    year_from: int | None
    year_until: int | None


class ReferenceOut(Camel):
    """A figure that was published elsewhere."""

    label: str
    year: int | None
    value: float
    source: str


class IndicatorDetailOut(IndicatorOut):
    """An indicator with all a reader must know."""

    definition: str
    numerator: str
    denominator: str
    source: str
    minimum: float | None
    maximum: float | None
    reports: list[str]
    years: list[int]
    norms: list[NormOut]
    reference_values: list[ReferenceOut]


class GroupOut(Camel):
    """A comparison group."""

    key: str
    label: str
    kind: str
    municipalities: list[str] | None


class GroupLabelOut(Camel):
    """The group of a series."""

    key: str
    label: str


class YearOut(Camel):
    """One year of a series: null always has a reason."""

    year: int
    value: float | None
    status: str | None
    provisional: bool
    reason: str | None
    n: int
    median: float | None
    mean: float | None
    weighted_mean: float | None
    p25: float | None
    p75: float | None
    min: float | None
    max: float | None
    group_reason: str | None
    quarter: int | None
    quarter_same: int | None
    quarter_of: int | None
    verdict: str | None
    verdict_test: str | None
    converted: bool
    n_converted: int


class TrendOut(Camel):
    """Whether the own figures go up or down, by the last five of them."""

    line: str
    outcome: str
    test: str
    points: int
    statistic: float | None
    slope: float | None
    first: int | None = Field(alias="from")
    last: int | None = Field(alias="to")
    sentence: str


class ShownYearOut(Camel):
    """A value of a municipality that is listed, or why there is none."""

    year: int
    value: float | None
    reason: str | None


class ShownOut(Camel):
    """A municipality that is listed beside the own one."""

    municipality: MunicipalityOut
    years: list[ShownYearOut]


class SeriesOut(Camel):
    """A series."""

    indicator: IndicatorOut
    municipality: MunicipalityOut | None
    unit: str
    direction: str
    report: str
    reports: list[str]
    group: GroupLabelOut
    boundaries: str
    years: list[YearOut]
    trend: TrendOut
    shown: list[ShownOut] | None
    sentence: str
    source: str
    is_demo: bool
    revision: int


class ColumnOut(Camel):
    """A column of a table."""

    key: str
    label: str


class TableOut(Camel):
    """The figures of a chart as a table; a cell is a number, a text or null."""

    caption: str
    columns: list[ColumnOut]
    rows: list[list[float | int | str | None]]


class ChartOut(Camel):
    """A chart: picture, table and sentence of one result."""

    kind: str
    title: str
    figure: dict[str, Any]
    table: TableOut
    sentence: str
    source: str
    revision: int
    is_demo: bool
    notes: list[str]


class GoalStateOut(Camel):
    """How a goal stands for this reader."""

    standing: str
    why: str
    value: float | None
    year: int | None
    expected: float | None
    needed_per_year: float | None
    pace_per_year: float | None


class RealismOut(Camel):
    """What comparable municipalities did with a start like this one, in as many years; null with a reason."""

    reason: str
    group: str | None
    years: int | None
    change: float | None
    n: int | None
    achieved: int | None
    share: float | None
    sentence: str


class ForecastOut(Camel):
    """What the figure of the target year will be if the last years go on in a straight line."""

    year: int
    value: float
    low: float
    high: float


class GoalOut(Camel):
    """An improvement goal."""

    id: int
    title: str
    why: str
    municipality: str
    municipality_name: str
    indicator: str
    baseline_value: float | None
    baseline_year: int | None
    target_value: float
    target_date: dt.date
    kind: str
    steps: list[tuple[int, float]]
    norm: float | None
    learning_goal: str
    success_factor: str
    stage: str
    delivered_on: dt.date | None
    owner: str | None
    follows: int | None
    visibility: str
    state: GoalStateOut
    forecast: ForecastOut | None
    realism: RealismOut | None
    sentence: str
    url: str
