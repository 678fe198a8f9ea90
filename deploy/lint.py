"""Run every linter, show what each finds, and end with 1 when one found something.

They run side by side on two cores; what one prints stays together.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PACKAGES = ["platform/kringsite", "platform/people", "kringen", "goodpractices", "benchmark", "cms"]
MAKEMIGRATIONS = [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]
STEPS: dict[str, list[str]] = {
    "mypy": [str(BIN / "mypy"), *PACKAGES],
    "ruff check": [str(BIN / "ruff"), "check", "--quiet", "."],
    "ruff format": [str(BIN / "ruff"), "format", "--check", "--quiet", "--diff", "."],
    "translations": [sys.executable, "-m", "kringsite.catalogues", "--check"],
    "import-linter": [str(BIN / "lint-imports"), "--no-cache"],
    "migrations": MAKEMIGRATIONS,
    "djlint": [str(BIN / "djlint"), "templates", "--lint", "--quiet"],
    "safe texts": [sys.executable, "deploy/safe_texts.py"],
}


def run(name: str, command: list[str]) -> bool:
    """Run one linter and print its verdict, with its output where it found something."""
    env = {
        **os.environ,
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        "DJANGO_SETTINGS_MODULE": "kringsite.settings.test",
    }
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    good = done.returncode == 0
    lines = "" if good else "\n" + (done.stdout + done.stderr).rstrip()
    print(f"{'ok  ' if good else 'FAIL'} {name} ({time.monotonic() - began:.1f} s){lines}", flush=True)
    return good


def main() -> None:
    """Run all of them, or those named on the command line."""
    chosen = {name: STEPS[name] for name in sys.argv[1:] or STEPS}
    with ThreadPoolExecutor(max_workers=2) as pool:
        verdicts = list(pool.map(lambda step: run(*step), chosen.items()))
    sys.exit(0 if all(verdicts) else 1)


if __name__ == "__main__":
    main()
