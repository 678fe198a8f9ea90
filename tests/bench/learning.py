"""The learning loop: searching 10,000 practices, the order of what is found, effects, and the pages of the library.

In a process of its own with the embedded settings, and with PostgreSQL where `DATABASE_URL` names a server: a database
of its own is made there and thrown away. The load of the machine is written with every figure.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from tests.servers import ROOT, environment

QUICK = os.environ.get("QUICK", "") not in {"", "0"}
PRACTICES = 2_000 if QUICK else 10_000
ROUNDS = 2 if QUICK else 5
EFFECTS, MUNICIPALITIES, YEARS = 200, 342, 10
# Words of the generated texts: rare and common, one and more, with filters, and with a typing error.
QUESTIONS = (
    "q=balie",
    "q=wachttijden+verkorten",
    "q=afspraken&area=gebied-1",
    "q=paspoort&phase=3&year=2008",
    "q=klachten+registreren&organisation=processen",
    "q=kennisbankk",
    "q=leges&sort=newest",
    "q=telefoon&tag=label7",
    "q=zaaksysteem+invoeren+college",
    "q=waiting+time",
    "area=gebied-2&evidence=0",
    "sort=adopted",
)


def run(record: Callable[..., Any]) -> None:
    """Measure on SQLite, on PostgreSQL where there is one, and the calculation by itself."""
    load = f"load {os.getloadavg()[0]:.1f}"
    with tempfile.TemporaryDirectory(prefix="kringen-bench-learning-") as folder:
        env = environment(Path(folder), 8000, STATIC_ROOT=str(ROOT / "var" / "static"))
        env["PYTHONPATH"] += f":{ROOT}"
        env.pop("REDIS_URL", None)
        server = env.pop("DATABASE_URL", None) or os.environ.get("DATABASE_URL")
        _report(record, "sqlite", _child(env, "measure"), load)
        if server and server.startswith("postgres"):
            with _Database(server) as address:
                env["DATABASE_URL"] = address
                _report(record, "postgresql", _child(env, "measure"), load)
        else:
            record(
                id="learning.search.postgresql.p95",
                value=None,
                unit="ms",
                target=30,
                note="DATABASE_URL names no server",
            )
        effect = _child(env | {"DATABASE_URL": ""}, "effect")
        apart = Path(folder) / "goals"
        apart.mkdir()
        goals = _child(env | {"DATABASE_URL": "", "KRINGEN_VAR": str(apart)}, "goals")
    record(
        id="learning.effect.all",
        value=effect["seconds"],
        unit="s",
        target=5,
        note=f"{EFFECTS} practices × {MUNICIPALITIES} municipalities × {YEARS} years, 20 adopters each; {load}",
    )
    for name, what in (("none", "none of them turns"), ("all", "all of them turn, and owners and rooms are told")):
        record(
            id=f"learning.goals.{name}",
            value=goals[name],
            unit="s",
            target=2,
            note=f"{goals['goals']} goals after an import of a year ({goals['values']} values in all); {what}; {load}",
        )
        record(id=f"learning.goals.{name}.own", value=goals[f"{name}_own"], unit="s", note="processor time of it")


def _report(record: Callable[..., Any], on: str, found: dict[str, Any], load: str) -> None:
    note = f"{PRACTICES} practices, {len(QUESTIONS)} questions × {ROUNDS}, with facets; {load}"
    record(id=f"learning.search.{on}.p95", value=found["p95"], unit="ms", target=30, note=note)
    record(
        id=f"learning.search.{on}.own",
        value=found["spent"],
        unit="ms",
        note="processor time of this process per question, on average: what a busy machine does not change much",
    )
    record(
        id=f"learning.search.{on}.median",
        value=found["words"],
        unit="ms",
        baseline=found["bare"],
        target=round(3 * found["bare"], 1),
        note=f"questions with words; baseline: the bare full-text query for the best 20, without rights and counts; {load}",
    )
    for name in ("library", "search", "practice"):
        page = found["pages"][name]
        record(
            id=f"learning.page.{name}.{on}.p95", value=page["p95"], unit="ms", target=80, note=f"as a member; {load}"
        )
        record(id=f"learning.page.{name}.{on}.queries", value=page["queries"], unit="queries", note="10,000 practices")
    record(
        id=f"learning.ndcg.{on}",
        value=found["ndcg"],
        unit="nDCG@10",
        baseline=found["plain"],
        target=max(0.85, round(found["plain"] + 0.15, 3)),
        better="more",
        note=f"{found['questions']} judged questions; baseline: plain full text of this database over the same texts",
    )


class _Database:
    """A database of its own on a PostgreSQL server."""

    def __init__(self, server: str) -> None:
        self.parts = urlsplit(server)
        self.name = f"kringen_bench_learning_{os.getpid()}"

    def _do(self, sql: str) -> None:
        import psycopg

        with psycopg.connect(urlunsplit(self.parts), autocommit=True) as connection:
            connection.execute(sql)  # type: ignore[arg-type]

    def __enter__(self) -> str:
        self._do(f"CREATE DATABASE {self.name}")
        return urlunsplit(self.parts._replace(path=f"/{self.name}"))

    def __exit__(self, *_: object) -> None:
        self._do(f"DROP DATABASE {self.name} WITH (FORCE)")


def _child(env: dict[str, str], step: str) -> dict[str, Any]:
    env = {name: value for name, value in env.items() if value or name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.learning", step],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{step} failed:\n{done.stdout}")
    return json.loads(done.stdout.splitlines()[-1])


def _quantiles(took: list[float]) -> dict[str, float]:
    return {"p50": round(statistics.median(took), 1), "p95": round(statistics.quantiles(took, n=20)[-1], 1)}


def _timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


class _Clock:
    """Says on stderr how long each part took: a benchmark that seems to hang says where."""

    def __init__(self) -> None:
        self.at = time.perf_counter()

    def say(self, what: str) -> None:
        now = time.perf_counter()
        print(f"· {what}: {now - self.at:.0f} s", file=sys.stderr, flush=True)
        self.at = now


def _measure() -> dict[str, Any]:
    """Judge the small library first, then fill it up and time it."""
    from django.core.management import call_command
    from django.http import QueryDict

    clock = _Clock()
    call_command("migrate", verbosity=0, interactive=False)
    clock.say("tables made")
    from goodpractices.models import GoodPractice
    from goodpractices.search import Asked, find
    from tests.goodpractices import judging
    from tests.goodpractices.generated import generate

    judging.fill()
    ours, each = judging.score(judging.by_library)
    plain, _ = judging.score(judging.by_backend)
    GoodPractice.objects.all().delete()
    clock.say("order of what is found judged")
    generate(PRACTICES)
    clock.say(f"{PRACTICES} practices made")
    member = _member()
    asked = [Asked.of(QueryDict(question)) for question in QUESTIONS]
    for one in asked:
        find(member, one)
    clock.say("read into memory")
    spent = time.process_time()
    took = [_timed(lambda one=one: _for_the_first_time(member, one)) for _ in range(ROUNDS) for one in asked]
    spent = 1000 * (time.process_time() - spent) / len(took)
    # The two are held against each other on the same questions, by turns, so that both meet the same machine.
    words = [one for one in asked if one.query and "kk" not in one.query]
    if not all(_bare(one.query) for one in words):
        raise RuntimeError("the bare query finds nothing: it would be no measure")
    ours_took, bare_took = [], []
    for _ in range(ROUNDS):
        for one in words:
            ours_took.append(_timed(lambda one=one: _for_the_first_time(member, one)))
            bare_took.append(_timed(lambda one=one: _bare(one.query)))
    return {
        **_quantiles(took),
        "spent": round(spent, 1),
        "words": round(statistics.median(ours_took), 1),
        "bare": round(statistics.median(bare_took), 1),
        "ndcg": round(ours, 3),
        "plain": round(plain, 3),
        "questions": len(each),
        "pages": _pages(member),
    }


def _bare(query: str) -> int:
    """Ask the database's full-text index for the best twenty: the same words, the same stems, and nothing besides.

    No rights, no counts, no compounds, no synonyms: what every search in a database costs at least.
    """
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection

    from goodpractices.models import GoodPractice
    from goodpractices.search import PAGE_SIZE
    from goodpractices.words import terms

    kind = ContentType.objects.get_for_model(GoodPractice).pk
    either = " | " if connection.vendor == "postgresql" else " OR "
    both = " & " if connection.vendor == "postgresql" else " AND "
    asked = both.join("(" + either.join(f'"{stem}"' for stem in term.stems) + ")" for term in terms(query))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT object_id FROM wagtailsearch_indexentry, to_tsquery('simple', %s) AS q "
                "WHERE body @@ q AND content_type_id = %s ORDER BY ts_rank(body, q) DESC LIMIT %s",
                [asked.replace('"', "'"), kind, PAGE_SIZE],
            )
        else:
            cursor.execute(
                "SELECT entry.object_id FROM wagtailsearch_indexentry_fts AS found "
                "JOIN wagtailsearch_indexentry AS entry ON entry.id = found.rowid "
                "WHERE wagtailsearch_indexentry_fts MATCH %s AND entry.content_type_id = %s ORDER BY rank LIMIT %s",
                [f"body : ({asked})", kind, PAGE_SIZE],
            )
        return len(cursor.fetchall())


def _member() -> Any:
    from people.models import Municipality, Role, RoleName, User

    place = Municipality.objects.get(code="GM9000")
    member = User.objects.create_user("deelnemer@bench.example", "x", name="Deelnemer", municipality=place)
    Role.objects.create(user=member, role=RoleName.EDITOR, scope=place)
    return member


def _for_the_first_time(member: Any, asked: Any) -> Any:
    """Ask as if nobody had used these words before: what is kept of them would flatter a few questions asked often."""
    from goodpractices import catalogue
    from goodpractices.search import find

    catalogue.current().postings._readings.clear()  # noqa: SLF001 - what only a measurement wants forgotten
    return find(_again(member), asked)


def _again(member: Any) -> Any:
    """Fetch the person afresh, as every request does; not part of what a search costs, but of what it needs."""
    return type(member).objects.get(pk=member.pk)


def _pages(member: Any) -> dict[str, Any]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from goodpractices.models import GoodPractice

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    slug = GoodPractice.objects.published_to(member).order_by("pk")[0].slug
    addresses = {"library": "/praktijken/", "search": "/zoeken/?q=wachttijden", "practice": f"/praktijken/{slug}/"}
    found = {}
    for name, address in addresses.items():
        for _ in range(3):
            if client.get(address).status_code != 200:
                raise RuntimeError(f"{address} does not answer")
        took = [_timed(lambda address=address: client.get(address)) for _ in range(30)]
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        found[name] = {**_quantiles(took), "queries": len(queries)}
    return found


def _goals() -> dict[str, Any]:
    """Time what goals make of an import."""
    from tests.bench.goal_states import measure

    return measure()


def _effect() -> dict[str, float]:
    """Time the calculation for many practices, each with figures and adopters of its own."""
    from goodpractices.effect import measure
    from tests.goodpractices.simulated import YEARS as SIMULATED
    from tests.goodpractices.simulated import World, figures

    worlds = [figures(World(effect=-2.0), seed) for seed in range(EFFECTS)]
    began = time.perf_counter()
    for values, inhabitants, starts in worlds:
        measure(values, SIMULATED, inhabitants, starts)
    return {"seconds": round(time.perf_counter() - began, 2)}


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps({"measure": _measure, "effect": _effect, "goals": _goals}[sys.argv[1]]()))
