"""From somebody to learn from to the talk with them: the room about the indicator or the practice, with its card in it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from benchmark import asking
from benchmark.models import Indicator
from goodpractices import teachers
from goodpractices.models import Adoption, GoodPractice
from kringen.conversation import rooms
from kringen.models import Kring, Topic
from kringen.models.kring import kring_ids_of
from people.models import User


@dataclass(frozen=True, slots=True)
class _Question:
    """Whom somebody asks (key and name of the municipality), about what, and from which page they come.

    Attributes:
        about: what the room is about.
        card: the address that becomes the card under the question.
        back: where to go when they cannot be asked.
    """

    place: int
    name: str
    about: Model
    text: str
    card: str
    back: str


def shared_kring(user: User, municipality: int) -> Kring | None:
    """Return the kring in which this person and a municipality both sit, or None."""
    shared = Kring.objects.filter(pk__in=kring_ids_of(user), memberships__municipality=municipality)
    return shared.order_by("name").first()


@login_required
@require_POST
def ask(request: HttpRequest, code: str, place: str) -> HttpResponse:
    """Open a topic with a question to a municipality in the room about an indicator, with the chart in it."""
    user = cast("User", request.user)
    indicator = get_object_or_404(Indicator.objects.select_related("area"), code=code)
    found = teachers.of(asking.reader(user), [indicator])[indicator.pk]
    teacher = next((one for one in found if one.peer.place.code == place.upper()), None)
    if teacher is None:
        raise Http404
    page = reverse("benchmark:indicator", args=[indicator.code])
    text = _("%(place)s, what do you do about %(indicator)s, and what would you advise us?") % {
        "place": teacher.peer.place.name,
        "indicator": indicator.name,
    }
    where = teacher.peer.place
    return _opened(request, user, _Question(where.id, where.name, indicator, text, page, f"{page}#learn"))


@login_required
@require_POST
def ask_adopter(request: HttpRequest, slug: str, place: str) -> HttpResponse:
    """Open a topic with a question to an adopter in the room about a practice, with the practice in it."""
    user = cast("User", request.user)
    practice = get_object_or_404(GoodPractice.objects.published_to(user), slug=slug)
    may_be_asked = Adoption.objects.visible_to(user).filter(practice=practice, may_be_asked=True)
    adoption = get_object_or_404(
        may_be_asked.exclude(municipality=user.municipality_id).select_related("municipality"),
        municipality__code=place.upper(),
    )
    page = reverse("goodpractices:detail", args=[practice.slug])
    name = adoption.municipality.name
    if adoption.state == Adoption.State.STOPPED:
        text = _("%(place)s, you did this and stopped. What happened, and what would you advise us?") % {"place": name}
    else:
        text = _("%(place)s, how does this go with you, and what would you advise us?") % {"place": name}
    question = _Question(adoption.municipality_id, name, practice, text, page, f"{page}#adopters-heading")
    return _opened(request, user, question)


def _opened(request: HttpRequest, user: User, question: _Question) -> HttpResponse:
    """Go to the talk, or back with why there is none."""
    kring = shared_kring(user, question.place)
    if kring is None:
        messages.info(
            request,
            _("You share no kring with %(place)s. The facilitator can bring you together.") % {"place": question.name},
        )
        return redirect(question.back)
    try:
        topic = _talk(user, kring, question)
    except rooms.RoomRefused as refused:
        messages.error(request, str(refused))
        return redirect(question.back)
    return redirect(f"{reverse('kringen:room', args=[kring.slug, topic.room_id])}?onderwerp={topic.pk}")


def _talk(user: User, kring: Kring, question: _Question) -> Topic:
    """Return the topic with the question; asked twice by one person it is one question."""
    room = rooms.open_about(kring=kring, subject=question.about, by=user)
    title = _("Question to %(place)s") % {"place": question.name}
    topic = rooms.start_topic(room=room, title=title, by=user, client_id=uuid.uuid4())
    asked = uuid.uuid5(uuid.NAMESPACE_URL, f"learn:{user.pk}:{topic.pk}")
    if not topic.messages.filter(sender=user).exists():
        text = f"{question.text}\n\n{question.card}"
        rooms.send(sender=user, room=room, topic_id=topic.pk, client_id=asked, body=text)
    return topic
