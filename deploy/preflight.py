"""What a machine must have before anything slow begins; each lack is one sentence.

Written so that an old Python can read it: no f-strings, no annotations, only the standard library.
"""

import sys

OLDEST = (3, 11)


def lack_of_python():
    """Return what is wrong with this Python, or nothing."""
    if sys.version_info < OLDEST:
        return (
            "Kringen needs Python 3.11 or newer and found %d.%d; install a newer one and say which: "
            "make run PYTHON=python3.12" % sys.version_info[:2]
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return (
            "This Python cannot make a virtual environment; on Debian and Ubuntu install it with: "
            "sudo apt-get install python3-venv"
        )
    return None


def lack_of_port(port):
    """Return a sentence when somebody listens on `port` already, or nothing."""
    import socket

    if not port.isdigit() or not 0 < int(port) < 65536:  # noqa: PLR2004 - a port is 16 bits
        return "PORT must be a number between 1 and 65535, not %r." % port
    probe = socket.socket()
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", int(port)))
    except PermissionError:
        return "Port %s may only be used by the system; choose another: make run PORT=8080" % port
    except OSError:
        return "Port %s is taken by another program; choose another: make run PORT=%d" % (port, int(port) + 1)
    finally:
        probe.close()
    return None


def main():
    """Check this Python, and the port where one is given; say the first lack and end with 1."""
    lack = lack_of_python() or (lack_of_port(sys.argv[1]) if len(sys.argv) > 1 else None)
    if lack:
        sys.stderr.write(lack + "\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
