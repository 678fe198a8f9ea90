"""What every set of pictures needs: somebody logged in, a picture that is small, two pictures side by side."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

from tests.e2e.conftest import PASSWORD

MEMBER = "deelnemer@hillegom.example"


def small(file: Path) -> None:
    """Write a picture again with a palette: a quarter of its size, and text stays sharp."""
    from PIL import Image

    with Image.open(file) as image:
        paletted = image.convert("RGB").quantize(method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    paletted.save(file, optimize=True)


def side_by_side(files: list[Path], into: Path) -> Path:
    """Put pictures of one height beside each other, throw the parts away; return the file."""
    from PIL import Image

    images = [Image.open(file).convert("RGB") for file in files]
    both = Image.new("RGB", (sum(image.width for image in images) + 16 * (len(images) - 1), images[0].height), "white")
    left = 0
    for image in images:
        both.paste(image, (left, 0))
        left += image.width + 16
    both.save(into)
    for file in files:
        file.unlink()
    small(into)
    return into


def log_in(page: Page, who: str = MEMBER) -> None:
    """Log somebody of the demo in; the participant of Hillegom unless told."""
    page.goto("/accounts/login/")
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")
