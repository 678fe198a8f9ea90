"""What the figures, goals and promises of a kring propose for its agenda. Pure: from facts to ideas, in order.

A difference proposes nothing unless it passes the test of the figures themselves: a 95 % interval that leaves the
median of the kring out, three of the last five years on the same side of it, or the trend test. That a municipality
changed from one year to the next is said only where the intervals of the two figures lie apart: a verdict can turn
while the figure hardly moved.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from benchmark.beside import Beside, Member
from benchmark.calculations import Line, Outcome
from benchmark.goal_progress import Standing
from benchmark.goals import Standings
from benchmark.showing import State
from goodpractices.models import GoodPractice
from kringen.models import Action, AgendaItem, IntakeItem

# Of each kind so many, and so many shown at first: an agenda holds six items or eight, and a list that is not read
# proposes nothing.
MOST = 3
HANDFUL = 5
TITLE = 160
CIRCLE = "kring"  # the comparison group of an address: the reader's own circle


@dataclass(frozen=True)
class Facts:
    """What ideas rest on: nothing that a member of the kring may not know.

    Attributes:
        beside: members beside each other on the core indicators.
        goals: shared goals of members, with how they stand.
        actions: open promises of the kring, what is due first on top.
        shared: questions and themes of different municipalities that are about the same, with the word they share.
        practices: published practices in the areas of the kring's themes and goals that no member tried or shared.
        today: the day it is, as text and for what is overdue.
        meeting: id of the meeting that is proposed for, 0 without one.
    """

    beside: Sequence[Beside]
    goals: Sequence[Standings]
    actions: Sequence[Action]
    shared: Sequence[tuple[str, Sequence[IntakeItem]]]
    practices: Sequence[GoodPractice]
    today: Any
    meeting: int


@dataclass(frozen=True)
class Idea:
    """One item to propose.

    Attributes:
        key: names what it is about; settled once, it is not proposed again.
        source: why it is proposed, in a word, to be shown above it.
        title: of the item.
        kind: of the item.
        reason: a sentence.
        address: of the page that becomes a card under the item; empty without one.
        minutes: to begin with.
        chart: the picture beside the reason, compared with the kring; None where no figure speaks.
    """

    key: str
    source: str
    title: str
    kind: str
    reason: str
    address: str = ""
    minutes: int = 20
    chart: State | None = None


def ideas(facts: Facts, settled: Collection[str] = ()) -> list[Idea]:
    """Return what to propose, without what was settled before: the strongest of each kind, then the second of each."""
    by_kind = []
    for source in (_spread, _behind, _improved, _promised, _asked, _untried):
        fresh = [idea for idea in source(facts) if idea.key not in settled]
        by_kind.append(fresh[:MOST])
    return [idea for rank in zip_longest(*by_kind) for idea in rank if idea is not None]


def _page(chart: State) -> str:
    """Return the address of the page that shows a chart."""
    return f"{reverse('benchmark:indicator', args=[chart.indicator])}?{chart.query(indicator='')}"


def _spread(facts: Facts) -> Iterator[Idea]:
    """Propose what the kring differs most on, where somebody is better and somebody worse by the figures' own test."""
    found = []
    for one in facts.beside:
        better = [each for each in one.members if each.outcome is Outcome.BETTER]
        worse = [each for each in one.members if each.outcome is Outcome.WORSE]
        if not better or not worse:
            continue
        sign = 1 if one.indicator.direction == "up" else -1
        best = max(better, key=lambda each: (each.value * sign, each.name))
        last = min(worse, key=lambda each: (each.value * sign, each.name))
        # As a share of the larger of the two: minutes, euros and per cents can be put in one order.
        apart = abs(best.value - last.value) / max(abs(best.value), abs(last.value))
        found.append((apart, one, best, last))
    for _apart, one, best, last in sorted(found, key=lambda row: (-row[0], row[1].indicator.code)):
        chart = State(one.indicator.code, kind="distribution", group=CIRCLE, last=one.year)
        yield Idea(
            key=f"spread:{one.indicator.code}:{one.year}",
            source=_("Largest difference"),
            title=one.indicator.name[:TITLE],
            kind=AgendaItem.Kind.FIGURES,
            reason=_(
                "On this the kring differs much in %(year)s: %(best)s does better than the middle of the kring and"
                " %(last)s worse, and the figures are sure of both."
            )
            % {"year": one.year, "best": best.name, "last": last.name},
            address=_page(chart),
            minutes=30,
            chart=chart,
        )


def _behind(facts: Facts) -> Iterator[Idea]:
    late = [one for one in facts.goals if one.state.standing is Standing.BEHIND]
    for one in sorted(late, key=lambda each: (each.goal.target_date, each.goal.pk)):
        yield Idea(
            key=f"goal:{one.goal.pk}:{one.state.year}",
            source=_("A goal that fell behind"),
            title=one.goal.title[:TITLE],
            kind=AgendaItem.Kind.FIGURES,
            reason=_("This goal of %(place)s is behind: by the figure of %(year)s it will not be reached by %(day)s.")
            % {
                "place": one.goal.municipality,
                "year": one.state.year,
                "day": date_format(one.goal.target_date, "j F Y"),
            },
            address=one.goal.get_absolute_url(),
            chart=State(one.goal.indicator.code, municipality=one.goal.municipality.code, group=CIRCLE),
        )


def _improved(facts: Facts) -> Iterator[Idea]:
    """Propose who improved: of each indicator the surest first, so that one of them does not fill the list."""
    by_indicator = [list(_improved_on(one)) for one in facts.beside]
    for rank in zip_longest(*by_indicator):
        yield from (idea for idea in rank if idea is not None)


def _improved_on(one: Beside) -> Iterator[Idea]:
    for member in sorted(one.members, key=lambda each: (-(each.course.statistic or 0.0), each.name)):
        how = _how_it_improved(one, member)
        if how:
            chart = State(one.indicator.code, municipality=member.code, group=CIRCLE)
            yield Idea(
                key=f"improved:{one.indicator.code}:{member.place_id}:{one.year}",
                source=_("Somebody improved"),
                title=_("%(place)s: %(indicator)s") % {"place": member.name, "indicator": one.indicator.name[:100]},
                kind=AgendaItem.Kind.FIGURES,
                reason=f"{how} " + _("Ask them how."),
                address=_page(chart),
                chart=chart,
            )


def _how_it_improved(one: Beside, member: Member) -> str:
    """Return in words how a member improved, when a test says so; else nothing."""
    good = {"up": Line.UP, "down": Line.DOWN}.get(one.indicator.direction)
    words = {"place": member.name, "year": one.year}
    was_not = member.before is not None and member.before.outcome in {Outcome.SIMILAR, Outcome.WORSE}
    if good is not None and member.moved is good and was_not and member.outcome is Outcome.BETTER:
        return _("%(place)s does better than the middle of the kring in %(year)s, and did not before.") % words
    if good is not None and member.course.line is good and member.course.last == one.year:
        return _("%(place)s improves steadily: its figures up to %(year)s pass the trend test.") % words
    return ""


def _promised(facts: Facts) -> Iterator[Idea]:
    if not facts.actions:
        return
    late = sum(action.is_overdue(facts.today) for action in facts.actions)
    number = len(facts.actions)
    reason = ngettext("%(n)s promise is open.", "%(n)s promises are open.", number) % {"n": number}
    if late:
        reason += " " + ngettext("Of %(n)s the day has passed.", "Of %(n)s the day has passed.", late) % {"n": late}
    yield Idea(
        key=f"actions:{facts.meeting}",
        source=_("Open promises"),
        title=_("What became of what we promised"),
        kind=AgendaItem.Kind.ACTIONS,
        reason=f"{reason} {'; '.join(_by_promise(facts.actions)[:MOST])}.",
        minutes=15,
    )


def _by_promise(actions: Sequence[Action]) -> list[str]:
    """Return each promise once, with who made it; of many their number."""
    owners: dict[str, list[str]] = {}
    for action in actions:
        owners.setdefault(action.text, []).append(str(action.municipality or action.owner or _("nobody")))
    few = 2
    return [f"{text} ({', '.join(who) if len(who) <= few else _number(len(who))})" for text, who in owners.items()]


def _number(places: int) -> str:
    return ngettext("%(n)s municipality", "%(n)s municipalities", places) % {"n": places}


def _asked(facts: Facts) -> Iterator[Idea]:
    for word, items in facts.shared:
        places = sorted({item.intake.municipality.name for item in items})
        yield Idea(
            key="asked:" + "-".join(str(pk) for pk in sorted(item.pk for item in items))[:100],
            source=_("Asked by several"),
            title=_("Shared question: %(word)s") % {"word": word},
            kind=AgendaItem.Kind.THEME,
            reason=_("%(places)s brought this up in their intake: %(texts)s")
            % {"places": ", ".join(places), "texts": " ".join(f"“{item.text}”" for item in items[:MOST])},
            minutes=30,
        )


def _untried(facts: Facts) -> Iterator[Idea]:
    for practice in facts.practices:
        yield Idea(
            key=f"practice:{practice.pk}",
            source=_("Nobody here tried it"),
            title=practice.title[:TITLE],
            kind=AgendaItem.Kind.PRACTICE,
            reason=_("%(place)s does this, in an area of your themes or goals, and nobody of the kring tried it yet.")
            % {"place": practice.municipality},
            address=reverse("goodpractices:detail", args=[practice.slug]),
        )
