"""The one renderer of what people write: Markdown in, harmless HTML out.

Messages, agenda notes and practices all pass through here, so there is one place that decides what is allowed.
Source HTML is never passed on, links keep only web and mail addresses, and pictures from elsewhere are not shown
(a picture tells its server who is reading).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

# A message stands inside a page that has its own h1 and h2.
_HEADING_SHIFT = 2
_LOWEST_HEADING = 6

_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s", "strong",
    "span", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "th": {"scope"}}
# The only class that survives, and only where a rule of ours put it: HTML in the source is shown as text.
_CLASSES = {"span": {"k-mention"}}
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
    markdown.core.ruler.push("call_names", _call_names)
    return markdown


def _call_names(state: StateCore) -> None:
    """Mark the names behind an @ that the caller gave a pattern for; not in code, not in the text of a link."""
    pattern: re.Pattern[str] | None = state.env.get("names")
    if pattern is None:
        return
    for token in state.tokens:
        depth, children = 0, []
        for child in token.children or []:
            depth += {"link_open": 1, "link_close": -1}.get(child.type, 0)
            if child.type == "text" and not depth:
                children += _marked(child, pattern, state.env)
            else:
                children.append(child)
        if token.children is not None:
            token.children = children


def _marked(token: Token, pattern: re.Pattern[str], env: Any) -> list[Token]:
    pieces: list[Token] = []

    def text(content: str) -> None:
        if content:
            pieces.append(Token("text", "", 0, content=content, level=token.level))

    at = 0
    for match in pattern.finditer(token.content):
        text(token.content[at : match.start()])
        pieces.append(Token("mention_open", "span", 1, attrs={"class": "k-mention"}))
        text(match.group())
        pieces.append(Token("mention_close", "span", -1))
        env["called"].append(match.group(1))
        at = match.end()
    text(token.content[at:])
    return pieces


def render(source: str) -> SafeString:
    """Return the safe HTML of a Markdown source; an empty source gives an empty string."""
    return render_calling(source, None)[0]


def render_calling(source: str, names: re.Pattern[str] | None) -> tuple[SafeString, list[str]]:
    """Return the safe HTML of a Markdown source in which names are marked, and the names that were found.

    Args:
        source: the text.
        names: matches an @ with a name behind it, the name in group 1; None marks nothing.
    """
    env: dict[str, Any] = {"names": names, "called": []}
    html = nh3.clean(
        _markdown().render(source, env),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow ugc",
        strip_comments=True,
    )
    # nh3 has just cleaned it; this is the only place that may
    return mark_safe(html.strip()), env["called"]  # noqa: S308


def stored(html: str) -> SafeString:
    """Return HTML that `render` made earlier and that was kept beside its source."""
    return mark_safe(html)  # noqa: S308 — only what `render` made is ever stored
