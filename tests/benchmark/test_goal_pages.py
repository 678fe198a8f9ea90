"""The page of a goal, and its card in other pages."""

import pytest
from django.template import Context, Template
from django.urls import reverse

from benchmark.models import Dataset, Goal

from .goal_forms import text


def test_the_goal_page_tells_and_shows(client, cast, goal):
    client.force_login(cast.participant)
    html = client.get(reverse("goals:detail", args=[goal.pk])).content.decode()
    assert "Hillegom wil van 12,0 minuten in 2006 naar 8,0 minuten in 2010." in html
    assert (
        "In 2008 was het 12,0 minuten; op de rechte lijn naar het doel zou het 10,0 minuten zijn: het loopt achter."
        in html
    )
    assert "Het moet nog 2,00 minuten per jaar omlaag" in html
    assert "loopt achter" in text(html)
    assert '<th scope="row">2010</th>' in html
    assert "k-svg__line--goal" in html


@pytest.mark.parametrize("name", ["detail", "edit", "withdraw"])
def test_a_stranger_gets_404(client, cast, goal, name):
    client.force_login(cast.stranger)
    assert client.get(reverse(f"goals:{name}", args=[goal.pk])).status_code == 404


def test_a_kring_member_reads_but_does_not_change(client, cast, goal):
    client.force_login(cast.colleague)
    assert client.get(reverse("goals:detail", args=[goal.pk])).status_code == 200
    assert client.get(reverse("goals:edit", args=[goal.pk])).status_code == 403
    assert client.post(reverse("goals:withdraw", args=[goal.pk])).status_code == 403
    assert Goal.objects.visible_to(cast.colleague).exists()


def render(source, user, **more):
    return Template("{% load benchmark %}" + source).render(Context({"user": user, **more}))


def test_the_goal_card_shows_nothing_to_a_stranger(cast, goal):
    assert "Korter wachten" in render("{% goal_card goal %}", cast.participant, goal=goal)
    assert "Korter wachten" not in render("{% goal_card goal %}", cast.stranger, goal=goal)


def test_the_chart_card_shows_the_readers_own_municipality(cast, figures):
    source = "{% chart_card 'wac_balie_gem' group='kring' %}"
    assert "Hillegom uit op 12,0 minuten" in render(source, cast.participant)
    assert "Zandvoort uit op 10,0 minuten" in render(source, cast.colleague)


def test_the_public_chart_card_names_nobody(cast, figures):
    card = render("{% chart_card 'wac_balie_gem' public=True %}", cast.participant)
    assert "8 gemeenten" in card
    assert "Hillegom" not in card


def test_a_chart_card_of_nothing_says_so(cast):
    assert "Deze grafiek kan hier niet worden getoond." in render("{% chart_card 'weg' %}", cast.participant)


@pytest.mark.parametrize("is_demo", [True, False])
def test_a_goal_on_example_figures_says_so_wherever_it_is_shown(client, cast, goal, figures, is_demo):
    Dataset.objects.update(is_demo=is_demo)
    client.force_login(cast.participant)
    shown = {address: "voorbeeldgegevens" in client.get(address).content.decode() for address in ("/", "/doelen/")}
    assert shown == {"/": is_demo, "/doelen/": is_demo}
