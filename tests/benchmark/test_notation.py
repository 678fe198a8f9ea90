"""Numbers in Dutch, and what people type."""

import pytest
from django.utils.translation import override

from benchmark.notation import NotANumber, amount, number, parse


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1208.4, 0, "1.208"),
        (12.45, 1, "12,4"),
        (-0.04, 1, "0,0"),
        (-43, 0, "-43"),
        (None, 1, ""),
        (1234567, 0, "1.234.567"),
    ],
)
def test_dutch_numbers(value, decimals, text):
    with override("nl"):
        assert number(value, decimals) == text


def test_english_numbers():
    with override("en"):
        assert number(1208.45, 1) == "1,208.5"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (12.4, "minuten", "12,4 minuten"),
        (64.0, "%", "64,0 %"),
        (1208.0, "€", "€\u00a01.208,0"),
        (3.0, "€ per jaar", "€\u00a03,0 per jaar"),
        (7.3, "1-10", "7,3"),
    ],
)
def test_amounts_carry_their_unit(value, unit, text):
    with override("nl"):
        assert amount(value, 1, unit) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12,4", 12.4),
        ("12.4", 12.4),
        ("1.234", 1234.0),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1.234.567", 1234567.0),
        ("€ 1.208", 1208.0),
        ("64 %", 64.0),
        ("-43", -43.0),
        ("−0,5", -0.5),
        ("1,234", 1.234),
    ],
)
def test_what_people_type(text, value):
    with override("nl"):
        assert parse(text) == value


@pytest.mark.parametrize("text", ["", "twaalf", "12,4,5.6", "1e5", "--3", "=1+1", "nan", "inf"])
def test_what_is_not_a_number(text):
    with override("nl"), pytest.raises(NotANumber):
        parse(text)
