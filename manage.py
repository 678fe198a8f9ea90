#!/usr/bin/env python3
"""Run a management command of the site."""

import importlib.util
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


def use_own_environment() -> None:
    """Start again with the project's own Python where this one has no Django, so `./manage.py` just works."""
    own = ROOT / ".venv" / "bin" / "python"
    if importlib.util.find_spec("django") is None and own.exists():
        os.execv(own, [str(own), *sys.argv])  # noqa: S606 - our own interpreter, the same arguments


def main() -> None:
    """Hand the command line to Django, with the embedded settings unless told otherwise."""
    use_own_environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kringsite.settings.dev")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
