"""Setting and changing goals by the form: who may, what is refused, what is asked."""

import datetime as dt

import pytest
from django.urls import reverse

from benchmark import series
from benchmark.models import Goal, IndicatorVersion, Norm

from .goal_forms import form


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
    assert (
        client.post(reverse("goals:new"), form(baseline_value="", baseline_year="", confirm_unknown="on")).status_code
        == 302
    )
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


def test_targets_on_the_way_bend_the_path(client, cast, figures):
    client.force_login(cast.participant)
    assert client.post(reverse("goals:new"), form(baseline_year="2006", steps="2008: 11,5")).status_code == 302
    made = Goal.objects.get()
    assert made.steps == [[2008, 11.5]]
    assert "Onderweg: 2008: 11,5 minuten." in client.get(made.get_absolute_url()).content.decode()
    assert series.goal_line(made).in_year(2007) == 11.75


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"steps": "volgend jaar 11"}, "Regel 1 (“volgend jaar 11”) is geen jaar"),
        ({"steps": "2011: 9"}, "2011 ligt niet tussen het begin (2008) en het doel (2010)."),
        ({"baseline_value": "", "baseline_year": ""}, "Zonder beginwaarde kan niemand zeggen"),
        ({"target_value": ""}, "Wat moet het cijfer worden?"),
        ({"kind": "norm"}, "Voor deze indicator is er geen norm."),
        ({"kind": "survey"}, "komt niet uit een onderzoek onder klanten"),
    ],
)
def test_what_is_odd_about_a_goal_is_told(client, cast, figures, changes, said):
    client.force_login(cast.participant)
    assert said in client.post(reverse("goals:new"), form(**changes)).content.decode()
    assert not Goal.objects.exists()


def test_an_indicator_that_ends_cannot_be_reached_after_it(client, cast, figures):
    IndicatorVersion.objects.create(indicator=cast.indicator, year_until=2010)
    client.force_login(cast.participant)
    assert "vanaf 2010 niet meer gemeten" in client.post(reverse("goals:new"), form()).content.decode()
    assert not Goal.objects.exists()


def test_a_norm_gives_its_target(client, cast, figures):
    norm = Norm.objects.create(indicator=cast.indicator, source="vng", bound="max", value=10.0)
    client.force_login(cast.participant)
    client.post(reverse("goals:new"), form(kind="norm", norm=norm.pk, target_value=""))
    assert (Goal.objects.get().target_value, Goal.objects.get().norm) == (10.0, norm)
