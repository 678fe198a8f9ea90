"""Where files of rooms are kept: a folder that no address reaches."""

from __future__ import annotations

from typing import NoReturn

from django.core.files.storage import FileSystemStorage


class PrivateStorage(FileSystemStorage):
    """Files without an address; only the view that asks who is looking answers with one."""

    def url(self, name: str | None) -> NoReturn:  # noqa: ARG002 — Django's signature
        """Refuse: Django would fall back on the public media address.

        Raises:
            ValueError: always.
        """
        raise ValueError("This file is not accessible via a URL.")
