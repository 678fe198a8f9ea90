"""What a file is, by its content. Its name decides nothing.

Kept: pictures, PDF, and the office formats that hold no macros. Everything else is refused, web pages and SVG among
it: they are programs that run in the reader's browser.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_PARTS = 5_000  # in an office file
MAX_INDEX = 1024 * 1024  # of the part that says what an office file is
THUMBNAIL = (640, 480)

PICTURES = {"JPEG": "jpg", "PNG": "png", "GIF": "gif", "WEBP": "webp"}
OFFICE = {
    "wordprocessingml.document.main": "docx",
    "spreadsheetml.sheet.main": "xlsx",
    "presentationml.presentation.main": "pptx",
}
OPEN_DOCUMENT = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
}
MIME = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    **{kind: mime for mime, kind in OPEN_DOCUMENT.items()},
}


class FileRefused(ValueError):  # noqa: N818 — it is an answer to a person
    """The file is not kept; the text is a sentence that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a file is, and what is kept of it.

    Attributes:
        kind: one of `MIME`.
        content: the bytes to keep: of a picture, without what the camera wrote about place and person.
        width, height: of a picture.
        thumbnail: a small picture, in WebP; empty for other files.
    """

    kind: str
    content: bytes
    width: int | None = None
    height: int | None = None
    thumbnail: bytes = b""


def examine(file: BinaryIO, size: int) -> Found:
    """Return what a file is.

    Args:
        file: at its beginning.
        size: in bytes, as the upload says.

    Raises:
        FileRefused: empty, larger than 20 MB, of no kind that is kept, or broken.
    """
    if size > MAX_BYTES:
        raise FileRefused(_("This file is larger than 20 MB. Make it smaller, or share a link to it."))
    content = file.read(MAX_BYTES + 1)
    if not content:
        raise FileRefused(_("This file is empty. Save it once more and try again."))
    if len(content) > MAX_BYTES:
        raise FileRefused(_("This file is larger than 20 MB. Make it smaller, or share a link to it."))
    if content.startswith(b"%PDF-"):
        return Found("pdf", content)
    if content.startswith(b"PK\x03\x04"):
        return Found(_office(content), content)
    return _picture(content)


def _unknown() -> FileRefused:
    return FileRefused(
        _(
            "This kind of file cannot be sent. Allowed are pictures (JPEG, PNG, GIF, WebP), PDF, and documents, sheets "
            "and presentations without macros (docx, xlsx, pptx, odt, ods, odp)."
        )
    )


def _picture(content: bytes) -> Found:
    """Check a picture by reading all of it, and write it anew without EXIF."""
    try:
        with Image.open(io.BytesIO(content), formats=list(PICTURES)) as image:
            kind = PICTURES[image.format or ""]
            if image.width * image.height > MAX_PIXELS:
                raise FileRefused(_("This picture has more than 50 million pixels. Make it smaller and try again."))
            image.load()
            upright = ImageOps.exif_transpose(image)
            kept = content if kind == "gif" else _written(upright, image.format or "")
            small = upright.convert("RGBA" if "A" in upright.getbands() or kind in {"gif", "png"} else "RGB")
            small.thumbnail(THUMBNAIL)
            return Found(kind, kept, upright.width, upright.height, _written(small, "WEBP"))
    except UnidentifiedImageError as error:
        raise _unknown() from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        if isinstance(error, FileRefused):
            raise
        raise FileRefused(_("This picture is broken and cannot be opened. Save it once more and try again.")) from error


def _written(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    clean = image.copy()
    clean.info = {name: clean.info[name] for name in ("transparency",) if name in clean.info}
    options = {"quality": 90} if kind in {"JPEG", "WEBP"} else {}
    clean.save(out, kind, exif=b"", **options)
    return out.getvalue()


def _office(content: bytes) -> str:
    """Return which office format a zip file is; one with macros, or any other zip, is refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = parts.namelist()
            if len(names) > MAX_PARTS:
                raise _unknown()
            if "mimetype" in names and parts.getinfo("mimetype").file_size < 200:  # noqa: PLR2004 — one mime type
                kind = OPEN_DOCUMENT.get(parts.read("mimetype").decode("ascii", "replace").strip())
                if kind and not any(name.startswith(("Basic/", "Scripts/")) for name in names):
                    return kind
                raise _with_macros() if kind else _unknown()
            if "[Content_Types].xml" not in names or parts.getinfo("[Content_Types].xml").file_size > MAX_INDEX:
                raise _unknown()
            index = parts.read("[Content_Types].xml").decode("utf-8", "replace")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, KeyError) as error:
        raise FileRefused(
            _("This document is broken or locked with a password. Save it without a password and try again.")
        ) from error
    if "macroEnabled" in index or any(name.casefold().endswith("vbaproject.bin") for name in names):
        raise _with_macros()
    for main, kind in OFFICE.items():
        if main in index:
            return kind
    raise _unknown()


def _with_macros() -> FileRefused:
    return FileRefused(
        _("This document holds macros (small programs). Save it as a document without macros and try again.")
    )
