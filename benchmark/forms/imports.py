"""The forms that take a file of measurements, and what is said about values that stand out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from benchmark import notation
from benchmark.imports import own_profiles
from benchmark.imports.questions import Answer, Question
from benchmark.models import QuestionAnswer
from people.models import User

# Titles of the profiles that come with the site; another one shows its own title.
TITLES = {"neutral": _("Neutral measurement file"), "iv3": _("Iv3: budgets and accounts (CBS)")}
ENDINGS = (".csv", ".csv.gz", ".xlsx", ".ods")


class UploadForm(forms.Form):
    """A file, and how to read it."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("A .csv, .csv.gz, .xlsx or .ods file. You see what was understood before anything changes."),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join((*ENDINGS, ".gz"))}),
        error_messages={
            "required": _("No file was chosen. Choose a file and send it again."),
            "empty": _("This file is empty. Choose another one."),
        },
    )
    profile = forms.ChoiceField(label=_("Kind of file"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, object]] = [("", _("See it from the columns"))]
        choices += [(name, TITLES.get(name) or title) for name, title in own_profiles.usable(user)]
        self.fields["profile"].choices = choices  # type: ignore[attr-defined]

    def clean_file(self) -> UploadedFile:
        """Refuse what is too large before anybody reads it, and what cannot be a table."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.IMPORT_MAX_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB. Nothing was kept. Split it and send the parts."),
                params={"limit": settings.IMPORT_MAX_BYTES // 1024**2},
            )
        if not (file.name or "").lower().endswith(ENDINGS):
            raise forms.ValidationError(_("This is not a .csv, .csv.gz, .xlsx or .ods file. Nothing was kept."))
        return file


class AnswerForm(forms.Form):
    """What somebody says about one value that stands out."""

    choice = forms.ChoiceField(
        label=_("Your answer"),
        choices=[
            (QuestionAnswer.Choice.RIGHT, _("It is right")),
            (QuestionAnswer.Choice.CORRECT, _("It must be:")),
            (QuestionAnswer.Choice.LEAVE_OUT, _("Leave it out")),
        ],
        required=False,
    )
    value = forms.CharField(label=_("Correct value"), required=False, max_length=30)
    note = forms.CharField(label=_("Why (stays with the figure)"), required=False, max_length=300)
    always = forms.BooleanField(label=_("Do not ask this again for this municipality and indicator"), required=False)

    def __init__(self, data: Any, question: Question) -> None:
        super().__init__(data, prefix=question.key)
        self.question = question
        self.fields["choice"].widget = forms.Select(
            choices=[("", _("Choose an answer")), *self.fields["choice"].choices]  # type: ignore[attr-defined]
        )

    def clean(self) -> dict[str, Any]:
        """A correction needs a number."""
        said = super().clean() or {}
        if said.get("choice") == QuestionAnswer.Choice.CORRECT:
            try:
                said["number"] = notation.parse(said.get("value", ""))
            except notation.NotANumber:
                self.add_error("value", _("Write the correct value as a number, such as 12,5."))
        return said

    @property
    def answer(self) -> Answer | None:
        """What was said; None when nothing was."""
        said = self.cleaned_data
        if not said.get("choice"):
            return None
        return Answer(said["choice"], said.get("number"), said["note"].strip(), said["always"])


class AllRightForm(forms.Form):
    """One answer to everything that has none of its own."""

    all_right = forms.BooleanField(label=_("Everything that I did not answer above is right"), required=False)
    all_note = forms.CharField(label=_("Why (stays with the figures)"), required=False, max_length=300)

    @property
    def answer(self) -> Answer | None:
        """What was said; None when nothing was."""
        said = self.cleaned_data
        return Answer(QuestionAnswer.Choice.RIGHT, None, said["all_note"].strip()) if said["all_right"] else None
