"""What a reader sees of the cards under a message. Made when their page asks for it: one person's view is no other's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from benchmark import asking, goals, groups, history
from benchmark.asking import Reader
from benchmark.charts import trend
from benchmark.groups import UnknownGroup
from benchmark.models import Goal, Indicator
from benchmark.permissions import viewer_for
from benchmark.series import Series, UnknownReport
from goodpractices.models import GoodPractice
from kringen.cards import Spec
from kringen.conversation import polls
from kringen.conversation.acting import writable
from kringen.filekinds import PICTURES
from kringen.models import Attachment, Meeting, Message, Poll
from people.models import User


@dataclass(frozen=True, slots=True)
class Card:
    """One card for one reader: which template, and what it is given. Without `shown` there is only a sentence."""

    kind: str
    shown: dict[str, Any] | None = None
    sentence: str = ""

    @property
    def template(self) -> str:
        """The template of its kind."""
        return f"kringen/room/cards/{self.kind}.html"


def kind_words(spec: Spec) -> str:
    """Return what a card is, without saying what is on it."""
    return {
        "chart": _("a chart with your own figures"),
        "practice": _("a good practice"),
        "meeting": _("a meeting"),
        "goal": _("an improvement goal"),
        "poll": _("a poll"),
        "file": _("a file"),
    }[spec["kind"]]


@dataclass
class Showing:
    """Makes the cards of one message for one reader; what several cards need is fetched once."""

    message: Message
    reader: User
    place: str | None = None  # CBS code of whom to show; None: the reader's own municipality, empty: nobody's

    def cards(self) -> list[Card]:
        """Return the cards in the order in which they hang there; the message's room and kring must be loaded."""
        return [getattr(self, f"_{spec['kind']}")(spec) for spec in self.message.cards]

    @cached_property
    def who(self) -> Reader:
        """Who looks at figures: with their own municipality."""
        return asking.reader(self.reader, self.place)

    def _chart(self, spec: Spec) -> Card:
        indicator = Indicator.objects.select_related("area").filter(code=spec["indicator"]).first()
        if indicator is None:
            return Card("none", sentence=_("Here stood a chart of an indicator that does not exist any more."))
        key, note = self._group(spec["group"])
        wanted = {"first": spec["from"], "last": spec["to"], **asking.lines(self.who, indicator)}
        try:
            result = asking.ask(self.who, indicator, group=key, report=spec["report"], **wanted)
        except UnknownReport:
            result = asking.ask(self.who, indicator, group=key, **wanted)
        except UnknownGroup:
            return Card("none", sentence=_("This chart cannot be shown: its comparison group is not yours to see."))
        newer = history.changed_since(
            indicator, self.message.created_at, revision=spec["revision"], now=result.revision
        )
        page = f"{reverse('benchmark:indicator', args=[indicator.code])}?{self._state(result, spec)}"
        return Card(
            "chart",
            {
                "indicator": indicator,
                "chart": trend.chart(result),
                "result": result,
                "goals": result.goals,
                "note": note,
                "newer": newer,
                "revision": spec["revision"],
                "state": self._state(result, spec),
                "page": page,
                "then": f"{page}&revision={spec['revision']}",
            },
        )

    def _group(self, key: str) -> tuple[str, str]:
        """Return the reader's key of a group, and what to say when it is not the group that the writer chose."""
        keys = {choice.key for choice in self.who.choices}
        circle = self.message.room.kring.comparison_group_id
        ours = next(
            (one.key for one in self.who.choices if one.kind == "kring" and one.group and one.group.pk == circle), None
        )
        if key == "kring" and ours is not None:
            return ours, ""
        if key in keys and key != "kring":
            return key, ""
        fallback = ours or groups.preferred(self.who.viewer, self.who.choices)
        if key.startswith("peers:"):
            return fallback, _("The writer compared with a group of their own; you see another group.")
        return fallback, _("You see another comparison group than the writer chose.") if key else ""

    @staticmethod
    def _state(result: Series, spec: Spec) -> str:
        """Return the question of what is shown, as the page of the indicator and the interactive chart understand it."""
        state = QueryDict(mutable=True)
        state["indicator"] = result.indicator.code
        state["municipality"] = result.place.code if result.place is not None else ""
        state["group"] = result.group.key
        if result.report:
            state["report"] = result.report
        for name in ("from", "to"):
            if spec[name]:
                state[name] = str(spec[name])
        return state.urlencode()

    def _practice(self, spec: Spec) -> Card:
        found = GoodPractice.objects.published_to(self.reader).filter(pk=spec["id"]).for_cards().first()
        if found is None:
            return Card("none", sentence=_("Here stands a good practice that you cannot open (any more)."))
        return Card("practice", {"practice": found})

    def _meeting(self, spec: Spec) -> Card:
        found = Meeting.objects.visible_to(self.reader).filter(pk=spec["id"]).select_related("kring").first()
        if found is None:
            return Card("none", sentence=_("Here stands a meeting that you cannot see (any more)."))
        return Card("meeting", {"meeting": found})

    def _goal(self, spec: Spec) -> Card:
        found = Goal.objects.visible_to(self.reader).for_board().filter(pk=spec["id"]).first()
        if found is None:
            return Card("none", sentence=_("Here stands an improvement goal that you cannot see (any more)."))
        return Card("goal", {"one": goals.with_states([found], viewer=viewer_for(self.reader))[0]})

    def _poll(self, _spec: Spec) -> Card:
        poll = Poll.objects.filter(message=self.message).select_related("closed_by").first()
        if poll is None:
            return Card("none", sentence=_("Here stood a poll that does not exist any more."))
        poll.message = self.message
        if self.place == "":  # shown to all: nobody's own vote, and nothing to do
            return Card("poll", {"poll": poll, "result": polls.result(poll, None)})
        result = polls.result(poll, self.reader)
        may_write = writable(self.reader).filter(pk=self.message.room_id).exists()
        can_vote = result.is_open and may_write and (poll.may_change or not result.has_voted)
        if poll.voter == Poll.Voter.MUNICIPALITY and self.reader.municipality_id is None:
            can_vote = False
        return Card(
            "poll",
            {
                "poll": poll,
                "result": result,
                "can_vote": can_vote,
                "can_close": result.is_open and may_write and polls.may_close(self.reader, poll),
            },
        )

    def _file(self, spec: Spec) -> Card:
        found = Attachment.objects.visible_to(self.reader).filter(pk=spec["id"]).first()
        if found is None:
            return Card("none", sentence=_("Here stood a file that does not exist any more."))
        return Card("file", {"file": found, "is_picture": found.kind in PICTURES.values()})
