"""The API against its own description: whatever is asked, the answer is never a fault of the server.

Schemathesis makes the requests from `/api/v1/openapi.json`, as nobody and as a member with a token; a few of each with
every change, many with `REPEATS=500`.
"""

import os

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings

from people import tokens

EXAMPLES = int(os.environ.get("REPEATS", "4"))
# Room events are read in threads of their own, which do not see a test's open transaction.
THREADED = r"/rooms/"


@pytest.fixture
def described(cast, figures):
    """The description of the API, as the application itself gives it."""
    # A request of its own would close the connection that holds the test's transaction, as Django's client knows.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        found = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
        yield found.exclude(path_regex=THREADED)
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def test_no_question_is_a_fault_of_the_server(described, cast):
    _made, text = tokens.make(by=cast.participant, name="x", scope="read", days=1)
    asked: dict[str, int] = {}

    def ask(case):
        for headers in ({}, {"Authorization": f"Bearer {text}"}):
            answer = case.call(headers=headers)
            assert answer.status_code < 500, f"{case.method} {case.formatted_path}?{case.query}"
            if answer.status_code >= 400:
                assert answer.headers["content-type"][0].startswith("application/problem+json")
            asked[case.path] = asked.get(case.path, 0) + 1

    for found in described.get_all_operations():
        run = given(case=found.ok().as_strategy())(ask)
        settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )(run)()
    assert {"/api/v1/series", "/api/v1/charts/{kind}", "/api/v1/groups", "/api/v1/indicators/{code}"} <= asked.keys()
    assert min(asked.values()) >= 2
