"""What the first meeting of the demo left behind: adopted minutes, sheets, decisions, and a question with its answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from kringen.meetings import minutes, outcomes
from kringen.models import Decision, Kring, MeetingFile, Minutes, MinutesVersion, OfficeQuestion
from kringsite.demo import documents
from people import clock
from people.models import User


def load(made: Kring, content: dict[str, Any], facilitator: User, who: Callable[[str], User]) -> None:
    """Make it all by the same acts as people would; the clock of the demo stands after the amendment round."""
    meeting = made.meetings.get(number=content["meeting"])
    items = {item.position: item for item in meeting.agenda_items.all()}
    for number, line in enumerate(content["decisions"], start=1):
        Decision.objects.create(
            kring=made,
            meeting=meeting,
            item=items[line["item"]],
            year=meeting.date.year,
            number=number,
            text=line["text"],
            recorded_by=facilitator,
            recorded_at=dt.datetime.combine(meeting.date, dt.time(14), tzinfo=dt.UTC),
        )
    record = minutes.draft(meeting=meeting, by=facilitator)
    texts = {
        item.pk: "\n".join(filter(None, (content["texts"].get(str(item.position), ""), item.text)))
        for item in record.items.all()
    }
    minutes.save(minutes=record, texts=texts, seen=record.version, by=facilitator)
    if clock.today() > content["amend_until"]:
        # The round was in the past of the demo; opening one refuses a day that has passed.
        Minutes.objects.filter(pk=record.pk).update(state=Minutes.State.AMENDING, amend_until=content["amend_until"])
        adopted = minutes.adopt(minutes=record, by=facilitator)
        # On the day it would have been, not on the day of the demo: acts have no date but that of the clock.
        adopted.adopted_on = min(content["adopted_on"], clock.today())
        adopted.save(update_fields=["adopted_on"])
    else:
        minutes.open_round(minutes=record, until=content["amend_until"], by=facilitator)
    sheets = documents.pdf(content["sheets"], content["sheet_lines"])
    upload = SimpleUploadedFile(f"{content['sheets']}.pdf", sheets)
    outcomes.bring(meeting=meeting, upload=upload, role=MeetingFile.Role.SHEETS, by=facilitator)
    MinutesVersion.objects.filter(minutes=record).update(created_at=_at(content["drafted_on"]))
    asked = outcomes.ask(meeting=meeting, text=content["question"], by=who(content["asked_by"]))
    outcomes.answer(question=asked, text=content["answer"], by=facilitator)
    OfficeQuestion.objects.filter(pk=asked.pk).update(
        asked_at=_at(content["asked_on"]), answered_at=_at(content["answered_on"])
    )


def _at(day: dt.date) -> dt.datetime:
    """Return an hour of office on a day of the demo."""
    return dt.datetime.combine(day, dt.time(10), tzinfo=dt.UTC)
