"""Charts in pages of others: a signed address that shows public figures and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing
from django.http import QueryDict

from benchmark.showing import State, Unshowable

SALT = "benchmark.embedding"


class NotSigned(ValueError):  # noqa: N818 — it is an answer to a person
    """The address was not made by this site, or was changed."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """What an address shows, and in which language."""

    state: State
    language: str


def sign(state: State, language: str) -> str:
    """Return the signed part of an address; the same state gives the same address."""
    return signing.Signer(salt=SALT).sign_object({"q": state.query(), "l": language}, compress=True)


def read(token: str) -> Embedded:
    """Return what a signed address shows.

    Raises:
        NotSigned: for anything this site did not sign.
    """
    try:
        found = signing.Signer(salt=SALT).unsign_object(token)
        return Embedded(State.of(QueryDict(found["q"])), found["l"])
    except (signing.BadSignature, KeyError, TypeError, ValueError, Unshowable) as error:
        raise NotSigned(token) from error
