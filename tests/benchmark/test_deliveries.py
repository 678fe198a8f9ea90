"""From draft to published: who may take which step, what stays of it, and who sees it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from benchmark import deliveries, imports
from benchmark.deliveries import Pair, StepRefused
from benchmark.imports import scopes
from benchmark.models import DataRevision, Indicator, Measurement, MeasurementRevision

pytestmark = pytest.mark.django_db

QUEUE = "/benchmark/controle/"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def client_of(user) -> Client:
    made = Client(headers={"accept-language": "en"})
    made.force_login(user)
    made.cookies["django_language"] = "en"
    return made


@pytest.fixture
def draft(cast) -> Measurement:
    """A draft that Beverwijk's editor brought in."""
    rows = [{"gm_code": "GM0375", "indicator": "wac_balie_gem", "year": 2008, "value": 12.25}]
    imports.run_rows(rows, user=cast.editor, scope=scopes.for_user(cast.editor))
    return Measurement.objects.get()


def pair(value: Measurement) -> list[Pair]:
    return [Pair(value.municipality_id, value.indicator_id)]


def status() -> str:
    return Measurement.objects.values_list("status", flat=True).get()


def test_the_whole_way_and_what_stays_of_it(cast, draft):
    assert draft.status == "draft"
    before = DataRevision.current()
    assert deliveries.submit(pairs=pair(draft), by=cast.editor).done == 1
    assert deliveries.validate(pairs=pair(draft), by=cast.validator).done == 1
    assert deliveries.publish(pairs=pair(draft), by=cast.office).done == 1
    assert status() == "published"
    steps = MeasurementRevision.objects.order_by("pk").values_list("action", "by__email", "before__status")
    assert list(steps) == [
        ("submitted", cast.editor.email, "draft"),
        ("validated", cast.validator.email, "submitted"),
        ("published", cast.office.email, "validated"),
    ]
    assert DataRevision.current() == before + 3


def test_a_step_is_not_skipped(cast, draft):
    assert deliveries.validate(pairs=pair(draft), by=cast.validator).done == 0
    assert deliveries.publish(pairs=pair(draft), by=cast.validator).done == 0
    assert (status(), MeasurementRevision.objects.count()) == ("draft", 0)


def test_sending_back_needs_a_reason_that_the_municipality_reads(cast, draft):
    deliveries.submit(pairs=pair(draft), by=cast.editor)
    with pytest.raises(StepRefused, match="Say why"):
        deliveries.reject(pairs=pair(draft), by=cast.validator, why="  ")
    deliveries.reject(pairs=pair(draft), by=cast.validator, why="Minuten of seconden?")
    assert status() == "draft"
    assert "Minuten of seconden?" in client_of(cast.editor).get(QUEUE).content.decode()


def test_nobody_validates_what_they_brought_in_or_handed_in(cast, draft):
    rows = [{"gm_code": "GM0534", "indicator": "wac_balie_gem", "year": 2008, "value": 9, "status": "submitted"}]
    imports.run_rows(rows, user=cast.validator)
    own = Measurement.objects.get(municipality=cast.hillegom)
    outcome = deliveries.validate(pairs=pair(own), by=cast.validator)
    assert (outcome.done, outcome.own) == (0, 1)
    assert "somebody else must look at it" in outcome.sentence("validated")
    deliveries.submit(pairs=pair(draft), by=cast.office)
    assert deliveries.validate(pairs=pair(draft), by=cast.office).own == 1
    assert deliveries.validate(pairs=[*pair(own), *pair(draft)], by=cast.validator).done == 1


@pytest.mark.parametrize("who", ["editor", "participant", "stranger", "steering"])
def test_others_do_not_judge(cast, draft, who):
    deliveries.submit(pairs=pair(draft), by=cast.editor)
    for verb, more in ((deliveries.validate, {}), (deliveries.publish, {}), (deliveries.reject, {"why": "x"})):
        with pytest.raises(StepRefused):
            verb(pairs=pair(draft), by=getattr(cast, who), **more)
    assert status() == "submitted"


def test_an_editor_hands_in_for_the_own_municipality_only(cast, draft):
    other = Measurement.objects.create(
        indicator=cast.indicator, municipality=cast.delft, year=2008, value=3, status="draft", dataset=draft.dataset
    )
    assert deliveries.submit(pairs=[*pair(draft), *pair(other)], by=cast.editor).done == 1
    assert Measurement.objects.get(pk=other.pk).status == "draft"


def test_the_pages_from_draft_to_published(cast, draft):
    ticked = f"{draft.municipality_id}-{draft.indicator_id}"
    editor, validator = client_of(cast.editor), client_of(cast.validator)
    assert editor.post(QUEUE, {"pair": ticked, "step": "validate"}).status_code == 422
    assert editor.post(QUEUE, {"step": "submit"}).status_code == 422
    editor.post(QUEUE, {"pair": ticked, "step": "submit"})
    assert status() == "submitted"
    assert "Beverwijk" in validator.get(QUEUE).content.decode()
    validator.post(QUEUE, {"pair": ticked, "step": "validate"})
    page = validator.post(QUEUE, {"pair": ticked, "step": "publish"}, follow=True)
    assert "1 cijfer is gepubliceerd." in page.content.decode()
    assert status() == "published"


def test_the_queue_of_an_editor_has_no_others(cast, draft):
    Measurement.objects.create(
        indicator=cast.indicator, municipality=cast.delft, year=2008, value=3, status="draft", dataset=draft.dataset
    )
    body = client_of(cast.editor).get(QUEUE).content.decode()
    assert "Beverwijk" in body
    assert "Delft" not in body


def test_the_queue_costs_the_same_with_one_and_with_three(cast, draft, django_assert_num_queries):
    client = client_of(cast.validator)
    client.get(QUEUE)
    with CaptureQueriesContext(connection) as one:
        client.get(QUEUE)
    for at in range(2):
        other = Indicator.objects.create(code=f"x{at}", name=f"X {at}", unit="", direction="up", area=cast.area)
        Measurement.objects.create(
            indicator=other, municipality=cast.delft, year=2008, value=3, status="submitted", dataset=draft.dataset
        )
    with django_assert_num_queries(len(one)):
        page = client.get(QUEUE)
    assert len(page.context["rows"]) == 3


def test_a_value_opens_its_history(cast, draft):
    deliveries.submit(pairs=pair(draft), by=cast.editor)
    page = client_of(cast.validator).get(f"/benchmark/waarden/{draft.pk}/")
    assert [(step["what"], step["value"], step["status"]) for step in page.context["steps"]] == [
        ("ingediend", 12.25, "submitted"),
        ("ingelezen", 12.25, "draft"),
    ]
    years = client_of(cast.validator).get("/benchmark/indicatoren/wac_balie_gem/geschiedenis/?municipality=GM0375")
    assert f"/benchmark/waarden/{draft.pk}/" in years.content.decode()


def test_what_was_never_published_stays_inside(cast, draft):
    """A draft of 777 became 12 before it was published: Hillegom, in the same kring, must not see the 777."""
    Measurement.objects.update(value=777)
    rows = [{"gm_code": "GM0375", "indicator": "wac_balie_gem", "year": 2008, "value": 12}]
    imports.run_rows(rows, user=cast.editor, scope=scopes.for_user(cast.editor), name="geheim.csv")
    deliveries.submit(pairs=pair(draft), by=cast.editor)
    deliveries.validate(pairs=pair(draft), by=cast.validator)
    address = f"/benchmark/waarden/{draft.pk}/"
    assert client_of(cast.participant).get(address).status_code == 404
    deliveries.publish(pairs=pair(draft), by=cast.validator)
    body = client_of(cast.participant).get(address).content.decode()
    assert "777" not in body
    assert "geheim.csv" not in body
    assert "777" in client_of(cast.editor).get(address).content.decode()
    assert client_of(cast.stranger).get(address).status_code == 404
    assert Client().get(address).status_code == 404


def test_an_editor_takes_an_own_draft_back_but_nothing_validated(cast, draft):
    batch = draft.batch
    deliveries.submit(pairs=pair(draft), by=cast.editor)
    deliveries.validate(pairs=pair(draft), by=cast.validator)
    undo = f"/benchmark/invoer/{batch.pk}/terug/"
    client_of(cast.editor).post(undo)
    assert Measurement.objects.count() == 1
    deliveries.reject(pairs=pair(draft), by=cast.validator, why="nakijken")
    client_of(cast.editor).post(undo)
    assert Measurement.objects.count() == 0
