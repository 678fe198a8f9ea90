"""The forms of the library: what is asked, and what is said when it cannot be used."""

from __future__ import annotations

import datetime as dt
import math
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from benchmark import notation
from benchmark.models import Area, Goal, Indicator
from goodpractices import library, tags
from goodpractices.models import Adoption, Experience, GoodPractice, NupSubject
from goodpractices.permissions import Reach, reach_of
from people import clock
from people.models import Municipality, User

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

    nup_subjects = forms.MultipleChoiceField(
        label=_("NUP subjects"),
        required=False,
        choices=NupSubject.choices,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_("Subjects of the national programme that it uses. Choose several with Ctrl or Command."),
    )
    co_authors = forms.ModelMultipleChoiceField(
        label=_("Co-authors"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Colleagues of your municipality. They get the remarks of the reviewer too."),
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
            "went_wrong",
            "conditions",
            "for_size",
            "budget",
            "staff",
            "contact",
            "year",
            "areas",
            "organisation_area",
            "phase",
            "indicators",
            "visibility",
            "review_on",
        ]
        widgets = {
            "areas": forms.CheckboxSelectMultiple,
            "visibility": forms.RadioSelect,
            "situation": forms.Textarea(attrs={"rows": 5}),
            "approach": forms.Textarea(attrs={"rows": 8}),
            "result": forms.Textarea(attrs={"rows": 5}),
            "cost": forms.Textarea(attrs={"rows": 3}),
            "went_wrong": forms.Textarea(attrs={"rows": 3}),
            "conditions": forms.Textarea(attrs={"rows": 3}),
            "review_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "year": forms.NumberInput(attrs={"inputmode": "numeric"}),
            "indicators": forms.SelectMultiple(attrs={"size": 8, "data-picker": ""}),
        }
        help_texts = {
            "title": _("What you did, in a few words."),
            "summary": _("Shown in lists. At most 240 characters."),
            "situation": _("What was going on, and for whom was it a problem?"),
            "approach": _("What did you do, in which steps, and with whom?"),
            "result": _("What came of it, and how do you know?"),
            "cost": _("Money, hours and what else it took."),
            "went_wrong": _("What would you do otherwise now? Others learn most from this."),
            "conditions": _("What must be there before somebody else can do this?"),
            "for_size": _("For example: up to 50,000 inhabitants."),
            "budget": _("For example: € 20,000 once, € 3,000 a year."),
            "staff": _("For example: 0.2 fte for a year, and an adviser."),
            "review_on": _("When should somebody look whether it is still right? Empty: two years after publishing."),
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

    def __init__(self, *args: Any, reach: Reach, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._by = by
        self._offer("areas", Area.objects.filter(kind=Area.Kind.PERFORMANCE))
        self._offer("indicators", Indicator.objects.exclude(code__startswith="iv3_"))
        if self.instance.pk:
            del self.fields["municipality"]
            self.fields["seen"].initial = self.instance.revision
            self.fields["tags"].initial = ", ".join(sorted(tag.name for tag in self.instance.shown_tags))
            self.fields["nup_subjects"].initial = self.instance.nup_subjects
            self.fields["co_authors"].initial = self.instance.co_authors.all()
            places = {self.instance.municipality_id}
        else:
            self.fields["submission"].initial = uuid.uuid4()
            own = Municipality.objects.all() if reach.is_office else Municipality.objects.filter(pk__in=reach.own)
            self._offer("municipality", own)
            places = set(reach.own)
            if not reach.is_office:
                self.fields["municipality"].initial = min(reach.own)
                if len(reach.own) == 1:
                    self.fields["municipality"].widget = forms.HiddenInput()

        colleagues = User.objects.filter(is_active=True, municipality__in=places).exclude(
            pk=self.instance.author_id or by.pk
        )
        self._offer("co_authors", colleagues.order_by("name"))
        if not colleagues.exists():
            del self.fields["co_authors"]

    def _offer(self, name: str, choices: QuerySet[Any]) -> None:
        """Let a field choose from these only."""
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = choices

    def clean(self) -> dict[str, Any] | None:
        """Refuse a second practice of one title, before anything is made."""
        found = super().clean()
        municipality = self.instance.municipality if self.instance.pk else self.cleaned_data.get("municipality")
        title = self.cleaned_data.get("title")
        sent = self.cleaned_data.get("submission")
        again = sent is not None and GoodPractice.objects.filter(submission=sent).exists()
        if municipality is not None and title and not again:
            try:
                library.check_title(self._by, municipality, title, but=self.instance if self.instance.pk else None)
            except library.DuplicateError as refused:
                self.add_error("title", str(refused))
        return found

    def clean_review_on(self) -> dt.date | None:
        """Refuse a date that has passed already, unless it stood there."""
        day: dt.date | None = self.cleaned_data["review_on"]
        if day is not None and "review_on" in self.changed_data and day <= clock.today():
            raise forms.ValidationError(_("This date has passed. Choose a day from tomorrow on, or leave it empty."))
        return day

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


class NumberField(forms.CharField):
    """A number as people write it, with a comma or a point, in either language."""

    def to_python(self, value: Any) -> Any:
        """Return the number, or None for nothing."""
        written = str(super().to_python(value))[:40]
        if not written:
            return None
        try:
            return notation.parse(written)
        except notation.NotANumber as refused:
            raise forms.ValidationError(
                _("“%(value)s” is not a number. Write it like 12,5."), params={"value": written}
            ) from refused


class FigureForm(forms.Form):
    """A figure of the result: which, before and after."""

    indicator = forms.ModelChoiceField(
        label=_("Indicator"), queryset=Indicator.objects.none(), required=False, empty_label=_("no figure")
    )
    before = NumberField(label=_("Before"), required=False)
    before_year = forms.IntegerField(label=_("Year before"), required=False, min_value=_FIRST_YEAR)
    after = NumberField(label=_("After"), required=False)
    after_year = forms.IntegerField(label=_("Year after"), required=False, min_value=_FIRST_YEAR)

    use_required_attribute = False

    def __init__(self, *args: Any, choices: QuerySet[Indicator], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["indicator"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = choices

    def clean(self) -> dict[str, Any]:
        """Both numbers or none, and the years in order."""
        found = self.cleaned_data
        given = [found.get("before"), found.get("after")]
        if any(value is not None and not math.isfinite(value) for value in given):
            raise forms.ValidationError(_("Write both figures as ordinary numbers."))
        if found.get("indicator") is None:
            if any(value is not None for value in given):
                raise forms.ValidationError(_("Choose of which indicator these figures are."))
            return found
        if None in given and not self.errors:
            raise forms.ValidationError(_("Give the figure before and the figure after, or choose “no figure”."))
        first, last = found.get("before_year"), found.get("after_year")
        if first and last and first > last:
            raise forms.ValidationError(_("The year before comes after the year after. Check both years."))
        return found


class _Figures(forms.BaseFormSet[FigureForm]):
    def clean(self) -> None:
        """Each indicator once."""
        chosen = [form.cleaned_data.get("indicator") for form in self.forms if form.is_valid()]
        known = [indicator for indicator in chosen if indicator is not None]
        if len(known) != len(set(known)):
            raise forms.ValidationError(_("One indicator is there twice. Keep one of the two."))

    def figures(self) -> list[library.Figure]:
        """Return the figures as the verbs take them."""
        return [library.Figure(**form.cleaned_data) for form in self.forms if form.cleaned_data.get("indicator")]


_FORMSET = forms.formset_factory(FigureForm, formset=_Figures, extra=2, max_num=6, absolute_max=6)


def figures_of(practice: GoodPractice | None, data: Any = None, proposed: Sequence[Any] | None = None) -> _Figures:
    """Return the forms for the figures of a practice: those it has, or that were proposed, and two empty ones."""
    names = ("indicator_id", "before", "after", "before_year", "after_year")
    there = practice.figures.values_list(*names) if practice is not None else ()
    initial = [
        {
            "indicator": indicator,
            "before": notation.number(before, 2),
            "before_year": before_year,
            "after": notation.number(after, 2),
            "after_year": after_year,
        }
        for indicator, before, after, before_year, after_year in (there if proposed is None else proposed)
    ]
    choices = Indicator.objects.exclude(code__startswith="iv3_")
    return _FORMSET(data, prefix="figures", initial=initial, form_kwargs={"choices": choices})  # type: ignore[return-value]


class _ForMunicipality(forms.ModelForm[Any]):
    """What somebody says for a municipality of their own."""

    use_required_attribute = False

    municipality = forms.ModelChoiceField(label=_("Municipality"), queryset=Municipality.objects.none())

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = reach_of(by).own
        field = self.fields["municipality"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Municipality.objects.filter(pk__in=own)
        if own:
            field.initial = by.municipality_id if by.municipality_id in own else min(own)
        if len(own) == 1:
            field.widget = forms.HiddenInput()


class AdoptionForm(_ForMunicipality):
    """How far are we with this?"""

    class Meta:
        model = Adoption
        fields = [
            "municipality",
            "state",
            "started_on",
            "degree",
            "goal",
            "stopped_on",
            "stopped_why",
            "may_be_asked",
        ]
        widgets = {
            "state": forms.RadioSelect,
            "degree": forms.RadioSelect,
            "started_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "stopped_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "stopped_why": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "started_on": _("Needed unless you only consider it. From then on your figures count in the comparison."),
            "goal": _("Which goal of yours does it serve?"),
            "stopped_on": _("Only when you stopped."),
            "stopped_why": _("Only when you stopped. Who follows learns most from this."),
        }

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        field = self.fields["goal"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Goal.objects.visible_to(by).filter(municipality__in=reach_of(by).own)
            field.empty_label = _("no goal")

    def validate_unique(self) -> None:
        """Saying it again changes what was said; the verb sees to that."""

    def validate_constraints(self) -> None:
        """The verb says it in a sentence."""


class ExperienceForm(_ForMunicipality):
    """Voeg uw eigen ervaring toe."""

    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Experience
        fields = ["municipality", "context", "result", "outcome", "went_wrong", "again", "visibility"]
        widgets = {
            "context": forms.Textarea(attrs={"rows": 3}),
            "result": forms.Textarea(attrs={"rows": 4}),
            "went_wrong": forms.Textarea(attrs={"rows": 4}),
            "outcome": forms.RadioSelect,
            "again": forms.RadioSelect,
            "visibility": forms.RadioSelect,
        }
        help_texts = {
            "context": _("What was your situation: size, team, what you had already?"),
            "result": _("What came of it, and how do you know?"),
            "went_wrong": _("What did not go as it should? Failures are as welcome as successes."),
        }
        error_messages = {
            "context": {"required": _("Describe your situation in a sentence or two.")},
            "result": {"required": _("Say what came of it, also when nothing came of it.")},
            "outcome": {"required": _("Choose whether it worked.")},
            "again": {"required": _("Choose whether you would do it again.")},
        }

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        for name in ("outcome", "again"):
            self.fields[name].choices = [one for one in self.fields[name].choices if one[0]]  # type: ignore[attr-defined]
        self.fields["submission"].initial = uuid.uuid4()

    def clean(self) -> dict[str, Any] | None:
        """What failed needs a reason; that is what others come for."""
        found = super().clean()
        if self.cleaned_data.get("outcome") == Experience.Outcome.FAILED and not self.cleaned_data.get("went_wrong"):
            self.add_error("went_wrong", _("Say what went wrong. That is what others learn from."))
        return found

    def validate_unique(self) -> None:
        """Told again, it becomes the next version; the verb sees to that."""

    def validate_constraints(self) -> None:
        """As above."""
