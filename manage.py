#!/usr/bin/env python3
"""Run a management command of the site."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent

# `./manage.py` with the machine's Python: go on with the one that `make` prepared.
OWN = ROOT / ".venv" / "bin" / "python"
if sys.prefix == sys.base_prefix and OWN.exists() and "VIRTUAL_ENV" not in os.environ:
    os.execv(OWN, [str(OWN), *sys.argv])  # noqa: S606 - our own interpreter

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
