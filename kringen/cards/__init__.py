"""Cards under a message: a chart, a practice, a meeting, a goal, a poll or a file.

Somebody puts one there with an address of this site on a line of its own. What is kept is a *spec*: a small dict of
ids, without a title or a figure, so that the log of the room tells nobody more than they may know. What a reader sees
of it is made for that reader, when their page asks for it.

    {"kind": "chart", "indicator": "wac_balie_gem", "group": "kring", "report": "", "from": 2007, "to": None,
     "revision": 12}
    {"kind": "practice" | "meeting" | "goal" | "poll", "id": 3}
    {"kind": "file", "id": "6f1c…"}
"""

from __future__ import annotations

from typing import Any

Spec = dict[str, Any]

MOST = 6  # under one message
