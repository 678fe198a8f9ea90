"""Two chat servers of others, installed under var/bench, set up to be fast and to keep every message.

Synapse (Matrix) comes from PyPI in an environment of its own. Prosody (XMPP) comes from Debian: the one that is
installed, else its packages are unpacked under var/bench, so that no service starts on the machine.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.rooms_load.children import Child, running
from tests.bench.rooms_load.speak_matrix import Http
from tests.servers import ROOT, Postgres, free_port

KEPT = ROOT / "var" / "bench"
INSTALL_SECONDS = 240
DEBS = ["prosody", "lua5.4", "libexpat1", "libsqlite3-0", "libreadline8"] + [
    f"lua-{name}" for name in ("bitop", "dbi-common", "dbi-sqlite3", "expat", "filesystem", "sec", "socket")
]


class NotHereError(RuntimeError):
    """A peer cannot be measured on this machine; the text says why."""


def _run(command: list[str], **more: Any) -> str:
    try:
        done = subprocess.run(
            command, check=True, capture_output=True, text=True, timeout=INSTALL_SECONDS, start_new_session=True, **more
        )
    except subprocess.CalledProcessError as error:
        raise NotHereError(f"{command[0]} failed: {error.stderr.strip()[-300:]}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotHereError(str(error)[:300]) from error
    return done.stdout


# ---- Synapse ----


def _synapse_python() -> Path:
    folder = KEPT / "synapse"
    python = folder / "bin" / "python"
    if not (folder / "installed").exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        uv = str(ROOT / ".venv" / "bin" / "uv")
        _run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder)])
        # no build from source: that would need a Rust toolchain
        install = [uv, "pip", "install", "--quiet", "--only-binary", "matrix-synapse", "--python", str(python)]
        _run([*install, "matrix-synapse", "psycopg2-binary"])
        (folder / "installed").touch()
    return python


@contextmanager
def synapse(folder: Path, people: int, postgres: str | None) -> Iterator[tuple[Child, list[dict[str, Any]], str]]:
    """Run Synapse with a room full of people; its process, the people (token, user, room), and its version.

    Limits on rates are off, presence is off, nothing federates; on PostgreSQL where its address is given, else SQLite.

    Raises:
        NotHereError: it could not be installed or set up.
    """
    python, port = _synapse_python(), free_port()
    folder.mkdir()
    version = _run([str(python), "-c", "from importlib.metadata import version; print(version('matrix-synapse'))"])
    server, name = None, f"synapse_bench_{os.getpid()}"
    database = f"  name: sqlite3\n  args:\n    database: {folder}/homeserver.db\n"
    try:
        if postgres:
            server = Postgres(postgres)
            server.drop(name)
            server.run(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
            database = (
                f"  name: psycopg2\n  args:\n    dsn: {server.named(name)}\n    cp_min: 5\n    cp_max: 10\n"
            ).replace("postgres://", "postgresql://")
        config = folder / "homeserver.yaml"
        fast = "{per_second: 10000, burst_count: 10000}"
        config.write_text(
            f"server_name: localhost\nreport_stats: false\nsigning_key_path: {folder}/signing.key\n"
            f"media_store_path: {folder}/media\npid_file: {folder}/pid\nlog_config: {folder}/log.yaml\n"
            f"database:\n{database}"
            f"listeners:\n- port: {port}\n  bind_addresses: [127.0.0.1]\n  type: http\n  tls: false\n"
            "  resources:\n  - names: [client]\n    compress: false\n"
            "enable_registration: true\nenable_registration_without_verification: true\nbcrypt_rounds: 4\n"
            "presence: {enabled: false}\ntrusted_key_servers: []\nsuppress_key_server_warning: true\n"
            f"rc_message: {fast}\nrc_registration: {fast}\nrc_joins: {{local: {fast}, remote: {fast}}}\n"
            f"rc_joins_per_room: {fast}\nrc_invites: {{per_room: {fast}, per_user: {fast}}}\nrc_room_creation: {fast}\n"
            f"rc_login: {{address: {fast}, account: {fast}, failed_attempts: {fast}}}\n"
        )
        (folder / "log.yaml").write_text(
            "version: 1\nformatters: {p: {format: '%(levelname)s %(name)s %(message)s'}}\n"
            "handlers: {e: {class: logging.StreamHandler, formatter: p}}\nroot: {level: ERROR, handlers: [e]}\n"
        )
        start = [str(python), "-m", "synapse.app.homeserver", "-c", str(config)]
        _run([*start, "--generate-keys"], cwd=folder)
        with running(start, port=port, env=dict(os.environ), log=folder / "log", cwd=folder) as child:
            yield child, asyncio.run(_move_in(port, people)), version.strip()
    finally:
        if server:
            server.drop(name)


async def _move_in(port: int, number: int) -> list[dict[str, Any]]:
    """Register people and let them all join one room."""
    people, room = [], ""
    http = Http(port)
    for at in range(number):
        account = {"username": f"u{at}", "password": f"u{at}", "auth": {"type": "m.login.dummy"}}
        made = await http.ask("POST", "/_matrix/client/v3/register", account)
        mine = Http(port, made["access_token"])
        if not room:
            wanted = {"preset": "public_chat", "name": "Kringtafel"}
            room = (await mine.ask("POST", "/_matrix/client/v3/createRoom", wanted))["room_id"]
        else:
            await mine.ask("POST", f"/_matrix/client/v3/join/{room}", {})
        mine.close()
        people.append({"token": made["access_token"], "user": made["user_id"], "room": room, "circle": 0})
    http.close()
    return people


# ---- Prosody ----


def _prosody() -> tuple[list[str], dict[str, str], Path]:
    """Return how Prosody is started, its environment, and the root under which it lies."""
    found = shutil.which("prosody")
    if found:
        return [found], {}, Path("/")
    root = KEPT / "prosody"
    if not (root / "installed").exists():
        if not shutil.which("apt-get"):
            raise NotHereError("Prosody is not installed and there is no apt-get to fetch it with")
        debs = root / "debs"
        debs.mkdir(parents=True, exist_ok=True)
        _run(["apt-get", "download", "-qq", *DEBS], cwd=debs)
        for deb in debs.glob("*.deb"):
            _run(["dpkg-deb", "-x", str(deb), str(root)])
        script = root / "usr" / "bin" / "prosody"
        script.write_text(script.read_text().replace("'/usr/lib/prosody", f"'{root}/usr/lib/prosody"))
        (root / "installed").touch()
    library = next((root / "usr" / "lib").glob("*-linux-gnu*"))
    env = {
        "LUA_PATH": f"{root}/usr/share/lua/5.4/?.lua;{root}/usr/share/lua/5.4/?/init.lua;;",
        "LUA_CPATH": f"{library}/lua/5.4/?.so;;",
        "LD_LIBRARY_PATH": str(library),
    }
    return [str(root / "usr" / "bin" / "lua5.4"), str(root / "usr" / "bin" / "prosody")], env, root


@contextmanager
def prosody(folder: Path, people: int) -> Iterator[tuple[Child, list[dict[str, Any]], str]]:
    """Run Prosody with accounts and a room that archives everything in SQLite (mod_muc_mam, storage sql).

    Raises:
        NotHereError: it could not be installed.
    """
    start, env, root = _prosody()
    port = free_port()
    folder.mkdir()
    accounts = folder / "data" / "localhost" / "accounts"
    accounts.mkdir(parents=True)
    for at in range(people):
        (accounts / f"u{at}.dat").write_text(f'return {{ ["password"] = "u{at}"; }};\n')
    with sqlite3.connect(folder / "archive.sqlite") as archive:
        archive.execute("PRAGMA journal_mode=WAL")  # Prosody cannot ask for it, but keeps to what the file says
    config = folder / "prosody.cfg.lua"
    config.write_text(
        f'daemonize = false\npidfile = "{folder}/pid"\ndata_path = "{folder}/data"\n'
        f'plugin_paths = {{ "{root}/usr/lib/prosody/modules" }}\nrun_as_root = true\n'
        'modules_enabled = { "saslauth", "roster", "disco" }\nmodules_disabled = { "s2s", "tls", "limits" }\n'
        'authentication = "internal_plain"\nallow_unencrypted_plain_auth = true\nc2s_require_encryption = false\n'
        f'interfaces = {{ "127.0.0.1" }}\nc2s_ports = {{ {port} }}\nc2s_direct_tls_ports = {{}}\n'
        f'log = {{ warn = "{folder}/log" }}\n'
        f'sql = {{ driver = "SQLite3", database = "{folder}/archive.sqlite" }}\nstorage = {{ muc_log = "sql" }}\n'
        'VirtualHost "localhost"\n'
        'Component "rooms.localhost" "muc"\n  modules_enabled = { "muc_mam" }\n  muc_log_by_default = true\n'
        "  muc_room_default_persistent = true\n  restrict_room_creation = false\n  muc_room_locking = false\n"
    )
    members = [{"name": f"u{at}", "circle": 0} for at in range(people)]
    command = [*start, "-F", "--config", str(config)]
    with running(command, port=port, env={**os.environ, **env}, log=folder / "output", cwd=folder) as child:
        yield child, members, "0.12"
