"""The forms of the pages about people."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from people import clock, scopes
from people.models import AccessToken, Municipality, RoleName, User
from people.permissions import can_grant_role, can_invite_anybody, scopes_with

PROGRAMME = _("the whole programme")


def scope_choices(user: User) -> list[tuple[str, Any]]:
    """Return the scopes in which a person may give roles: the office everywhere, a facilitator in their own kringen."""
    if can_invite_anybody(user):
        groups = [
            (str(kind.label).capitalize(), [(f"{kind.name}:{each.pk}", str(each)) for each in kind.choices()])
            for kind in scopes.kinds()
        ]
        return [("", PROGRAMME), *groups]
    types = ContentType.objects.get_for_models(*(kind.model for kind in scopes.kinds()))
    names = {types[kind.model].pk: kind for kind in scopes.kinds()}
    found: list[tuple[str, Any]] = []
    for type_id, pk in sorted(scopes_with(user, RoleName.FACILITATOR)):
        kind = names.get(type_id)
        each = kind.choices().filter(pk=pk).first() if kind else None
        if each is not None:
            found.append((scopes.value_of(each), str(each)))
    return found


def role_choices(user: User) -> list[tuple[str, Any]]:
    """Return the roles a person may give: the office all but administrator, a facilitator participants."""
    if can_invite_anybody(user):
        return [choice for choice in RoleName.choices if can_grant_role(user, RoleName(choice[0]), None)]
    return [(RoleName.PARTICIPANT.value, RoleName.PARTICIPANT.label)]


class ScopeField(forms.ChoiceField):
    """A choice of scope; its clean value is the object, or None for the whole programme."""

    def clean(self, value: Any) -> Model | None:
        """Return the chosen scope.

        Raises:
            ValidationError: when it is not among the choices or has gone since.
        """
        try:
            return scopes.from_value(super().clean(value))
        except scopes.UnknownScope as unknown:
            raise forms.ValidationError(str(unknown)) from unknown


class ProfileForm(forms.ModelForm):
    """What people say about themselves; address, municipality and roles are the office's."""

    class Meta:
        model = User
        fields = ["name", "job_title", "language", "shows_presence"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "job_title": forms.TextInput(attrs={"autocomplete": "organization-title"}),
        }


class TokenForm(forms.Form):
    """A personal token to make."""

    name = forms.CharField(
        label=_("What it is for"), max_length=60, help_text=_("To recognise it by, such as “Spreadsheet of the team”.")
    )
    scope = forms.ChoiceField(
        label=_("What it may do"),
        choices=AccessToken.Scope.choices,
        initial=AccessToken.Scope.READ,
        help_text=_("Never more than you yourself."),
    )
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        coerce=int,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("a year"))],
        initial=90,
    )


class LanguageForm(forms.Form):
    """The language of the site for this person or browser."""

    language = forms.ChoiceField(choices=settings.LANGUAGES, label=_("language"))


class RoleForm(forms.Form):
    """A role for a person."""

    role = forms.ChoiceField(label=_("Role"), choices=RoleName.choices)
    scope = ScopeField(
        label=_("Where"),
        required=False,
        help_text=_("Participants and facilitators need a kring, municipality editors and council members their own."),
    )
    since = forms.DateField(
        label=_("First day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty: today."),
    )
    until = forms.DateField(
        label=_("Ends on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The first day on which the role does not hold any more. Empty: no end."),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("ScopeField", self.fields["scope"]).choices = scope_choices(by)
        cast("forms.ChoiceField", self.fields["role"]).choices = role_choices(by)


class InvitationForm(forms.Form):
    """One invitation."""

    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    name = forms.CharField(label=_("Name"), required=False, max_length=120)
    role = forms.ChoiceField(label=_("Role"))
    scope = ScopeField(label=_("Where"), required=False)
    municipality = forms.ModelChoiceField(
        Municipality.objects.none(),
        label=_("Municipality"),
        required=False,
        empty_label=_("none: works for the programme"),
    )
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["submission"].initial = uuid.uuid4
        cast("ScopeField", self.fields["scope"]).choices = scope_choices(by)
        existing = Municipality.objects.existing_in(clock.today().year)
        cast("forms.ModelChoiceField[Municipality]", self.fields["municipality"]).queryset = existing
        cast("forms.ChoiceField", self.fields["role"]).choices = role_choices(by)


class InvitationFileForm(forms.Form):
    """Many invitations from a file."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("A csv, xlsx or ods file with the columns email, name, role, scope and municipality."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.ods"}),
    )


class AcceptForm(forms.Form):
    """The first form of a new person."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. Three or four words in a row are strong and easy to remember."),
    )
