"""Getting figures in: a file becomes values, or a list of refusals and nothing at all.

    reading → validation → staging → commit        (undo goes back)

`run` takes a file, `run_rows` takes rows that a program made; both go the same way. Every distinct text of a column
is looked at once and the verdict is spread over the rows with arrays, which is what makes 650,000 rows a matter of
seconds. Nothing is written before the whole file is found good, and then in one transaction.
"""

from benchmark.imports.pipeline import Source, run, run_rows
from benchmark.imports.summary import ImportRefused, ImportSummary, QuestionsOpen
from benchmark.imports.undoing import UndoRefused, undo

__all__ = ["ImportRefused", "ImportSummary", "QuestionsOpen", "Source", "UndoRefused", "run", "run_rows", "undo"]
