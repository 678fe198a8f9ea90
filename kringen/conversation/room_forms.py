"""What people fill in about rooms and messages, without a script as well as with one."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from kringen.conversation.acting import REFUSALS
from kringen.conversation.content import MAX_BODY
from kringen.live.frames import MAX_ID
from kringen.models import Message, Room, Topic


class RoomForm(forms.ModelForm):
    """A new room; `submission` makes a double click open one room."""

    submission = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = Room
        fields = ["name", "about"]
        labels = {"name": _("Name of the room"), "about": _("What is it about?")}
        help_texts = {"about": _("One line, so that everybody knows what to talk about here.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("submission", uuid4())


class TopicForm(forms.ModelForm):
    """A new topic in a room."""

    submission = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = Topic
        fields = ["title"]
        labels = {"title": _("New topic")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("submission", uuid4())


class RenameForm(forms.ModelForm):
    """Another title for a topic."""

    class Meta:
        model = Topic
        fields = ["title"]
        labels = {"title": _("Title of the topic")}
        help_texts = {"title": _("Links to the topic keep working.")}


class MoveForm(forms.Form):
    """Where a message goes: to a topic of the room, or to a new one."""

    topic = forms.ModelChoiceField(Topic.objects.none(), label=_("Topic"), required=False, empty_label=_("A new topic"))
    title = forms.CharField(label=_("Title of the new topic"), max_length=120, required=False)
    following = forms.BooleanField(
        label=_("Also what was said after it in the same topic"), required=False, initial=True
    )

    def __init__(self, *args: Any, message: Message, may_move_all: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["topic"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = message.room.topics.exclude(pk=message.topic_id)
        if not may_move_all:
            del self.fields["following"]

    def clean(self) -> dict[str, Any]:
        """Want one of the two."""
        given = super().clean() or {}
        if not given.get("topic") and not given.get("title", "").strip() and "topic" not in self.errors:
            self.add_error("title", _("Choose a topic of this room, or write the title of a new one."))
        return given


class BodyField(forms.CharField):
    """The text of a message. The verb cleans it and decides; here only its absence gets the same sentence."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            strip=False,
            widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
            error_messages={"required": REFUSALS["empty"]},
            **kwargs,
        )


class MessageForm(forms.Form):
    """A message to send; `cid` is made once, so that a form sent twice is one message."""

    cid = forms.UUIDField(widget=forms.HiddenInput)
    body = BodyField(label=_("Your message"), required=False)  # a file alone is a message too; the verb decides
    reply_to = forms.IntegerField(required=False, min_value=1, max_value=MAX_ID)
    file = forms.FileField(required=False, allow_empty_file=True)
    topic = forms.ModelChoiceField(Topic.objects.none(), label=_("Topic"), required=False, empty_label=None)

    def __init__(self, *args: Any, room: Room, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("cid", uuid4())
        field = self.fields["topic"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = room.topics.all()


class EditForm(forms.Form):
    """Another text for a message."""

    cid = forms.UUIDField(widget=forms.HiddenInput)
    body = BodyField(
        label=_("Your message"), required=False, help_text=_("The others see that you changed it.")
    )  # cards alone are a message too; the verb decides

    def __init__(self, *args: Any, message: Message, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("cid", uuid4())
        self.initial.setdefault("body", message.body)


__all__ = ["MAX_BODY", "EditForm", "MessageForm", "MoveForm", "RenameForm", "RoomForm", "TopicForm"]
