"""What an import did, or why it did nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from people.tables import Refusal


class ImportRefused(Exception):  # noqa: N818 — a refusal is an answer, not a fault
    """Rows were refused, so nothing was changed; `refusals` names each of them."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__("\n".join(str(each) for each in refusals))
        self.refusals = list(refusals)


@dataclass
class Outcome:
    """The result of one import: rows read, things made, changed and left as they were, and what should be known."""

    profile: str
    rows: int = 0
    made: int = 0
    changed: int = 0
    same: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def nothing_changed(self) -> bool:
        """Say whether everything in the file was known already."""
        return self.made == 0 and self.changed == 0

    @property
    def sentence(self) -> str:
        """The result in one sentence."""
        facts = {
            "profile": self.profile,
            "rows": self.rows,
            "made": self.made,
            "changed": self.changed,
            "same": self.same,
        }
        if self.nothing_changed:
            return _("Read %(rows)s rows (%(profile)s). Everything was known already; nothing changed.") % facts
        return (
            _("Read %(rows)s rows (%(profile)s): %(made)s added, %(changed)s changed, %(same)s left as they were.")
            % facts
        )
