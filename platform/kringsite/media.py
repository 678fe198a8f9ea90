"""Public pictures, where no nginx stands in front to serve them.

Only the renditions that Wagtail made for public pages. Originals and documents are never served from their file:
documents go through Wagtail's view, which asks who is looking.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.utils._os import safe_join
from django.views.decorators.http import require_safe

KINDS = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """Answer with one rendition; anything else under the media folder does not exist here."""
    kind = KINDS.get(Path(name).suffix.lower())
    try:
        file = Path(safe_join(Path(settings.MEDIA_ROOT) / "images", name))
    except SuspiciousFileOperation as error:
        raise Http404 from error
    if kind is None or not file.is_file():
        raise Http404
    # A rendition's name holds a hash of what was done to the picture, so it never changes.
    return HttpResponse(
        file.read_bytes(), content_type=kind, headers={"Cache-Control": "public, max-age=31536000, immutable"}
    )
