#!/usr/bin/env python3
"""Run a management command of the site."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent

# `platform/` is a source root and never a package (docs/architecture.md), so it goes on the path itself.
for entry in (ROOT, ROOT / "platform"):
    if str(entry) not in sys.path:
        sys.path.insert(0, str(entry))


def main() -> None:
    """Hand the command line to Django, with the embedded settings unless told otherwise."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kringsite.settings.dev")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
