"""A template as a tagged PDF (PDF/UA-1): for minutes and reports that are filed, mailed or read aloud."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


class PdfUnavailable(Exception):  # noqa: N818 — it is an answer to a person
    """This machine lacks the libraries that draw text; the text is the sentence to show."""


def _nothing_from_outside(url: str, *_args: Any, **_kwargs: Any) -> Any:
    raise ValueError(f"a PDF fetches nothing: {url}")


def render(template: str, context: dict[str, Any]) -> bytes:
    """Return a template as a tagged PDF. Nothing is fetched for it: its style stands in the template.

    Raises:
        PdfUnavailable: pango or harfbuzz is missing on this machine.
    """
    try:
        from weasyprint import HTML
    except OSError as missing:
        raise PdfUnavailable(
            _(
                "This server cannot make a PDF: it lacks a library (%(library)s). "
                "Print the page instead, or ask the administrator to install libpango-1.0-0."
            )
            % {"library": str(missing).split(":", maxsplit=1)[0]}
        ) from missing
    html = HTML(string=render_to_string(template, context), url_fetcher=_nothing_from_outside)
    made: bytes = html.write_pdf(pdf_variant="pdf/ua-1")
    return made


def response(made: bytes, name: str) -> HttpResponse:
    """Return a PDF as a download under a name without its ending."""
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return answer
