"""What people fill in about rooms and messages, without a script as well as with one."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from kringen.messages import MAX_BODY, REFUSALS
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
    body = BodyField(label=_("Your message"))
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
    body = BodyField(label=_("Your message"), help_text=_("The others see that you changed it."))

    def __init__(self, *args: Any, message: Message, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("cid", uuid4())
        self.initial.setdefault("body", message.body)


__all__ = ["MAX_BODY", "EditForm", "MessageForm", "RoomForm", "TopicForm"]
