"""What addresses of the API have in common: reading what is asked, and saying as a problem why it cannot be answered."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from benchmark import asking
from benchmark.boundaries import Boundaries
from benchmark.models import Indicator
from benchmark.problems import problem

# An error that lists more than these helps nobody.
MOST_LISTED = 400


class Refused(Exception):  # noqa: N818 — it is an answer
    """The question cannot be answered; holds the response that says why."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response
        super().__init__(response.content)


def indicator_of(code: str) -> Indicator:
    """Return an indicator with its area.

    Raises:
        Refused: naming the codes that exist.
    """
    found = Indicator.objects.select_related("area").filter(code=code).first()
    if found is None:
        codes = list(Indicator.objects.values_list("code", flat=True)[:MOST_LISTED])
        raise Refused(
            problem(
                404,
                _("Unknown indicator"),
                _("There is no indicator “%(code)s”. `available` lists the codes that exist.") % {"code": code},
                available=codes,
            )
        )
    return found


def reader_of(request: HttpRequest, code: str | None, municipality_id: int | None = None) -> asking.Reader:
    """Return who asks about which municipality.

    Raises:
        Refused: when no municipality has this code.
    """
    try:
        return asking.reader(request.user, code, municipality_id=municipality_id)
    except Http404:
        raise Refused(
            problem(
                404,
                _("Unknown municipality"),
                _("There is no municipality “%(code)s”. Codes look like GM0534; /api/v1/municipalities lists them.")
                % {"code": code},
            )
        ) from None


def year_of(text: str | None, name: str) -> int | None:
    """Return a year of four digits, None when nothing was said.

    Raises:
        Refused: for anything else.
    """
    if not text:
        return None
    if not (text.isdecimal() and len(text) == 4):  # noqa: PLR2004 — digits of a year
        raise Refused(
            problem(
                400,
                _("Not a year"),
                _("“%(text)s” in `%(name)s` is not a year of four digits.") % {"text": text, "name": name},
            )
        )
    return int(text)


def boundaries_of(text: str | None) -> Boundaries:
    """Return whose boundaries count; those of each year when nothing was said.

    Raises:
        Refused: for anything that is no choice.
    """
    try:
        return Boundaries(text or Boundaries.THEN)
    except ValueError:
        raise Refused(
            problem(
                400,
                _("Unknown boundaries"),
                _("Boundaries are `then` (those of each year) or `now` (those of today in every year)."),
                available=[one.value for one in Boundaries],
            )
        ) from None
