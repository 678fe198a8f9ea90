"""Inviting people: the only way in.

A link carries 256 random bits; the database keeps only their hash. It is bound to one address, role and scope, works
for seven days and once: the row that says so is taken with one UPDATE, so of fifty people who press the button at
the same moment exactly one gets in.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import secrets
import uuid
from smtplib import SMTPException
from typing import IO

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from people import roles, scopes
from people.imports.outcome import ImportRefused
from people.models import Invitation, Municipality, RoleName, User
from people.municipalities import clean_code
from people.permissions import can_grant_role
from people.tables import Refusal, TableRefused, read_table, text

log = logging.getLogger(__name__)

VALID_FOR = dt.timedelta(days=7)
MOST_ROWS = 500
COLUMNS = ("email", "name", "role", "scope", "municipality")


class InvitationRefused(ValueError):  # noqa: N818 — it is an answer to a person
    """The invitation cannot be made like this; the text is a sentence for the person who tried."""


class InvitationUnusable(Exception):  # noqa: N818 — it is an answer to a person
    """The link does not work: unknown, used, expired or taken back. Which of these, nobody is told."""


class OtherAccount(Exception):  # noqa: N818 — it is an answer to a person
    """The address of the invitation has an account already; its owner must log in to accept."""


def hashed(token: str) -> str:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def invite(  # noqa: PLR0913 — keyword-only, and an invitation is all of these
    *,
    email: str,
    role: RoleName | str,
    scope: Model | None,
    municipality: Municipality | None,
    by: User | None,
    name: str = "",
    submission: uuid.UUID | None = None,
) -> tuple[Invitation, str]:
    """Invite one person and send the link after commit.

    Args:
        email: whom; the invitation works for this address only.
        role: what they will be.
        scope: the kring or municipality of the role; None for the whole programme.
        municipality: where they work; by default the scope, when that is a municipality.
        by: who invites; None for a command.
        name: how the mail greets them; they may change it.
        submission: the form's own number: the same form sent twice makes one invitation.

    Returns:
        the invitation and its token; the token is empty when this submission was handled before.

    Raises:
        InvitationRefused: with the sentence to show.
    """
    if submission and (earlier := Invitation.objects.filter(submission=submission).first()):
        return earlier, ""
    email = _address(email)
    _may(by, role, scope)
    if _holds(email, role, scope):
        raise InvitationRefused(_("%(email)s has this role already.") % {"email": email})
    if _pending(email, role, scope):
        raise InvitationRefused(
            _("%(email)s was invited for this role already. Send that invitation again from the list.")
            % {"email": email}
        )
    token = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                email=email,
                name=_one_line(name),
                municipality=municipality or (scope if isinstance(scope, Municipality) else None),
                role=RoleName(role),
                scope=scope,
                token_hash=hashed(token),
                invited_by=by,
                expires_at=timezone.now() + VALID_FOR,
                submission=submission,
            )
            transaction.on_commit(lambda: _send(invitation, token))
    except IntegrityError:
        # the other of two equal submissions was a moment earlier
        return Invitation.objects.get(submission=submission), ""
    return invitation, token


def invite_many(*, source: IO[bytes], name: str, by: User | None) -> list[Invitation]:
    """Invite everybody in a file with the columns email, name, role, scope and municipality.

    Roles are written as `participant` or as people call them; scopes as `kring-c` or `kring:kring-c`; municipalities
    as a code or name. All rows, or none.

    Raises:
        ImportRefused: naming every row that cannot be taken; then nobody was invited.
    """
    try:
        table = read_table(source, name=name)
        places = {column: table.column(column) for column in COLUMNS}
    except TableRefused as refused:
        raise ImportRefused([refused.refusal]) from refused
    refusals: list[Refusal] = []
    made: list[Invitation] = []
    try:
        with transaction.atomic():
            seen: dict[tuple[str, str, str], int] = {}
            for number, cells in table.rows:
                values = {column: text(cells[place]) for column, place in places.items()}
                try:
                    if len(made) >= MOST_ROWS:
                        raise _BadCell(  # noqa: TRY301 — one way out of the row
                            "email", _("A file may invite at most %(most)s people.") % {"most": MOST_ROWS}
                        )
                    made.append(_invite_row(values, seen, number, by))
                except _BadCell as bad:
                    refusals.append(Refusal(bad.reason, table.sheet, number, bad.column, values.get(bad.column, "")))
            refusals += table.problems
            if not made and not refusals:
                refusals.append(Refusal(_("The file has no rows below its header."), table.sheet))
            if refusals:
                raise ImportRefused(refusals)
    except TableRefused as refused:
        raise ImportRefused([refused.refusal]) from refused
    return made


class _BadCell(Exception):  # noqa: N818
    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


def _invite_row(
    values: dict[str, str], seen: dict[tuple[str, str, str], int], number: int, by: User | None
) -> Invitation:
    role = _role(values["role"])
    try:
        scope = scopes.from_text(values["scope"], roles.SCOPE_KINDS[role])
    except scopes.UnknownScope as unknown:
        raise _BadCell("scope", str(unknown)) from unknown
    place = (values["email"].casefold(), role, values["scope"].casefold())
    if place in seen:
        raise _BadCell("email", _("This row says the same as row %(row)s.") % {"row": seen[place]})
    seen[place] = number
    municipality = _municipality(values["municipality"])
    try:
        invitation, _token = invite(
            email=values["email"], role=role, scope=scope, municipality=municipality, by=by, name=values["name"]
        )
    except InvitationRefused as refused:
        raise _BadCell("email", str(refused)) from refused
    return invitation


def _role(written: str) -> RoleName:
    wanted = written.strip().casefold()
    for role in RoleName:
        if wanted in {role.value, str(role.label).casefold()}:
            return role
    raise _BadCell(
        "role",
        _("There is no such role. Choose one of: %(roles)s.") % {"roles": ", ".join(role.value for role in RoleName)},
    )


def _municipality(written: str) -> Municipality | None:
    if not written:
        return None
    from people import clock, municipalities

    try:
        if clean_code(written).startswith("GM"):
            return municipalities.by_code(written)
        return municipalities.by_name(written, clock.today().year)
    except LookupError as unknown:
        raise _BadCell("municipality", str(unknown)) from unknown


@transaction.atomic
def resend(*, invitation: Invitation, by: User | None) -> tuple[Invitation, str]:
    """Send a new link, valid for seven days; the earlier link stops working.

    Raises:
        InvitationRefused: when it was used or taken back.
    """
    _may(by, invitation.role, invitation.scope)
    token = secrets.token_urlsafe(32)
    changed = Invitation.objects.filter(pk=invitation.pk, used_at__isnull=True, revoked_at__isnull=True).update(
        token_hash=hashed(token), expires_at=timezone.now() + VALID_FOR, sent_at=None
    )
    if not changed:
        raise InvitationRefused(_("This invitation was used or taken back. Make a new one."))
    invitation.refresh_from_db()
    transaction.on_commit(lambda: _send(invitation, token))
    return invitation, token


@transaction.atomic
def revoke(*, invitation: Invitation, by: User | None) -> None:
    """Take an invitation back: its link stops working now. Taking back twice is the same.

    Raises:
        InvitationRefused: when it was used already; then end the role instead.
    """
    _may(by, invitation.role, invitation.scope)
    now = timezone.now()
    Invitation.objects.filter(pk=invitation.pk, used_at__isnull=True, revoked_at__isnull=True).update(revoked_at=now)
    invitation.refresh_from_db()
    if invitation.used_at:
        raise InvitationRefused(_("This invitation was used already. End the role of the person instead."))


def find(*, token: str) -> Invitation:
    """Return the invitation that a link opens.

    Raises:
        InvitationUnusable: when it is unknown, used, expired or taken back; all alike.
    """
    found = Invitation.objects.open().filter(token_hash=hashed(token)).first()
    if found is None:
        raise InvitationUnusable
    return found


def accept(*, token: str, name: str = "", password: str = "", user: User | None = None) -> User:
    """Use an invitation, once: make the account (or take the one that is logged in) and give the role.

    Args:
        token: from the link.
        name: how others will see a new person.
        password: of the new account.
        user: the person who is logged in, when the address has an account already.

    Raises:
        InvitationUnusable: when the link does not work (any more).
        OtherAccount: when the address has an account and `user` is not its owner, or somebody else is logged in.
        ValidationError: when the password is too weak or the name is missing; the link stays usable.
    """
    now = timezone.now()
    with transaction.atomic():
        taken = Invitation.objects.filter(
            token_hash=hashed(token), used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now
        ).update(used_at=now)
        if taken != 1:
            raise InvitationUnusable
        invitation = Invitation.objects.select_related("municipality").get(token_hash=hashed(token))
        owner = User.objects.filter(email__iexact=invitation.email).first()
        if (owner or user) and owner != user:
            raise OtherAccount
        person = owner or _new_person(invitation, name, password)
        if not person.is_active:
            raise InvitationUnusable
        if person.municipality_id is None and invitation.municipality_id is not None:
            person.municipality = invitation.municipality
            person.save(update_fields=["municipality"])
        roles.grant(user=person, role=invitation.role, scope=invitation.scope, by=None)
    return person


def _new_person(invitation: Invitation, name: str, password: str) -> User:
    name = _one_line(name)
    if not name:
        raise ValidationError({"name": _("Fill in your name, so that others know who you are.")})
    person = User(email=invitation.email, name=name, municipality=invitation.municipality)
    try:
        validate_password(password, person)
    except ValidationError as weak:
        raise ValidationError({"password": weak.messages}) from weak
    person = User.objects.create_user(
        invitation.email, password, name=name, municipality=invitation.municipality, language=translation.get_language()
    )
    # the link came by mail, so the address is theirs
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


# ---- checks and mail ----------------------------------------------------------------------------------------
def _address(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise InvitationRefused(_("“%(email)s” is not an e-mail address.") % {"email": email}) from None
    return email


def _may(by: User | None, role: RoleName | str, scope: Model | None) -> None:
    try:
        roles.check_scope(role, scope)
    except (roles.RoleRefused, scopes.UnknownScope) as refused:
        raise InvitationRefused(str(refused)) from refused
    if by is not None and not can_grant_role(by, RoleName(role), scope):
        raise InvitationRefused(_("You may not invite anybody for this role here."))


def _holds(email: str, role: RoleName | str, scope: Model | None) -> bool:
    person = User.objects.filter(email__iexact=email, is_active=True).first()
    return person is not None and person.roles.current().filter(role=role, **_where(scope)).exists()


def _pending(email: str, role: RoleName | str, scope: Model | None) -> bool:
    return Invitation.objects.open().filter(email=email, role=role, **_where(scope)).exists()


def _where(scope: Model | None) -> dict[str, object]:
    if scope is None:
        return {"scope_type": None, "scope_id": None}
    return {"scope_type": ContentType.objects.get_for_model(scope), "scope_id": scope.pk}


def _one_line(value: str) -> str:
    return " ".join(value.split())[:120]


def _send(invitation: Invitation, token: str) -> None:
    """Mail the link. When the mail server does not answer, the list shows that it was not sent."""
    owner = User.objects.filter(email=invitation.email).first()
    with translation.override(owner.language if owner else settings.LANGUAGE_CODE):
        context = {
            "invitation": invitation,
            "name": _one_line(invitation.name),
            "site_name": settings.WAGTAIL_SITE_NAME,
            "address": settings.BASE_URL.rstrip("/") + reverse("people:accept", args=[token]),
            "inviter": invitation.invited_by,
        }
        subject = _one_line(_("Invitation for %(site)s") % {"site": settings.WAGTAIL_SITE_NAME})
        body = render_to_string("people/mail/invitation.txt", context)
    try:
        EmailMessage(subject, body, to=[invitation.email]).send()
    except (OSError, SMTPException):
        log.exception("The mail of invitation %s was not sent", invitation.pk)
        return
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=timezone.now())
