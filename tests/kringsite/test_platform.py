"""The folder `platform/` must never win from the standard library's `platform` (docs/architecture.md)."""

import platform
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

pytestmark = pytest.mark.once  # processes of their own, on SQLite or none

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("platform/kringsite", "platform/people", "kringen", "goodpractices", "benchmark", "cms")
STANDARD = Path(sysconfig.get_path("stdlib"))


def test_the_folder_platform_is_no_package():
    assert not (ROOT / "platform" / "__init__.py").exists()


def test_pytest_has_the_platform_of_the_standard_library():
    assert Path(platform.__file__) == STANDARD / "platform.py"
    assert platform.system() == "Linux"


def test_a_fresh_interpreter_in_the_root_has_it_too():
    code = "import platform, pandas; print(platform.system(), platform.__file__)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["Linux", str(STANDARD / "platform.py")]


def test_so_has_a_management_command():
    code = "import platform; print(platform.__file__)"
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [str(STANDARD / "platform.py")]


@pytest.mark.server
def test_and_a_running_server(site):
    """Daphne, Twisted and Redis read `platform` at import; a wrong one ends the server before it answers."""
    files = (Path("/proc") / str(site.process.pid) / "maps").read_text()
    assert "python" in files
    assert site.answers("/healthz")
    code = (
        "import os, runpy, sys; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'kringsite.settings.dev');"
        "import kringsite.asgi, platform; print(platform.system(), platform.__file__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=site.env, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["Linux", str(STANDARD / "platform.py")]


def test_no_module_of_ours_carries_a_standard_name():
    """It confuses whoever reads an import, and shadows the real one as soon as its folder is on the path."""
    ours = {
        file.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
        if "migrations" not in file.parts and file.stem in sys.stdlib_module_names - {"__init__", "__main__"}
    }
    assert ours == set(), "rename these"


def test_the_top_level_is_the_agreed_one():
    known = {
        ".ci", ".editorconfig", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md",
        "assets", "benchmark", "cms", "deploy", "docs", "goodpractices", "kringen", "locale", "manage.py", "platform",
        "publiccode.yml", "pyproject.toml", "templates", "tests", "uv.lock",
    }  # fmt: skip
    listed = subprocess.run(
        ["git", "ls-tree", "--name-only", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:  # an unpacked archive has no history
        return
    assert set(listed.stdout.split()) - known == set()
