"""Files and pictures with a practice. What a file is, is decided by what is in it."""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path
from typing import Final

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.translation import gettext as _

from goodpractices import permissions
from goodpractices.models import Attachment, GoodPractice
from people.models import User

MOST: Final = 10
LARGEST: Final = 10 * 1024 * 1024
_LARGEST_SIDE: Final = 12_000  # pixels; beyond it a small file may fill the memory
_PICTURES: Final = {"JPEG": ("image/jpeg", ".jpg"), "PNG": ("image/png", ".png"), "WEBP": ("image/webp", ".webp")}
# Beginning of the file → its kinds by extension. Nothing here is ever shown in the page: it is downloaded.
_DOCUMENTS: Final = {
    b"%PDF-": {".pdf": "application/pdf"},
    b"PK\x03\x04": {
        ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ".odt": "application/vnd.oasis.opendocument.text",
        ".ods": "application/vnd.oasis.opendocument.spreadsheet",
        ".odp": "application/vnd.oasis.opendocument.presentation",
    },
}


class AttachmentError(ValueError):
    """The file cannot be kept; the text is a sentence for the person who tried."""


def _picture(data: bytes) -> tuple[bytes, str, str] | None:
    """Return a picture written anew (so without the place where it was taken), its type and suffix; else None."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data), formats=list(_PICTURES)) as picture:
            if max(picture.size) > _LARGEST_SIDE:
                raise AttachmentError(_("This picture is larger than 12,000 pixels. Make it smaller and try again."))
            kind, suffix = _PICTURES[picture.format or ""]
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((2000, 2000))
            out = io.BytesIO()
            upright.save(out, format=picture.format)
    except (UnidentifiedImageError, OSError, KeyError, Image.DecompressionBombError):
        return None
    return out.getvalue(), kind, suffix


@transaction.atomic
def add(*, by: User, practice: GoodPractice, file: File[bytes], description: str) -> Attachment:
    """Keep a file with a practice.

    Args:
        by: somebody who may change the practice.
        practice: the practice.
        file: PDF, a text, sheet or slides (docx, xlsx, pptx, odt, ods, odp), or a picture (JPEG, PNG, WebP).
        description: what it is; of a picture what is to be seen on it, for who cannot see it.

    Raises:
        PermissionDenied: who may not change the practice.
        AttachmentError: with the sentence to show; nothing was kept.
    """
    if not permissions.can_edit_practice(by, practice):
        raise PermissionDenied
    name = Path(file.name or "").name[-160:] or _("file")
    if not description.strip():
        raise AttachmentError(_("Describe the file: what is it, or what is to be seen? It was not kept."))
    if practice.attachments.count() >= MOST:
        raise AttachmentError(_("There are ten files already. Remove one first."))
    if file.size > LARGEST:
        raise AttachmentError(_("“%(name)s” is larger than 10 MB. It was not kept.") % {"name": name})
    data = file.read()
    suffix = Path(name).suffix.lower()
    kind = next((kinds.get(suffix, "") for start, kinds in _DOCUMENTS.items() if data.startswith(start)), "")
    made = None
    if not kind:
        made = _picture(data)
        if made is None:
            raise AttachmentError(
                _(
                    "“%(name)s” is not a file we can keep. Use PDF, a text, sheet or slides (docx, odt, xlsx, ods, "
                    "pptx, odp), or a picture (JPEG, PNG, WebP)."
                )
                % {"name": name}
            )
        data, kind, suffix = made
    attachment = Attachment(
        practice=practice,
        name=Path(name).stem + suffix,
        description=description.strip()[:200],
        kind=kind,
        is_image=made is not None,
        size=len(data),
        added_by=by,
    )
    attachment.file.save(name if made is None else f"picture{suffix}", ContentFile(data), save=True)
    return attachment


@transaction.atomic
def remove(*, by: User, attachment: Attachment) -> None:
    """Remove a file from a practice; from the disk after commit.

    Raises:
        PermissionDenied: who may not change the practice.
    """
    if not permissions.can_edit_practice(by, attachment.practice):
        raise PermissionDenied
    storage, name = attachment.file.storage, attachment.file.name
    attachment.delete()
    if name:
        transaction.on_commit(partial(storage.delete, name), robust=True)
