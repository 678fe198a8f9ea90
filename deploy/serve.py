"""Become the web server: Daphne with the flags that reliability asks for.

Used by `make run`, by the tests and by `make cluster`, so that all three try the same server.
The process is replaced (`exec`): its pid is Daphne's, and Ctrl-C reaches Daphne.
"""

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FLAGS = {
    # Inbound, 32 KiB is more than any message needs; the consumer says so (bye 1009). Over these limits Daphne drops
    # the connection without a word, so they lie higher; that on messages also holds for what we send ourselves
    # (a snapshot of a room may be 256 KiB).
    "--websocket-max-message-size": "1048576",
    "--websocket-max-frame-size": "131072",
    # a dead peer is found within 25 s: the interval is looked at every 2 s, the timeout is exact
    "--ping-interval": "12",
    "--ping-timeout": "10",
    # sockets are renewed twice a day; clients resume by sequence
    "--websocket_timeout": "43200",
    "--websocket_connect_timeout": "5",
    "--application-close-timeout": "5",
}


def main() -> None:
    """Read host, port and verbosity and become Daphne."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    parser.add_argument("--verbosity", default="0")
    parser.add_argument("--behind-proxy", action="store_true", help="believe X-Forwarded-For and -Proto")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kringsite.settings.dev")
    os.environ.setdefault("ASGI_THREADS", "16")
    os.environ["PORT"] = str(options.port)
    roots = [str(ROOT), str(ROOT / "platform")]
    os.environ["PYTHONPATH"] = os.pathsep.join([*roots, *filter(None, [os.environ.get("PYTHONPATH")])])
    command = [sys.executable, "-m", "daphne", "-b", options.host, "-p", str(options.port), "-v", options.verbosity]
    for flag, value in FLAGS.items():
        command += [flag, value]
    if options.behind_proxy:
        command.append("--proxy-headers")
    sys.stdout.flush()
    os.execv(sys.executable, [*command, "kringsite.asgi:application"])  # noqa: S606 - fixed words and a port number


if __name__ == "__main__":
    main()
