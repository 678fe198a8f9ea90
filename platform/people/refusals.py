"""Why something that was sent in was not taken."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one cell, row or file was not taken. Row numbers count as a spreadsheet does: the header is row 1."""

    reason: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""

    def __str__(self) -> str:
        where = []
        if self.sheet:
            where.append(_("sheet %(sheet)s") % {"sheet": self.sheet})
        if self.row is not None:
            where.append(_("row %(row)s") % {"row": self.row})
        if self.column:
            where.append(_("column %(column)s") % {"column": self.column})
        if self.value:
            where.append(_("value “%(value)s”") % {"value": self.value[:80]})
        return f"{', '.join(where)}: {self.reason}" if where else self.reason


class TableRefused(Exception):  # noqa: N818 — a refusal is an answer, not a fault
    """The file cannot be read as a table; `refusal` says where and why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal
