"""Public pages."""

from wagtail.models import Page


class HomePage(Page):
    """The public front page."""
