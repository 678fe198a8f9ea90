"""Production reads everything from the environment, refuses with one list, and has nothing for `check --deploy`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.once  # processes of their own, on SQLite or none

ROOT = Path(__file__).resolve().parents[2]
NEEDED = {
    "SECRET_KEY": "k3yUse0nlyInTests-" * 4,
    "BASE_URL": "https://kringen.example",
    "ALLOWED_HOSTS": "kringen.example",
    "DATABASE_URL": "postgres://kringen:x@127.0.0.1:1/kringen",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "smtp://mail:x@mail.example:587/?tls=True",
    "DEFAULT_FROM_EMAIL": "Kringen <kringen@kringen.example>",
    "SECURITY_CONTACT": "mailto:security@kringen.example",
}


def manage(arguments: list[str], environment: dict[str, str], var: Path) -> subprocess.CompletedProcess:
    """Run a command with the production settings and only these variables."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "kringsite.settings.production",
            "KRINGEN_VAR": str(var),
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_an_empty_environment_is_refused_with_one_list(tmp_path):
    done = manage(["check"], {}, tmp_path)
    assert done.returncode == 1
    listed = [line.split(":")[0].strip() for line in done.stderr.splitlines() if line.startswith("  ") and ": " in line]
    assert sorted(name for name in listed if name.isupper()) == sorted(NEEDED)
    assert "Kringen cannot start in production" in done.stderr


def test_what_is_wrong_is_listed_beside_what_is_missing(tmp_path):
    given = {**NEEDED, "SECRET_KEY": "short", "WEB_PROCESSES": "many"}
    del given["REDIS_URL"]
    done = manage(["check"], given, tmp_path)
    assert done.returncode == 1
    for name in ("SECRET_KEY", "WEB_PROCESSES", "REDIS_URL"):
        assert f"\n  {name}: " in done.stderr
    assert "short" not in done.stderr.replace("shorter", ""), "a secret does not belong on the screen"


def test_check_deploy_finds_nothing(tmp_path):
    done = manage(["check", "--deploy", "--fail-level", "WARNING"], NEEDED, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues (0 silenced)" in done.stdout


@pytest.mark.parametrize(
    ("change", "number"),
    [({"ALLOWED_HOSTS": "*"}, "kringsite.E003"), ({"DEMO": "1"}, "kringsite.E009")],
)
def test_a_server_with_an_unsafe_combination_does_not_start(tmp_path, change, number):
    code = "import kringsite.asgi"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
            "DJANGO_SETTINGS_MODULE": "kringsite.settings.production",
            "KRINGEN_VAR": str(tmp_path),
            **NEEDED,
            **change,
        },
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 1
    assert number in done.stderr


PRINT = """
from django.conf import settings as s
for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS",
             "ALLOWED_ORIGINS", "CSRF_TRUSTED_ORIGINS", "DEBUG", "DEMO", "SECOND_FACTOR_REQUIRED"):
    print(name, getattr(s, name))
print("task", s.TASKS["default"]["BACKEND"])
print("layer", s.CHANNEL_LAYERS["default"]["BACKEND"])
print("connect", *s.CONTENT_SECURITY_POLICY["DIRECTIVES"]["connect-src"])
print("pool", s.DATABASES["default"]["OPTIONS"]["pool"]["max_size"], s.DATABASES["default"]["CONN_MAX_AGE"])
"""


def test_production_is_shut_where_it_should_be(tmp_path):
    done = manage(["shell", "--no-imports", "-c", PRINT], NEEDED, tmp_path)
    assert done.stdout.splitlines() == [
        "SESSION_COOKIE_SECURE True",
        "CSRF_COOKIE_SECURE True",
        "SECURE_SSL_REDIRECT True",
        "SECURE_HSTS_SECONDS 31536000",
        "ALLOWED_ORIGINS ['https://kringen.example']",
        "CSRF_TRUSTED_ORIGINS ['https://kringen.example']",
        "DEBUG False",
        "DEMO False",
        "SECOND_FACTOR_REQUIRED True",
        "task django_tasks_db.DatabaseBackend",
        "layer channels_redis.pubsub.RedisPubSubChannelLayer",
        "connect 'self' wss://kringen.example",
        "pool 12 0",
    ]


def test_plain_http_is_for_this_very_machine_only(tmp_path):
    elsewhere = manage(["shell", "--no-imports", "-c", PRINT], {**NEEDED, "PLAIN_HTTP_ON_LOOPBACK": "1"}, tmp_path)
    assert elsewhere.stdout.splitlines()[:3] == [
        "SESSION_COOKIE_SECURE True",
        "CSRF_COOKIE_SECURE True",
        "SECURE_SSL_REDIRECT True",
    ]
