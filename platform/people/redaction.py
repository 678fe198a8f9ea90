"""Keeping invitation links out of the log: whoever reads a log must not be able to accept."""

import logging
import re

_TOKEN = re.compile(r"(/mensen/uitnodiging/)[^/\s\"']+")
LOGGERS = ("django.request", "django.security.csrf", "django.server", "django.channels.server")


def without_tokens(text: str) -> str:
    """Return a text with the tokens of invitation links taken out."""
    return _TOKEN.sub(r"\1…", text)


class WithoutTokens(logging.Filter):
    """Takes the token out of every address before a record is written."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Clean the record; never drop it."""
        if isinstance(record.args, tuple):
            record.args = tuple(without_tokens(arg) if isinstance(arg, str) else arg for arg in record.args)
        record.msg = without_tokens(record.msg) if isinstance(record.msg, str) else record.msg
        return True


def install() -> None:
    """Put the filter on the loggers that write addresses."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(each, WithoutTokens) for each in logger.filters):
            logger.addFilter(WithoutTokens())
