"""What `make run` says when a machine lacks something, and that `setup_site` may be repeated."""

import importlib.metadata
import runpy
import socket
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.once  # processes of their own, on SQLite or none

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def preflight():
    return runpy.run_path(str(ROOT / "deploy" / "preflight.py"))


def test_a_taken_port_is_one_sentence(preflight):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "deploy/preflight.py", str(port)], cwd=ROOT, capture_output=True, text=True, check=False
        )
    assert done.returncode == 1
    assert done.stderr == (f"Port {port} is taken by another program; choose another: make run PORT={port + 1}\n")


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", ""])
def test_a_port_that_is_none_is_said(preflight, port):
    assert preflight["lack_of_port"](port) == f"PORT must be a number between 1 and 65535, not {port!r}."


def test_an_old_python_is_one_sentence(preflight, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert preflight["lack_of_python"]() == (
        "Kringen needs Python 3.11 or newer and found 3.9; install a newer one and say which: "
        "make run PYTHON=python3.12"
    )


def test_a_missing_venv_is_one_sentence(preflight, monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    assert preflight["lack_of_python"]() == (
        "This Python cannot make a virtual environment; on Debian and Ubuntu install it with: "
        "sudo apt-get install python3-venv"
    )


def test_an_old_python_can_read_it():
    import ast

    ast.parse((ROOT / "deploy" / "preflight.py").read_text(), feature_version=(3, 4))


def test_make_says_that_there_is_no_python():
    done = subprocess.run(
        ["make", "--no-print-directory", "run", "PYTHON=python-that-is-not-here"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == (
        "Kringen needs Python 3.11 or newer and found no python-that-is-not-here; "
        "on Debian and Ubuntu: sudo apt-get install python3 python3-venv"
    )


@pytest.mark.server
def test_what_make_run_did_can_be_done_again(site):
    count = (
        "from wagtail.models import Page; from benchmark.models import Area, Indicator;"
        "print(Page.objects.count(), Indicator.objects.count(), Area.objects.count())"
    )
    before = site.manage("shell", "--no-imports", "-c", count)
    assert int(before.split()[1]) >= 155
    site.manage("setup_site")
    site.manage("demo")
    assert site.manage("shell", "--no-imports", "-c", count) == before


def test_manage_py_finds_the_project_s_own_python():
    """Whoever types `./manage.py` has no virtual environment in hand: the file starts again in the project's own."""
    base = Path(sys.base_prefix) / "bin" / "python3"
    done = subprocess.run(
        [str(base), "-I", "manage.py", "version"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout.strip()) == (0, importlib.metadata.version("django")), done.stderr
