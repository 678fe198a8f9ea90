"""Public pages: only what is meant for everybody lives in Wagtail."""

from .event import EventIndexPage, EventPage
from .home import HomePage
from .news import NewsIndexPage, NewsPage
from .page import StandardPage
from .story import StoryIndexPage, StoryPage

__all__ = [
    "EventIndexPage",
    "EventPage",
    "HomePage",
    "NewsIndexPage",
    "NewsPage",
    "StandardPage",
    "StoryIndexPage",
    "StoryPage",
]
