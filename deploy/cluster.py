"""The production shape on this machine: PostgreSQL, Redis, two servers, a task worker and nginx, all on loopback.

    python deploy/cluster.py [--port 8000] [--throwaway]

The settings are those of production; only what loopback cannot have (https) is relaxed, by the environment.
Everything is a child of this process and ends with it: by Ctrl-C, by SIGTERM, or when one of them dies.
The database `kringen_cluster` stays for the next time; with `--throwaway` it gets a name of its own and goes.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[1]
SERVERS = 2
PATIENCE = 60.0  # seconds until a part must answer


class Stop(Exception):  # noqa: N818 - not an error: somebody asked
    """Somebody asked the cluster to end."""


class Lack(Exception):  # noqa: N818 - one sentence for whoever started it
    """This machine lacks something."""


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def need(program: str, package: str) -> str:
    """Return where a program is.

    Raises:
        Lack: it is not installed; the sentence names Debian's package.
    """
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")
    if not found:
        raise Lack(f"`make cluster` needs {program}; on Debian and Ubuntu: sudo apt-get install {package}")
    return found


@dataclass
class Cluster:
    """The parts that run, in the order in which they were started."""

    work: Path
    port: int
    throwaway: bool
    parts: list[tuple[str, subprocess.Popen[bytes]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        server = os.environ.get("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
        self.server = server
        self.database = f"kringen_cluster_{os.getpid()}" if self.throwaway else "kringen_cluster"
        self.redis_port = free_port()
        password = secrets.token_urlsafe(16)
        self.redis_conf = (
            f"port {self.redis_port}\nbind 127.0.0.1\nrequirepass {password}\n"
            'save ""\nappendonly no\nmaxmemory 128mb\nmaxmemory-policy noeviction\n'
            f"client-output-buffer-limit pubsub 32mb 8mb 60\ndir {self.work}\n"
        )
        self.env = {
            **{k: v for k, v in os.environ.items() if k not in {"DEBUG", "ALLOWED_ORIGINS", "DEMO_TODAY"}},
            "DJANGO_SETTINGS_MODULE": "kringsite.settings.production",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
            "KRINGEN_VAR": str(self.work),
            "STATIC_ROOT": str(ROOT / "var" / "static"),
            "SECRET_KEY": secrets.token_urlsafe(50),
            "BASE_URL": f"http://127.0.0.1:{self.port}",
            "ALLOWED_HOSTS": "127.0.0.1",
            "DATABASE_URL": urlunsplit(urlsplit(server)._replace(path=f"/{self.database}")),
            "REDIS_URL": f"redis://:{password}@127.0.0.1:{self.redis_port}/0",
            "EMAIL_URL": f"file://{self.work}/mail",
            "DEFAULT_FROM_EMAIL": "Kringen <kringen@kringen.example>",
            "SECURITY_CONTACT": "mailto:beheer@kringen.example",
            "WEB_PROCESSES": str(SERVERS),
            "PLAIN_HTTP_ON_LOOPBACK": "1",
            "DEMO": "1",
            "DEMO_TODAY": "2009-03-05",
        }

    # ---- parts ----------------------------------------------------------------------------------------------

    def start(self, name: str, command: list[str]) -> None:
        """Start one part; what it prints goes to a file of its name."""
        with (self.work / f"{name}.log").open("ab") as log:
            # A session of its own: Ctrl-C reaches this process only, which then ends the parts in order.
            part = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True)
        self.parts.append((name, part))

    def manage(self, *arguments: str) -> None:
        """Run a management command on the cluster's database.

        Raises:
            Lack: it failed; the message holds what it printed.
        """
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Lack(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        """Run one statement on the PostgreSQL server, outside a transaction."""
        import psycopg

        try:
            with psycopg.connect(self.server, autocommit=True, connect_timeout=5) as connection:
                cursor = connection.execute(statement.encode())
                return cursor.fetchall() if cursor.description else []
        except psycopg.OperationalError as error:
            raise Lack(f"PostgreSQL does not answer at {self.server} (DATABASE_URL): {error}") from error

    def answers(self, address: str) -> bool:
        """Return whether an address answers with 200."""
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            # Always our own loopback address.
            request = urllib.request.Request(address, headers={"Host": f"127.0.0.1:{self.port}"})  # noqa: S310
            with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
                return bool(answer.status == 200)  # noqa: PLR2004 - "OK"
        return False

    def wait(self, address: str) -> None:
        """Wait until an address answers with 200.

        Raises:
            Lack: a part died, or it took too long.
        """
        until = time.monotonic() + PATIENCE
        while not self.answers(address):
            self.all_alive()
            if time.monotonic() > until:
                raise Lack(f"{address} did not answer within {PATIENCE:.0f} s; see the logs in {self.work}")
            time.sleep(0.2)

    def all_alive(self) -> None:
        """Raise when a part has ended by itself."""
        for name, part in self.parts:
            if part.poll() is not None:
                log = (self.work / f"{name}.log").read_text(errors="replace")[-3000:]
                raise Lack(f"{name} ended with {part.returncode}:\n{log}")

    # ---- the whole ------------------------------------------------------------------------------------------

    def up(self) -> None:
        """Start everything, and return when the site is ready behind nginx."""
        nginx, redis = need("nginx", "nginx-light"), need("redis-server", "redis-server")
        fresh = not self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{self.database}'")  # noqa: S608 - our name
        if fresh:
            self.sql(f'CREATE DATABASE "{self.database}"')
        (self.work / "redis.conf").write_text(self.redis_conf)
        self.start("redis", [redis, str(self.work / "redis.conf")])
        print("· database", flush=True)
        self.manage("bring_up", *(["--demo"] if fresh else []))
        ports = [free_port() for _ in range(SERVERS)]
        for number, port in enumerate(ports, start=1):
            self.start(f"server-{number}", [sys.executable, "deploy/serve.py", "--port", str(port), "--behind-proxy"])
        self.start("worker", [sys.executable, "manage.py", "db_worker"])
        self.start(
            "nginx",
            [nginx, "-p", str(self.work), "-e", str(self.work / "nginx-error.log"), "-c", str(self.nginx_conf(ports))],
        )
        for port in ports:
            self.wait(f"http://127.0.0.1:{port}/readyz")
        self.wait(f"http://127.0.0.1:{self.port}/readyz")

    def nginx_conf(self, ports: list[int]) -> Path:
        """Write nginx's configuration for these servers and return where it is."""
        values = {
            "WORK": str(self.work),
            "MIME": "/etc/nginx/mime.types",
            "SERVERS": "\n".join(f"        server 127.0.0.1:{port} max_fails=2 fail_timeout=2s;" for port in ports),
            "LISTEN": f"127.0.0.1:{self.port}",
            "MEDIA": str(self.work / "media"),
            # here every client comes from one address; in production 30
            "PER_ADDRESS": "2000",
        }
        text = (ROOT / "deploy" / "nginx.conf").read_text()
        for name, value in values.items():
            text = text.replace(f"@{name}@", value)
        if os.geteuid() == 0:
            text = "user root;\n" + text
        file = self.work / "nginx.conf"
        file.write_text(text)
        return file

    def down(self) -> None:
        """End everything: nginx first, so that nobody asks a server that is leaving."""
        for _name, part in reversed(self.parts):
            if part.poll() is None:
                part.terminate()
                try:
                    part.wait(10)
                except subprocess.TimeoutExpired:
                    part.kill()
                    part.wait(10)
        if self.throwaway:
            self.sql(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')


def stop(_signal: int, _frame: FrameType | None) -> None:
    """Turn a signal into the end of the wait."""
    raise Stop


def main() -> int:
    """Run the cluster until somebody stops it; 1 when it could not run."""
    parser = argparse.ArgumentParser(description="The production shape on this machine.")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    parser.add_argument("--throwaway", action="store_true", help="an own database that goes when the cluster ends")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    work = Path(tempfile.mkdtemp(prefix="kringen-cluster-"))
    cluster = Cluster(work=work, port=options.port, throwaway=options.throwaway)
    code = 0
    try:
        cluster.up()
        print(f"\nKringen is ready on http://127.0.0.1:{options.port}   (logs: {work})", flush=True)
        print("Log in as deelnemer@hillegom.example with the password kringen. Ctrl-C ends everything.\n", flush=True)
        while True:
            cluster.all_alive()
            time.sleep(1)
    except Stop:
        print("ending", flush=True)
    except Lack as lack:
        print(lack, file=sys.stderr)
        code = 1
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        cluster.down()
        if not code:
            shutil.rmtree(work, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
