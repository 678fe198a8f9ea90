"""The form that takes a file of measurements."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from benchmark.imports import profiles

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

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices: list[tuple[str, object]] = [("", _("See it from the columns"))]
        choices += [(name, TITLES.get(name) or profiles.load(name).title) for name in profiles.names()]
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
