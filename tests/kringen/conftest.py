"""What every test of kringen needs."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _one_factor(settings):
    """Let validators and administrators in without a second factor; that is tested with the people."""
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def english():
    """Read texts that are translated late (errors of a form) in the language of the sources."""
    with translation.override("en"):
        yield
