"""What every test of kringen needs."""

import pytest


@pytest.fixture(autouse=True)
def _one_factor(settings):
    """Let validators and administrators in without a second factor; that is tested with the people."""
    settings.SECOND_FACTOR_REQUIRED = False
