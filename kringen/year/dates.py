"""Dates as people here say them: weekday, month in words, ISO week, in the language of the page."""

from __future__ import annotations

import datetime as dt
import re

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def day_text(day: dt.date) -> str:
    """Return "12 februari 2009"."""
    return date_format(day, "j F Y")


def weekday_text(day: dt.date) -> str:
    """Return "donderdag 12 februari 2009"."""
    return date_format(day, "l j F Y")


def weeks_text(first: dt.date, last: dt.date) -> str:
    """Return the ISO weeks of a period: "week 7", "week 26 & 27" or "week 14–18"."""
    a, b = first.isocalendar(), last.isocalendar()
    if (a.year, a.week) == (b.year, b.week):
        return _("week %(week)s") % {"week": a.week}
    monday = first - dt.timedelta(days=first.weekday())
    next_week = (monday + dt.timedelta(days=7)).isocalendar()
    joint = " & " if (next_week.year, next_week.week) == (b.year, b.week) else "–"
    return _("week %(week)s") % {"week": f"{a.week}{joint}{b.week}"}


def exact_text(day: dt.date) -> str:
    """Return "donderdag 12 februari 2009 (week 7)"."""
    return f"{weekday_text(day)} ({weeks_text(day, day)})"


def period_text(first: dt.date, last: dt.date) -> str:
    """Return "22 juni – 2 juli 2009", saying month and year once where they are the same."""
    if first == last:
        return day_text(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day_text(last)}"
    if first.year == last.year:
        return f"{date_format(first, 'j F')} – {day_text(last)}"
    return f"{day_text(first)} – {day_text(last)}"


def window_text(first: dt.date, last: dt.date) -> str:
    """Return "22 juni – 2 juli 2009 (week 26 & 27)"."""
    return f"{period_text(first, last)} ({weeks_text(first, last)})"


def vague_text(label: str, first: dt.date, last: dt.date) -> str:
    """Return the label as it was announced, with the year when it does not say one: "medio september 2009"."""
    if not label:
        return period_text(first, last)
    return label if re.search(r"\b\d{4}\b", label) else f"{label} {last.year}"


def days_text(days: int) -> str:
    """Return how far away a day is, in words: "today", "tomorrow", "in 22 days", "3 days ago"."""
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    if days < 0:
        return ngettext("%(days)s day ago", "%(days)s days ago", -days) % {"days": -days}
    return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days}
