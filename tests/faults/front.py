"""nginx in front of server processes, with the configuration of production (deploy/nginx.conf)."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.faults.services import program
from tests.servers import ROOT, Site, free_port


class Front:
    """A running nginx; use with `with`. Its pages are those of the sites' own addresses (Host is passed on)."""

    def __init__(self, sites: list[Site]) -> None:
        self.port = free_port()
        self.work = Path(tempfile.mkdtemp(prefix="kringen-front-"))
        values = {
            "WORK": str(self.work),
            "MIME": "/etc/nginx/mime.types",
            "SERVERS": "\n".join(f"server 127.0.0.1:{site.port} max_fails=2 fail_timeout=2s;" for site in sites),
            "LISTEN": f"127.0.0.1:{self.port}",
            "MEDIA": str(self.work),
            "PER_ADDRESS": "2000",
        }
        text = (ROOT / "deploy" / "nginx.conf").read_text()
        for name, value in values.items():
            text = text.replace(f"@{name}@", value)
        (self.work / "nginx.conf").write_text(("user root;\n" if os.geteuid() == 0 else "") + text)
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        """The address."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        """Start it and wait until it listens."""
        log = str(self.work / "nginx-error.log")
        self.process = subprocess.Popen(
            [program("nginx"), "-p", str(self.work), "-e", log, "-c", str(self.work / "nginx.conf")],
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.05)
        raise RuntimeError(Path(log).read_text())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        if self.process:
            self.process.terminate()
            self.process.wait(10)
        shutil.rmtree(self.work, ignore_errors=True)
