"""Loads the demo. What is there already is left as it is, so what people entered is kept."""

from __future__ import annotations

from django.db import transaction

from benchmark import catalogue, imports
from benchmark.models import Dataset, Indicator, Measurement
from cms import examples as pages
from cms import structure
from goodpractices import examples as practices
from kringsite.demo import circles, conversations, figures, goals, maps, people
from kringsite.demo.content import read


def example_figures(codes: list[str]) -> int:
    """Bring in the generated figures through the same import as any file; return how many values there are."""
    dataset, _ = Dataset.objects.get_or_create(
        slug="voorbeeld",
        defaults={
            "name": "Voorbeeldgegevens",
            "source": "Voorbeeldgegevens, gemaakt voor de demonstratie",
            "is_demo": True,
        },
    )
    if not Measurement.objects.filter(dataset=dataset).exists():
        indicators = list(Indicator.objects.exclude(code__startswith="iv3_").order_by("code"))
        imports.run_rows(figures.rows(indicators, codes), dataset=dataset, name="voorbeeldgegevens")
    return Measurement.objects.filter(dataset=dataset).count()


@transaction.atomic
def load() -> dict[str, int]:
    """Load everything, with what every site needs before it; return what there is, by kind."""
    catalogue.load()
    structure.ensure_pages()
    places = people.municipalities()
    staff = people.programme()
    cycle = circles.year_plan()
    # Gooise Meren did not exist in the years of the example figures.
    values = example_figures([code for code, place in places.items() if place.existed_in(2004)])
    kring_c, new = circles.kring(read("kring_c"), cycle, places, staff["begeleider"])
    if new:
        circles.own_dates(kring_c, read("milestones")["kring_c"])
        goals.load(read("kring_c")["goals"], places)
        conversations.load(kring_c, places, staff["begeleider"])
    maps.load(by=staff["bureau"])
    circles.kring(read("kring_v"), cycle, places, staff["begeleider-v"])
    number = practices.load(by=staff["bureau"])
    if new:
        goals.link(read("kring_c")["goals"], kring_c, places)
    return {"municipalities": len(places), "values": values, "practices": number, "pages": pages.load()}
