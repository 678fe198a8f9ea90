"""`make bench`: run the groups of benchmarks, or the one that is named, and keep a line of JSON for every figure.

A group is a module of this folder with a function `run(record)`; a trailing underscore of the file name is no part of
its name (`import_.py` is `import`). A line has: id, value, unit, baseline, ratio, target, verdict, note, and when.
"""

from __future__ import annotations

import datetime as dt
import importlib
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPORT = HERE.parents[1] / "reports" / "bench.jsonl"


def groups() -> dict[str, str]:
    """Return the groups: name → module."""
    files = sorted(file for file in HERE.glob("*.py") if not file.name.startswith("_"))
    return {file.stem.rstrip("_"): f"tests.bench.{file.stem}" for file in files}


class Book:
    """Takes figures in, prints them, keeps them in the report, and remembers whether a target was missed."""

    def __init__(self, report: Path = REPORT) -> None:
        self.report = report
        self.missed: list[str] = []
        report.parent.mkdir(parents=True, exist_ok=True)

    def record(
        self,
        *,
        id: str,  # noqa: A002 - the name of the field in the report
        value: float | None,
        unit: str,
        baseline: float | None = None,
        target: float | None = None,
        better: str = "less",
        note: str = "",
    ) -> dict[str, object]:
        """Keep one figure.

        Args:
            id: what was measured, `group.what`.
            value: the figure; None when it could not be measured (the note says why).
            unit: of value, baseline and target.
            baseline: the same thing in its barest form, for the ratio value / baseline.
            target: what was promised.
            better: "less" or "more": which side of the target is good.
            note: how it was measured.
        """
        if value is None:
            verdict = "not measured"
        elif target is None:
            verdict = "no target"
        else:
            verdict = "met" if (value <= target if better == "less" else value >= target) else "missed"
        line = {
            "id": id,
            "value": value,
            "unit": unit,
            "baseline": baseline,
            "ratio": round(value / baseline, 3) if value is not None and baseline else None,
            "target": target,
            "verdict": verdict,
            "note": note,
            "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        }
        with self.report.open("a") as report:
            report.write(json.dumps(line, ensure_ascii=False) + "\n")
        print(
            f"{verdict:13} {id:40} {value} {unit}" + (f" (target {target})" if target is not None else ""), flush=True
        )
        if verdict == "missed":
            self.missed.append(id)
        return line


def main() -> int:
    """Run the groups; 1 when a target was missed, 2 when there is no such group."""
    known = groups()
    chosen = sys.argv[1:] or list(known)
    if unknown := set(chosen) - set(known):
        print(f"No group {', '.join(sorted(unknown))}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    book = Book()
    for name in chosen:
        print(f"== {name}", flush=True)
        importlib.import_module(known[name]).run(book.record)
    print(f"{len(book.missed)} targets missed; figures in {book.report}")
    return 1 if book.missed else 0


if __name__ == "__main__":
    sys.exit(main())
