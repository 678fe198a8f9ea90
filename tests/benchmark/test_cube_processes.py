"""An import by one process is noticed by the others, without a restart."""

import json
import urllib.request

import pytest

from tests.servers import Site, free_port

pytestmark = pytest.mark.server
CODES = ("GM0534", "GM0473", "GM0375", "GM0503", "GM0546", "GM0547", "GM0553")


def years(site):
    """Return year → number of municipalities with a value, as the public gets it."""
    with urllib.request.urlopen(f"{site.url}/api/v1/series?indicator=wac_balie_gem", timeout=20) as answer:
        return {row["year"]: row["n"] for row in json.load(answer)["years"]}


def test_two_servers_and_a_command(own_site, tmp_path):
    other = Site(var=own_site.var, port=free_port(), extra=own_site.extra)
    other.start()
    try:
        before = years(own_site), years(other)
        assert before[0] == before[1]
        assert 2010 not in before[0]
        file = tmp_path / "nieuw.csv"
        lines = [f"{code},wac_balie_gem,2010,{10 + at}" for at, code in enumerate(CODES)]
        file.write_text("\n".join(["gm_code,indicator,year,value", *lines]) + "\n")
        own_site.manage("import_measurements", str(file))
        after = years(own_site), years(other)
        assert after[0] == after[1]
        assert after[0] == {**before[0], 2010: len(CODES)}
    finally:
        other.stop()
