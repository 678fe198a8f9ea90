"""Numbers as a reader expects them: decimal comma in Dutch, the unit beside it, never a thousand as "k"."""

from __future__ import annotations

import math
import re

from django.utils.formats import get_format
from django.utils.translation import get_language, gettext

# A unit that only names the scale ("1-10") says nothing behind a number.
_SCALES = {"1-10", "1-5", "ja/nee", "aantal", ""}


class NotANumber(ValueError):  # noqa: N818 — it is an answer to a person
    """The text is not a number."""


def _marks() -> tuple[str, str]:
    language = get_language() or "nl"
    decimal = str(get_format("DECIMAL_SEPARATOR", language))
    return decimal, "." if decimal == "," else ","


def number(value: float | None, decimals: int = 1) -> str:
    """Return a number in the reader's language, thousands marked; an empty string for nothing."""
    if value is None or not math.isfinite(value):
        return ""
    decimal, thousand = _marks()
    text = f"{value:,.{decimals}f}"
    if float(f"{value:.{decimals}f}") == 0:
        text = text.lstrip("-")
    return text.replace(",", "\0").replace(".", decimal).replace("\0", thousand)


def amount(value: float | None, decimals: int, unit: str) -> str:
    """Return a number with its unit: "12,4 minuten", "64 %", "€ 1.208"; yes and no in words."""
    if value is None or not math.isfinite(value):
        return ""
    if unit == "ja/nee" and value in (0, 1):
        return gettext("yes") if value else gettext("no")
    text = number(value, decimals)
    if unit in _SCALES:
        return text
    if unit.startswith("€"):
        return f"€\u00a0{text}{unit.removeprefix('€')}"
    return f"{text} {unit}"


def unit_in_words(unit: str) -> str:
    """Return the unit for a heading or an axis."""
    words = {
        "1-10": gettext("grade from 1 to 10"),
        "1-5": gettext("score from 1 to 5"),
        "ja/nee": gettext("1 is yes, 0 is no"),
        "aantal": gettext("number"),
        "%": gettext("percent"),
        "€": gettext("euro"),
    }
    return words.get(unit, unit)


def parse(text: str) -> float:
    """Read a number typed by a person: "12,4", "12.4", "1.234,5", "€ 1.234" and "64 %" all work.

    A point or comma before exactly three last digits marks thousands when the other mark follows it or the same mark
    comes back; alone ("1.234") it is read in the reader's language.

    Raises:
        NotANumber: when no single number stands there.
    """
    plain = re.sub(r"[\s%€\u00a0]", "", text).replace("−", "-")
    if not re.fullmatch(r"[+-]?[\d.,]*\d", plain):
        raise NotANumber(text)
    comma, point = plain.rfind(","), plain.rfind(".")
    if comma >= 0 and point >= 0:
        decimal = "," if comma > point else "."
    elif plain.count(",") + plain.count(".") > 1:
        decimal = ""
    else:
        mark = "," if comma >= 0 else "."
        decimal = "" if mark == _marks()[1] and re.search(r"\d[.,]\d{3}$", plain) else mark
    whole, _mark, part = plain.rpartition(decimal) if decimal and decimal in plain else (plain, "", "")
    if re.search(r"[.,]", whole) and not re.fullmatch(r"[+-]?\d{1,3}(([.]\d{3})+|(,\d{3})+)", whole):
        raise NotANumber(text)
    try:
        return float(f"{re.sub('[.,]', '', whole)}.{part or 0}")
    except ValueError as error:
        raise NotANumber(text) from error
