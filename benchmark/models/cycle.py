"""A benchmark year."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Cycle(models.Model):
    """One round of measuring, comparing, learning and improving, named after its year."""

    class State(models.TextChoices):
        """The main line of a year (facts 3.2); meetings and surveys run beside it."""

        CONCEPT = "concept", _("in preparation")
        STARTED = "started", _("started")
        ROUND_1 = "round-1", _("first data round")
        CHECKING = "checking", _("checking for discrepancies")
        VALIDATION = "validation", _("validation")
        ROUND_2 = "round-2", _("second data round")
        REPORTED = "reported", _("reported")
        DRAFT_REPORT = "draft-report", _("draft report")
        FINAL_REPORT = "final-report", _("final report")
        CLOSED = "closed", _("closed")
        EVALUATED = "evaluated", _("evaluated")

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=80)
    year = models.PositiveSmallIntegerField(_("year"))
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.CONCEPT)

    class Meta:
        ordering = ["-year"]
        verbose_name = _("benchmark year")
        verbose_name_plural = _("benchmark years")

    def __str__(self) -> str:
        return self.name
