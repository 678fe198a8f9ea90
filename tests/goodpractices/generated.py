"""Many practices in plain Dutch, for measurements: deterministic, and never shown to anybody."""

from __future__ import annotations

import datetime as dt
import random

from django.contrib.contenttypes.models import ContentType
from taggit.models import Tag, TaggedItem

from benchmark.models import Area
from goodpractices import indexing
from goodpractices.models import GoodPractice, OrganisationArea
from people.models import Municipality

_THINGS = """
afspraak balie telefoon website formulier kennisbank klantcontactcentrum openingstijd avondopenstelling
wachttijd levertijd klacht bezwaar vergunning paspoort rijbewijs uitkering melding servicenorm bejegening
training medewerker inwoner ondernemer digitaal loket midoffice zaaksysteem terugbelnotitie receptie leges
tarief brief mail chat nieuwsbrief enquete tevredenheid wachtrij piekuur rooster bezetting proces regie
samenwerking leverancier begroting
"""
_DEEDS = """
verkorten verbeteren meten vergelijken invoeren afschaffen samenvoegen vereenvoudigen oefenen bespreken
plannen uitleggen beantwoorden doorverbinden registreren digitaliseren controleren evalueren
"""
_FILL = """
de het een en wij met voor in op bij van niet meer elke week maand jaar gemeente team college afdeling
"""


def _text(chance: random.Random, words: int) -> str:
    """Return sentences of made-up Dutch; compounds make the vocabulary as wide as in real texts."""
    things, deeds, fill = _THINGS.split(), _DEEDS.split(), _FILL.split()
    out = []
    for _ in range(words):
        kind = chance.random()
        if kind < 0.5:
            out.append(chance.choice(fill))
        elif kind < 0.75:
            out.append(chance.choice(things))
        elif kind < 0.85:
            out.append(chance.choice(things) + chance.choice(things))
        else:
            out.append(chance.choice(deeds))
    return " ".join(out) + "."


def generate(number: int, *, municipalities: int = 342, tags: int = 300, seed: int = 2009) -> None:
    """Fill an empty library with `number` published practices of about 200 words, and index them."""
    chance = random.Random(seed)
    places = [
        Municipality.objects.get_or_create(code=f"GM{9000 + at}", defaults={"name": f"Gemeente {at}"})[0]
        for at in range(municipalities)
    ]
    areas = [Area.objects.get_or_create(slug=f"gebied-{at}", defaults={"name": f"Gebied {at}"})[0] for at in range(8)]
    Tag.objects.bulk_create(Tag(name=f"label{at}", slug=f"label{at}") for at in range(tags))
    labels = list(Tag.objects.filter(slug__startswith="label"))
    start = dt.datetime(2009, 1, 1, tzinfo=dt.UTC)
    made = GoodPractice.objects.bulk_create(
        [
            GoodPractice(
                slug=f"gemaakt-{at}",
                title=_text(chance, 6).capitalize(),
                municipality=chance.choice(places),
                summary=_text(chance, 15),
                situation=_text(chance, 60),
                approach=_text(chance, 80),
                result=_text(chance, 30),
                cost=_text(chance, 10),
                year=chance.choice([2005, 2006, 2007, 2008, 2009]),
                organisation_area=chance.choice(OrganisationArea.values),
                phase=chance.choice([1, 2, 3, 4, 5, None]),
                state=GoodPractice.State.PUBLISHED,
                visibility=chance.choice(GoodPractice.Visibility.values),
                published_at=start + dt.timedelta(minutes=at),
                is_demo=True,
            )
            for at in range(number)
        ],
        batch_size=200,
    )
    GoodPractice.areas.through.objects.bulk_create(
        [
            GoodPractice.areas.through(goodpractice_id=practice.pk, area_id=area.pk)
            for practice in made
            for area in chance.sample(areas, chance.choice([1, 1, 2]))
        ],
        batch_size=400,
    )
    kind = ContentType.objects.get_for_model(GoodPractice)
    TaggedItem.objects.bulk_create(
        [
            TaggedItem(content_type=kind, object_id=practice.pk, tag=tag)
            for practice in made
            for tag in chance.sample(labels, chance.choice([0, 1, 2, 3]))
        ],
        batch_size=400,
    )
    indexing.reindex_all()
