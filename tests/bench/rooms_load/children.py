"""Processes of a benchmark: started in a group of their own, measured, and always ended by their own pid."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.servers import ROOT

START_SECONDS = 60
FILES = 8192  # a thousand sockets at both ends, databases and logs


def raise_file_limit() -> None:
    """Let this process and its children hold thousands of sockets.

    Raises:
        RuntimeError: the machine does not allow that many files.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < FILES:
        raise RuntimeError(f"A process may open {hard} files here and {FILES} are needed: `ulimit -Hn {FILES}`")
    if soft != resource.RLIM_INFINITY and soft < FILES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, hard))


def end_children_when_ended() -> None:
    """Let a SIGTERM to this process run what cleans up, as an interruption from the keyboard does."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


@dataclass
class Child:
    """A server under test: its pid, and what it has used so far, with all of its own children."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def _all(self) -> list[psutil.Process]:
        mine = psutil.Process(self.process.pid)
        return [mine, *mine.children(recursive=True)]

    @property
    def rss(self) -> int:
        """Bytes of memory."""
        return sum(one.memory_info().rss for one in self._all())

    @property
    def cpu(self) -> float:
        """Seconds of processor time."""
        return sum(sum(one.cpu_times()[:2]) for one in self._all())


@contextmanager
def running(
    command: list[str], *, port: int, env: dict[str, str], log: Path, cwd: Path = ROOT, seconds: int = START_SECONDS
) -> Iterator[Child]:
    """Run a server until the block ends, in a process group of its own.

    Raises:
        RuntimeError: it ended, or did not listen on its port in time; the message holds the end of its log.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(command, cwd=cwd, env=env, stdout=output, stderr=output, start_new_session=True)
    try:
        _wait_for_port(process, port, log, seconds, command)
        yield Child(process, port, log)
    finally:
        end(process)


def end(process: subprocess.Popen[Any]) -> None:
    """End a process and everything in its group: politely, and after five seconds not."""
    for number, patience in ((signal.SIGTERM, 5), (signal.SIGKILL, 10)):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            break
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue
        if number == signal.SIGTERM:  # it went; what it had started goes too
            continue
        break
    process.wait(1)


def _wait_for_port(process: subprocess.Popen[bytes], port: int, log: Path, seconds: int, command: list[str]) -> None:
    until = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{' '.join(command[:6])} did not start:\n{log.read_text(errors='replace')[-3000:]}")


def client(module: str, task: dict[str, Any], seconds: int) -> Iterator[dict[str, Any]]:
    """Run a client module in its own process and yield what it reports, a JSON object per line.

    The client waits after each report until the caller asks for the next: so the caller can look at the server in
    between. Ended when it takes longer than `seconds`.

    Raises:
        RuntimeError: it failed; the message holds its traceback.
    """
    env = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"}
    process = subprocess.Popen(
        [sys.executable, "-m", f"tests.bench.rooms_load.{module}"],
        cwd=ROOT,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdin
    assert process.stdout
    assert process.stderr
    alarm = signal.signal(signal.SIGALRM, lambda *_: end(process))
    signal.alarm(seconds)
    try:
        process.stdin.write(json.dumps(task) + "\n")
        process.stdin.flush()
        for line in process.stdout:
            yield json.loads(line)
            process.stdin.write("\n")
            process.stdin.flush()
        if process.wait(10):
            raise RuntimeError(f"{module} failed:\n{process.stderr.read()[-3000:]}")
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, alarm)
        end(process)
