"""Goals: who makes, sees and changes them; the form; the pages."""

import datetime as dt
import re
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmark import goals
from benchmark.goals import Aim
from benchmark.models import Dataset, Goal

AIM = Aim(
    title="Korter wachten", target_value=8.0, target_date=dt.date(2010, 12, 31), baseline_value=12.0, baseline_year=2006
)


def text(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.fixture
def goal(cast, figures):
    return goals.create_goal(by=cast.participant, municipality=cast.hillegom, indicator=cast.indicator, aim=AIM)


def form(**changes):
    return {
        "indicator": "wac_balie_gem",
        "title": "Korter wachten",
        "baseline_value": "12,0",
        "baseline_year": "2008",
        "target_value": "9,5",
        "target_date": "2010-12-31",
        "visibility": "kring",
        "submission": str(uuid.uuid4()),
        **changes,
    }


# ---- verbs ------------------------------------------------------------------------------------------------------


def test_only_for_the_own_municipality(cast):
    for who in (cast.participant, cast.stranger, cast.facilitator, cast.validator, cast.steering):
        with pytest.raises(PermissionDenied):
            goals.create_goal(by=who, municipality=cast.zandvoort, indicator=cast.indicator, aim=AIM)
    for who in (cast.colleague, cast.office, cast.admin):
        goals.create_goal(by=who, municipality=cast.zandvoort, indicator=cast.indicator, aim=AIM)
    assert Goal.objects.count() == 3


def test_an_editor_may_for_their_municipality(cast):
    made = goals.create_goal(by=cast.editor, municipality=cast.beverwijk, indicator=cast.indicator, aim=AIM)
    assert made.owner == cast.editor


def test_others_cannot_change_or_withdraw(cast, goal):
    for who in (cast.colleague, cast.stranger, cast.facilitator):
        with pytest.raises(PermissionDenied):
            goals.edit_goal(by=who, goal=goal, aim=AIM)
        with pytest.raises(PermissionDenied):
            goals.withdraw_goal(by=who, goal=goal)


@pytest.mark.parametrize(
    ("visibility", "seen_by"),
    [
        ("own", {"participant", "office", "admin"}),
        ("kring", {"participant", "facilitator", "office", "admin", "colleague"}),
        (
            "public",
            {
                "public",
                "participant",
                "facilitator",
                "editor",
                "validator",
                "office",
                "steering",
                "admin",
                "stranger",
                "deactivated",
                "colleague",
            },
        ),
    ],
)
def test_who_sees_a_goal(cast, goal, visibility, seen_by):
    Goal.objects.update(visibility=visibility)
    people = {**cast.everyone(), "colleague": cast.colleague}
    assert {name for name, user in people.items() if Goal.objects.visible_to(user).exists()} == seen_by


def test_withdrawn_is_gone_for_everybody(cast, goal):
    goals.withdraw_goal(by=cast.participant, goal=goal)
    assert goal.withdrawn_on == dt.date(2009, 3, 5)
    assert not Goal.objects.visible_to(cast.office).exists()


def test_a_form_sent_twice_makes_one(cast):
    once = uuid.uuid4()
    made = [
        goals.create_goal(
            by=cast.participant, municipality=cast.hillegom, indicator=cast.indicator, aim=AIM, submission=once
        )
        for _twice in range(2)
    ]
    assert made[0] == made[1]
    assert Goal.objects.count() == 1


# ---- state ------------------------------------------------------------------------------------------------------


def test_the_state_follows_from_the_figures(cast, goal, figures):
    """12 in 2006 to 8 in 2010: 10 in 2008 would be on the path, it is 12."""
    from benchmark.permissions import viewer_for

    one = goals.with_states([goal], viewer=viewer_for(cast.participant))[0]
    assert (one.state.standing, one.state.value, one.state.expected, one.state.needed_per_year) == (
        "behind",
        12.0,
        10.0,
        -2.0,
    )


def test_the_public_learns_no_figure_from_a_public_goal(client, cast, goal):
    Goal.objects.update(visibility="public", baseline_value=None, baseline_year=None)
    html = client.get(reverse("goals:detail", args=[goal.pk])).content.decode()
    assert "De cijfers van deze gemeente zijn niet openbaar" in html
    assert "12,0" not in html


def test_home_shows_own_goals_in_constant_queries(cast, goal):
    def anew():
        for kept in ("_benchmark_viewer", "_current_roles"):
            cast.participant.__dict__.pop(kept, None)

    anew()
    with CaptureQueriesContext(connection) as one:
        assert [found.goal for found in goals.for_home(cast.participant)] == [goal]
    for _extra in range(2):
        goals.create_goal(by=cast.participant, municipality=cast.hillegom, indicator=cast.indicator, aim=AIM)
    anew()
    with CaptureQueriesContext(connection) as three:
        assert len(goals.for_home(cast.participant)) == 3
    assert len(one) == len(three)
    assert goals.for_home(cast.facilitator) == []


def test_progress_counts_without_names(cast, goal):
    assert goals.progress() == {"reached": 0, "on-track": 0, "behind": 1, "unknown": 0}


# ---- pages ------------------------------------------------------------------------------------------------------


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


def test_steering_sees_counts_only(client, cast, goal):
    client.force_login(cast.steering)
    html = client.get(reverse("goals:board")).content.decode()
    assert "loopt achter: 1" in text(html)
    assert "Korter wachten" not in html


def test_board_own_first_then_the_others(client, cast, goal):
    goals.create_goal(by=cast.colleague, municipality=cast.zandvoort, indicator=cast.indicator, aim=AIM)
    client.force_login(cast.participant)
    found = text(client.get(reverse("goals:board")).content.decode())
    assert found.index("Doelen van mijn gemeente") < found.index("Hillegom ·") < found.index("Doelen van anderen")
    assert found.index("Doelen van anderen") < found.index("Zandvoort ·")


def test_board_costs_the_same_for_one_and_three(client, cast, goal):
    client.force_login(cast.participant)

    def cost():
        client.get(reverse("goals:board"))
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("goals:board"))
        return len(seen)

    one = cost()
    for who, where in ((cast.colleague, cast.zandvoort), (cast.participant, cast.hillegom)):
        goals.create_goal(by=who, municipality=where, indicator=cast.indicator, aim=AIM)
    assert cost() == one


def test_make_a_goal_with_a_decimal_comma(client, cast, figures):
    client.force_login(cast.participant)
    page = client.get(reverse("goals:new"), {"indicator": "wac_balie_gem"}).content.decode()
    assert 'value="12"' in page  # the latest own value to begin with
    assert 'value="2008"' in page
    data = form()
    for _twice in range(2):
        assert client.post(reverse("goals:new"), data).status_code == 302
    made = Goal.objects.get()
    assert (made.municipality, made.baseline_value, made.target_value) == (cast.hillegom, 12.0, 9.5)
    assert made.target_date == dt.date(2010, 12, 31)


def test_an_unknown_start_is_fine(client, cast, figures):
    client.force_login(cast.participant)
    assert client.post(reverse("goals:new"), form(baseline_value="", baseline_year="")).status_code == 302
    assert Goal.objects.get().baseline_value is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"target_date": "2009-03-05"}, "05-03-2009 ligt niet in de toekomst. Kies een dag na vandaag."),
        ({"target_value": "tien"}, "“tien” is geen getal. Schrijf het met cijfers en een komma, zoals 12,5."),
        ({"baseline_year": ""}, "Van welk jaar is de beginwaarde? Vul een jaar in."),
        ({"baseline_year": "2010"}, "Het begin (2010) moet vóór het jaar van de streefwaarde (2010) liggen."),
        (
            {"target_value": "14"},
            "Lager is beter. Uw streefwaarde (14,0 minuten) gaat vanaf het begin (12,0 minuten) de andere kant op.",
        ),
    ],
)
def test_what_cannot_be_meant_is_told(client, cast, figures, changes, said):
    client.force_login(cast.participant)
    answer = client.post(reverse("goals:new"), form(**changes))
    assert said in answer.content.decode()
    assert not Goal.objects.exists()


def test_the_wrong_direction_can_be_confirmed(client, cast, figures):
    client.force_login(cast.participant)
    asked = client.post(reverse("goals:new"), form(target_value="14")).content.decode()
    assert 'name="confirm_direction"' in asked
    assert client.post(reverse("goals:new"), form(target_value="14", confirm_direction="on")).status_code == 302


def test_nobody_sets_a_goal_for_another_by_the_form(client, cast, figures):
    client.force_login(cast.participant)
    client.post(reverse("goals:new"), form(municipality=cast.zandvoort.pk))
    assert Goal.objects.get().municipality == cast.hillegom


@pytest.mark.parametrize("who", ["facilitator", "validator", "steering"])
def test_who_has_no_municipality_sets_no_goal(client, cast, who):
    client.force_login(getattr(cast, who))
    assert client.get(reverse("goals:new")).status_code == 403


def test_the_public_must_log_in(client, cast):
    assert client.get(reverse("goals:new")).status_code == 302


def test_an_unknown_indicator_offers_the_list(client, cast):
    client.force_login(cast.participant)
    answer = client.get(reverse("goals:new"), {"indicator": "weg"})
    assert answer.status_code == 404
    assert "Gemiddelde wachttijd balie zonder afspraak" in answer.content.decode()


def test_change_and_withdraw(client, cast, goal):
    client.force_login(cast.participant)
    assert client.post(reverse("goals:edit", args=[goal.pk]), form(title="Nog korter")).status_code == 302
    goal.refresh_from_db()
    assert goal.title == "Nog korter"
    assert client.get(reverse("goals:withdraw", args=[goal.pk])).status_code == 200
    client.post(reverse("goals:withdraw", args=[goal.pk]))
    assert client.get(reverse("goals:detail", args=[goal.pk])).status_code == 404


# ---- cards in other pages -----------------------------------------------------------------------------------------


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
