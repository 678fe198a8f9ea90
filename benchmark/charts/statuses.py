"""Why a figure is not there, as the letter statisticians exchange (SDMX, code list CL_OBS_STATUS)."""

from __future__ import annotations

from benchmark import series
from benchmark.charts.chart import Cell
from benchmark.models import MissingReason, observation_status


def letter(cell: Cell) -> str:
    """Return the letter of a cell; empty where no figure belongs."""
    if cell.value is None and not cell.why:
        return ""
    why = MissingReason.CONFIDENTIAL.value if cell.why == series.TOO_FEW else cell.why
    return observation_status(reason=why, provisional=cell.provisional)
