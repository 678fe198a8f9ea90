"""The forms of the library: what is asked, and what is said when it cannot be used."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from benchmark.models import Area, Indicator
from goodpractices import tags
from goodpractices.models import GoodPractice
from goodpractices.permissions import Reach
from people import clock
from people.models import Municipality

_FIRST_YEAR = 1990


class PracticeForm(forms.ModelForm[GoodPractice]):
    """Write or change a practice. Without JavaScript, in one page."""

    # Our own sentences say what is missing; the browser would colour an empty form red beforehand.
    use_required_attribute = False

    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    tags = forms.CharField(
        label=_("Tags"),
        required=False,
        max_length=600,
        help_text=_("Words by which others find it, with commas between them. For example: KCC, DigiD."),
    )

    class Meta:
        model = GoodPractice
        fields = [
            "municipality",
            "title",
            "summary",
            "situation",
            "approach",
            "result",
            "cost",
            "contact",
            "year",
            "areas",
            "organisation_area",
            "phase",
            "indicators",
            "visibility",
        ]
        widgets = {
            "areas": forms.CheckboxSelectMultiple,
            "visibility": forms.RadioSelect,
            "situation": forms.Textarea(attrs={"rows": 5}),
            "approach": forms.Textarea(attrs={"rows": 8}),
            "result": forms.Textarea(attrs={"rows": 5}),
            "cost": forms.Textarea(attrs={"rows": 3}),
            "year": forms.NumberInput(attrs={"inputmode": "numeric"}),
            "indicators": forms.SelectMultiple(attrs={"size": 8}),
        }
        help_texts = {
            "title": _("What you did, in a few words."),
            "summary": _("Shown in lists. At most 240 characters."),
            "situation": _("What was going on, and for whom was it a problem?"),
            "approach": _("What did you do, in which steps, and with whom?"),
            "result": _("What came of it, and how do you know?"),
            "cost": _("Money, hours and what else it took."),
            "year": _("The year in which it was introduced."),
            "areas": _("Where does the inhabitant notice it?"),
            "indicators": _("The figures in which the effect can be seen. Choose several with Ctrl or Command."),
            "visibility": _("Who may read it once it is published."),
        }
        error_messages = {
            "title": {"required": _("Give the practice a title.")},
            "summary": {"required": _("Say in one sentence what you did. Lists show this sentence.")},
            "situation": {"required": _("Describe the situation: what was going on?")},
            "approach": {"required": _("Describe the approach: what did you do?")},
            "areas": {"required": _("Choose at least one performance area.")},
            "municipality": {"required": _("Choose the municipality of this practice.")},
        }

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("areas", Area.objects.filter(kind=Area.Kind.PERFORMANCE))
        self._offer("indicators", Indicator.objects.exclude(code__startswith="iv3_"))
        if self.instance.pk:
            del self.fields["municipality"]
            self.fields["seen"].initial = self.instance.revision
            self.fields["tags"].initial = ", ".join(sorted(tag.name for tag in self.instance.shown_tags))
        else:
            self.fields["submission"].initial = uuid.uuid4()
            own = Municipality.objects.all() if reach.is_office else Municipality.objects.filter(pk__in=reach.own)
            self._offer("municipality", own)
            if not reach.is_office:
                self.fields["municipality"].initial = min(reach.own)
                if len(reach.own) == 1:
                    self.fields["municipality"].widget = forms.HiddenInput()

    def _offer(self, name: str, choices: QuerySet[Any]) -> None:
        """Let a field choose from these only."""
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = choices

    def clean_tags(self) -> list[str]:
        """Return the tags, one by one; a tag that is not allowed is named."""
        return tags.parse(self.cleaned_data["tags"])

    def clean_year(self) -> int | None:
        """Accept a year between 1990 and this year."""
        year: int | None = self.cleaned_data["year"]
        this_year = clock.today().year
        if year is not None and not _FIRST_YEAR <= year <= this_year:
            raise forms.ValidationError(
                _("%(year)s is not a year between %(first)s and %(last)s. Write the year in four digits."),
                params={"year": year, "first": _FIRST_YEAR, "last": this_year},
            )
        return year

    def text(self) -> dict[str, Any]:
        """Return the fields that the verbs take."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in {"municipality", "submission", "seen"}
        }


class RemarkForm(forms.Form):
    """What should be better before it is published."""

    use_required_attribute = False

    remark = forms.CharField(
        label=_("What should change?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        error_messages={"required": _("Write what the author should change. The practice was not sent back.")},
    )
