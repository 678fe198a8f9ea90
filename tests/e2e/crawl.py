"""Finds one page of every kind by following the links of the site, as a person with some role would."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import APIRequestContext

LINK = re.compile(r'<a\s(?![^>]*\shidden[\s>])[^>]*?href="([^"#]+)')  # what is hidden cannot be followed
# Not pages of ours: Wagtail's own admin, files.
ELSEWHERE = ("/beheer/", "/documenten/", "/static/", "/media/", "/api/")
PER_KIND = 2
LIMIT = 400


@dataclass
class Found:
    """What following the links gave.

    Attributes:
        kinds: route of the page → its first address.
        broken: addresses that did not answer well, with the page that links to them.
    """

    kinds: dict[str, str] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)


def kind_of(path: str) -> str:
    """Return what kind of page is at `path`: its route, and for pages of Wagtail also their place in the tree."""
    try:
        route = resolve(path).route
    except Resolver404:
        return path
    if route.startswith("^"):  # Wagtail's route takes every path
        first, *deeper = [part for part in path.split("/") if part] or ["home"]
        return f"page {first}/…" if deeper else f"page {first}"
    return route


def crawl(request: APIRequestContext, home: str, starts: tuple[str, ...] = ("/",)) -> Found:
    """Follow the links from `starts`, at most two addresses of a kind, and note what does not answer.

    Args:
        request: asks with somebody's cookies.
        home: the address of the site, without a slash at the end.
        starts: paths to begin with.
    """
    found, seen, count = Found(), set(starts), {}
    queue = deque((path, "") for path in starts)
    asked = 0
    while queue and asked < LIMIT:
        path, origin = queue.popleft()
        kind = kind_of(urlsplit(path).path)
        if count.get(kind, 0) >= PER_KIND:
            continue
        count[kind] = count.get(kind, 0) + 1
        asked += 1
        answer = request.get(home + path, max_redirects=5)
        if answer.status >= 400:
            found.broken.append(f"{answer.status} {path} (linked from {origin or 'the start'})")
            continue
        is_file = answer.headers.get("content-disposition", "").startswith("attachment")
        if is_file or not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        landed = urlsplit(answer.url)
        if landed.path != urlsplit(path).path and kind_of(landed.path) in found.kinds:
            continue
        found.kinds.setdefault(kind_of(landed.path), path)
        for href in LINK.findall(answer.text()):
            address = urlsplit(urljoin(answer.url, unescape(href)))
            if f"{address.scheme}://{address.netloc}" != home or address.path.startswith(ELSEWHERE):
                continue
            link = address.path + (f"?{address.query}" if address.query else "")
            if link not in seen:
                seen.add(link)
                queue.append((link, path))
    return found
