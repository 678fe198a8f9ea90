"""Lays out the public site: its pages, who may write where, and how a text is approved. Safe to run again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from cms.models import EventIndexPage, HomePage, NewsIndexPage, StandardPage, StoryIndexPage
from people.roles import EDITORS, OFFICE

CONTENT = Path(__file__).with_name("content")
WORKFLOW = "Goedkeuring door het bureau"


def read(name: str) -> Any:
    """Return the content of `content/<name>.json`."""
    return json.loads((CONTENT / f"{name}.json").read_text(encoding="utf-8"))


def stream(*parts: str | tuple[str, Any]) -> list[tuple[str, Any]]:
    """Return what a StreamField takes: loose strings are rich text."""
    from wagtail.rich_text import RichText

    return [("text", RichText(part)) if isinstance(part, str) else part for part in parts]


@transaction.atomic
def ensure_pages() -> HomePage:
    """Make what is missing and leave what is there, so that editors' work is kept.

    Returns:
        The front page.
    """
    Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    home = HomePage.objects.first() or _front_page(root)
    _site(home)
    for kind in (StoryIndexPage, NewsIndexPage, EventIndexPage):
        _under(home, kind, **read("pages")[kind.__name__])
    for page in read("pages")["StandardPage"]:
        body = page.pop("body")
        _under(home, StandardPage, body=stream(*body), **page)
    _rights(home)
    return home


def _front_page(root: Page) -> HomePage:
    """Put the front page in the place of the page that Wagtail begins with."""
    text = read("home")
    cards = text.pop("cards")
    for welcome in root.get_children().filter(slug="home", content_type__model="page"):
        # A site without a root page would be deleted with it; it gets the new page right after.
        Site.objects.filter(root_page=welcome).update(root_page=root)
        welcome.delete()
    root.refresh_from_db()
    home = HomePage(slug="home", body=stream(("cards", cards)), **text)
    return root.add_child(instance=home)


def _site(home: HomePage) -> None:
    """Let the one site begin at the front page."""
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        Site.objects.create(
            hostname="localhost", port=80, root_page=home, is_default_site=True, site_name=settings.WAGTAIL_SITE_NAME
        )
    elif site.root_page_id != home.pk:
        site.root_page = home
        site.site_name = settings.WAGTAIL_SITE_NAME
        site.save()


def _under(home: HomePage, kind: type[Page], **fields: Any) -> None:
    """Make a page under the front page where no page has its slug."""
    home.refresh_from_db()
    if not home.get_children().filter(slug=fields["slug"]).exists():
        home.add_child(instance=kind(show_in_menus=False, **fields))


def _rights(home: HomePage) -> None:
    """Editors write stories and hand them in; the office writes everything and publishes."""
    editors, office = (Group.objects.get_or_create(name=name)[0] for name in (EDITORS, OFFICE))
    access = Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin")
    stories = StoryIndexPage.objects.child_of(home).get()
    for group in (editors, office):
        group.permissions.add(*access)
    for group, page, names in (
        (editors, stories, ("add_page",)),
        (office, home, ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")),
    ):
        for permission in Permission.objects.filter(
            content_type__app_label="wagtailcore", content_type__model="page", codename__in=names
        ):
            GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)
    collection = Collection.get_first_root_node() or Collection.add_root(name="Root")
    files = Permission.objects.filter(
        content_type__app_label__in=("wagtailimages", "wagtaildocs"),
        codename__in=("add_image", "choose_image", "add_document", "choose_document"),
    )
    changes = Permission.objects.filter(
        content_type__app_label__in=("wagtailimages", "wagtaildocs"), codename__in=("change_image", "change_document")
    )
    for group, permissions in ((editors, files), (office, files | changes)):
        for permission in permissions:
            GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)
    _approval(home, office)


def _approval(home: HomePage, office: Group) -> None:
    """Let the office approve whatever is handed in under the front page."""
    workflow, _ = Workflow.objects.get_or_create(name=WORKFLOW)
    task = GroupApprovalTask.objects.filter(name=WORKFLOW).first() or GroupApprovalTask.objects.create(name=WORKFLOW)
    task.groups.add(office)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    WorkflowPage.objects.update_or_create(page=home, defaults={"workflow": workflow})
