"""A real server on its own database, for the browser tests and the fault tests.

One template (migrated, with the site's base content and the demo) is made per run and copied, because filling a
database takes longer than most tests. SQLite unless `DATABASE_URL` names a PostgreSQL server; then a database of its
own is made there and dropped again.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = "SITE_TEMPLATE"
START_SECONDS = 120  # a start takes three; a machine that does ten things at once needs its time


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Hold `lock` against the other workers of this run."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def environment(var: Path, port: int, **extra: str) -> dict[str, str]:
    """Return the environment of a server that keeps everything under `var` and listens on `port`."""
    return {
        **{k: v for k, v in os.environ.items() if k not in {"DEBUG", "DEMO_TODAY", "BASE_URL", "ALLOWED_ORIGINS"}},
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        "DJANGO_SETTINGS_MODULE": "kringsite.settings.dev",
        "KRINGEN_VAR": str(var),
        "STATIC_ROOT": str(ROOT / "var" / "static"),
        "PORT": str(port),
        "DEMO": "1",
        **extra,
    }


def manage(env: dict[str, str], *arguments: str, timeout: int = 900) -> str:
    """Run a management command with a server's environment; its output, or an error that shows it.

    Raises:
        RuntimeError: the command failed.
    """
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def need_assets() -> None:
    """Build stylesheets, scripts and the collected static files where they are older than their sources."""
    with only_one(ROOT / "var" / "assets.lock"):
        done = subprocess.run(
            ["make", "--no-print-directory", "static"],
            cwd=ROOT,
            env={k: v for k, v in os.environ.items() if k not in {"KRINGEN_VAR", "MAKEFLAGS", "MAKELEVEL"}},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"the assets could not be built:\n{done.stdout}\n{done.stderr}")


def fill(env: dict[str, str]) -> None:
    """Migrate an empty database and fill it as `make run` does."""
    manage(env, "bring_up", "--demo")


@dataclass
class Postgres:
    """The PostgreSQL server that `DATABASE_URL` names, and databases of our own on it."""

    url: str

    def named(self, name: str) -> str:
        """Return the address of database `name` on this server."""
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def run(self, statement: str) -> list[tuple]:
        """Run one statement outside a transaction."""
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def create(self, name: str, template: str | None = None) -> str:
        """Make database `name`, as a copy of `template` where given, and return its address."""
        self.drop(name)
        self.run(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
        return self.named(name)

    def drop(self, name: str) -> None:
        """Throw database `name` away, with whoever is still connected."""
        self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@dataclass
class Site:
    """A server process on a free port.

    Attributes:
        server: "daphne", as `deploy/serve.py` starts it, or "uvicorn".
        url: its address, without a slash at the end.
        log: the file that takes everything the server prints.
    """

    var: Path
    port: int
    extra: dict[str, str] = field(default_factory=dict)
    server: str = "daphne"
    process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        """The address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """Everything the server printed."""
        return self.var / "server.log"

    @property
    def env(self) -> dict[str, str]:
        """The environment of the server, for commands beside it."""
        return environment(self.var, self.port, **self.extra)

    def start(self) -> None:
        """Start the server and wait until it answers.

        Raises:
            RuntimeError: it ended, or did not answer in time; the message holds the end of its log.
        """
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Start the server; `wait` follows."""
        command = [sys.executable, str(ROOT / "deploy" / "serve.py"), "--port", str(self.port)]
        if self.server == "uvicorn":
            address = ["--host", "127.0.0.1", "--port", str(self.port)]
            command = [
                sys.executable,
                "-m",
                "uvicorn",
                *address,
                "--log-level",
                "warning",
                "kringsite.asgi:application",
            ]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=log, stderr=log)

    def wait(self) -> None:
        """Wait until the server answers.

        Raises:
            RuntimeError: it ended, or did not answer in time; the message holds the end of its log.
        """
        assert self.process is not None
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            if self.answers("/healthz", patience=20):
                return
            time.sleep(0.1)
        self.kill()
        raise RuntimeError(f"the server did not start:\n{self.log.read_text()[-4000:]}")

    def answers(self, path: str, patience: float = 2) -> bool:
        """Return whether `path` answers with 200 within `patience` seconds."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=patience) as answer:
                return answer.status == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def kill(self) -> None:
        """End the server as a power cut would: SIGKILL."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)

    def stop(self) -> None:
        """End the server as a deployment would: SIGTERM, and SIGKILL after ten seconds."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()

    def restart(self) -> None:
        """End the server (politely) and start it again on the same port and database."""
        self.stop()
        self.start()

    def manage(self, *arguments: str) -> str:
        """Run a management command on this server's database."""
        return manage(self.env, *arguments)


def make_template(folder: Path) -> dict[str, str]:
    """Migrate and fill a database, and return where it is: `{"sqlite": path}`, on PostgreSQL also its name there."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        fill(environment(folder, 8000))
        return {"sqlite": str(folder)}
    name = f"kringen_template_{os.getpid()}"
    try:
        fill(environment(folder, 8000, DATABASE_URL=Postgres(url).create(name)))
    except BaseException:
        Postgres(url).drop(name)
        raise
    return {"postgres": name, "sqlite": str(folder)}


def drop_template(template: dict[str, str]) -> None:
    """Throw a template away."""
    if "postgres" in template:
        Postgres(os.environ["DATABASE_URL"]).drop(template["postgres"])
    shutil.rmtree(template["sqlite"], ignore_errors=True)


@pytest.fixture(scope="session")
def site_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A migrated and filled database.

    Made once per worker that needs it; where `SITE_TEMPLATE` names a folder (`make test` does), once for all of the
    runs and workers that name it, and thrown away by `python -m tests.servers FOLDER`.
    """
    need_assets()
    shared = os.environ.get(TEMPLATE)
    if shared:
        with only_one(Path(shared) / "lock"):
            known = Path(shared) / "template.json"
            if not known.exists():
                (Path(shared) / "site").mkdir()
                known.write_text(json.dumps(make_template(Path(shared) / "site")))
        yield json.loads(known.read_text())
        return
    made = make_template(tmp_path_factory.mktemp("template"))
    try:
        yield made
    finally:
        drop_template(made)


@contextmanager
def running_site(template: dict[str, str], var: Path, **extra: str) -> Iterator[Site]:
    """Run a server on a copy of `template` that keeps its files under `var`; ended and cleaned up afterwards."""
    shutil.copytree(template["sqlite"], var, dirs_exist_ok=True)
    server, name = None, f"kringen_{var.name}_{os.getpid()}"
    if "postgres" in template:
        server = Postgres(os.environ["DATABASE_URL"])
        extra = {**extra, "DATABASE_URL": server.create(name, template["postgres"])}
    made = Site(var=var, port=free_port(), extra=extra)
    try:
        made.start()
        yield made
    finally:
        made.stop()
        if server:
            server.drop(name)


@pytest.fixture(scope="session")
def site(site_template: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The server that the tests of one run share. Whoever ends it starts it again."""
    with running_site(site_template, tmp_path_factory.mktemp("site")) as made:
        yield made


@pytest.fixture
def own_site(site_template: dict[str, str], tmp_path: Path) -> Iterator[Site]:
    """A server for one test, on its own copy of the demo."""
    with running_site(site_template, tmp_path / "own") as made:
        yield made


if __name__ == "__main__":
    for shared in sys.argv[1:]:
        if (Path(shared) / "template.json").exists():
            drop_template(json.loads((Path(shared) / "template.json").read_text()))
        shutil.rmtree(shared, ignore_errors=True)
