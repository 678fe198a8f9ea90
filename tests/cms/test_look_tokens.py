"""The theme: both ways into the dark hold the same values, and text on its ground can be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[2] / "assets" / "css" / "tokens.css"
TEXT = [  # (ink, ground, ratio asked by WCAG 2.2 AA)
    *((ink, ground, 4.5) for ink in ("ink", "muted", "action") for ground in ("ground", "light", "surface", "sunken")),
    *((word, f"{word}-soft", 4.5) for word in ("good", "warn", "bad", "info")),
    ("action-ink", "action", 4.5),
    ("action-ink", "action-hover", 4.5),
    ("action-hover", "action-soft", 4.5),
    ("ink", "warn-soft", 4.5),
    ("line-strong", "surface", 3),
    ("line-strong", "ground", 3),
    ("own", "surface", 3),
    ("peer", "surface", 3),
    ("focus", "ground", 3),
]


def block(pattern: str) -> dict[str, str]:
    """Return the tokens between the braces after `pattern`."""
    found = re.search(pattern + r"\s*\{(.*?)\}", TOKENS.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return dict(re.findall(r"--k-([\w-]+):\s*([^;]+);", found[1]))


LIGHT = block(r"\n:root")
DARK = block(r':root\[data-theme="dark"\]')


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb`."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_dark_values_stand_twice_and_alike():
    assert block(r':root:not\(\[data-theme="light"\]\)') == DARK


@pytest.mark.parametrize(("ink", "ground", "asked"), TEXT)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast(theme, ink, ground, asked):
    tokens = LIGHT if theme == "light" else {**LIGHT, **DARK}
    assert contrast(tokens[ink], tokens[ground]) >= asked


@pytest.mark.parametrize("phase", range(1, 6))
def test_the_number_in_a_phase_can_be_read(phase):
    assert contrast(LIGHT[f"phase-{phase}"], LIGHT[f"phase-{phase}-ink"]) >= 4.5
