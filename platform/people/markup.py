"""The one renderer of what people write: Markdown in, harmless HTML out.

Messages, agenda notes and practices all pass through here, so there is one place that decides what is allowed.
Source HTML is never passed on, links keep only web and mail addresses, and pictures from elsewhere are not shown
(a picture tells its server who is reading).
"""

from __future__ import annotations

from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

# A message stands inside a page that has its own h1 and h2.
_HEADING_SHIFT = 2
_LOWEST_HEADING = 6

_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "th": {"scope"}}
_SCHEMES = {"https", "http", "mailto"}


def _fit_in_page(state: StateCore) -> None:
    """Lower the headings so that they fit under the page's own, and say of a table's head cells what they head."""
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1:]) + _HEADING_SHIFT, _LOWEST_HEADING)}"
        elif token.type == "th_open":
            token.attrSet("scope", "col")


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True})
    markdown.enable(["linkify", "table", "strikethrough"]).disable(["image", "html_block", "html_inline"])
    if markdown.linkify is not None:
        # "klaar.nu" in a hurried sentence is not an address; a written-out one is.
        markdown.linkify.set({"fuzzy_link": False, "fuzzy_email": True})
    markdown.core.ruler.push("fit_in_page", _fit_in_page)
    return markdown


def render(source: str) -> SafeString:
    """Return the safe HTML of a Markdown source; an empty source gives an empty string."""
    html = nh3.clean(
        _markdown().render(source),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow ugc",
        strip_comments=True,
    )
    return mark_safe(html.strip())  # noqa: S308 — nh3 has just cleaned it; this is the only place that may


def stored(html: str) -> SafeString:
    """Return HTML that `render` made earlier and that was kept beside its source."""
    return mark_safe(html)  # noqa: S308 — only what `render` made is ever stored
