"""Who may write and publish what in Wagtail."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Page

from cms.models import NewsIndexPage, StandardPage, StoryIndexPage, StoryPage
from cms.permissions import municipalities_to_write_for


def form(**fields: object) -> dict[str, object]:
    """What the admin's page form sends."""
    return {
        "title": "Korter wachten",
        "slug": "korter-wachten",
        "date": "2009-03-05",
        "intro": "Van achttien naar negen.",
        "body-count": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "1000",
        **fields,
    }


def add_address(kind: str, parent: Page) -> str:
    return f"/beheer/pages/add/cms/{kind}/{parent.pk}/"


@pytest.mark.parametrize("who", ["participant", "facilitator", "validator", "steering", "stranger"])
def test_who_does_not_write_is_kept_out_of_the_admin(client, cast, home, who):
    client.force_login(getattr(cast, who))
    assert client.get("/beheer/").status_code == 302


def test_an_editor_writes_stories_only(client, cast, home):
    client.force_login(cast.editor)
    assert client.get("/beheer/").status_code == 200
    assert client.get(add_address("storypage", StoryIndexPage.objects.get())).status_code == 200
    for kind, parent in (("newspage", NewsIndexPage.objects.get()), ("standardpage", home)):
        assert client.get(add_address(kind, parent)).status_code == 302
    privacy = StandardPage.objects.get(slug="privacy")
    assert client.get(f"/beheer/pages/{privacy.pk}/edit/").status_code == 302


def test_an_editor_submits_and_the_office_publishes(client, cast, home):
    client.force_login(cast.editor)
    values = form(municipality=cast.beverwijk.pk, consent="on")
    client.post(add_address("storypage", StoryIndexPage.objects.get()), {**values, "action-submit": "1"})
    story = StoryPage.objects.get()
    assert (story.live, story.municipality, story.current_workflow_state.status) == (
        False,
        cast.beverwijk,
        "in_progress",
    )
    client.logout()
    assert client.get(story.get_url()).status_code == 404

    client.force_login(cast.office)
    task = story.current_workflow_task_state
    client.post(f"/beheer/pages/workflow/action/{story.pk}/approve/{task.pk}/", {"comment": ""})
    client.logout()
    assert client.get(story.get_url()).status_code == 200


def test_an_editor_cannot_publish_alone(client, cast, home):
    client.force_login(cast.editor)
    values = form(municipality=cast.beverwijk.pk, consent="on")
    client.post(add_address("storypage", StoryIndexPage.objects.get()), {**values, "action-publish": "1"})
    assert StoryPage.objects.get().live is False


def test_an_editor_writes_for_their_own_municipality(client, cast, home):
    client.force_login(cast.editor)
    values = form(municipality=cast.hillegom.pk, consent="on")
    answer = client.post(add_address("storypage", StoryIndexPage.objects.get()), values)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["municipality"]
    assert not StoryPage.objects.exists()


def test_whom_one_may_write_for(cast):
    assert list(municipalities_to_write_for(cast.editor)) == [cast.beverwijk]
    assert list(municipalities_to_write_for(cast.participant)) == []
    assert municipalities_to_write_for(cast.office).count() == 4


@pytest.mark.parametrize(("action", "saved"), [("action-submit", False), ("action-publish", False), ("", True)])
def test_without_consent_a_story_stays_a_draft(client, cast, home, action, saved):
    client.force_login(cast.office)
    values = form(municipality=cast.hillegom.pk)
    client.post(add_address("storypage", StoryIndexPage.objects.get()), {**values, action: "1"} if action else values)
    assert StoryPage.objects.exists() is saved
    assert not StoryPage.objects.live().exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"consent": False}, "consent"),
        ({"quote": "Mooi."}, "quote_name"),
        ({"before_value": "18"}, "figure_label"),
    ],
)
def test_a_public_story_is_complete(add_story, fields, field):
    with pytest.raises(ValidationError) as refusal:
        add_story(**fields)
    assert list(refusal.value.error_dict) == [field]
