"""Addresses of this app."""

from django.urls import path

from people.views import account, invitations, persons, tokens

app_name = "people"
urlpatterns = [
    path("", persons.person_list, name="list"),
    path("profiel/", account.profile, name="profile"),
    path("profiel/tokens/", tokens.token_list, name="tokens"),
    path("profiel/tokens/<int:pk>/intrekken/", tokens.token_revoke, name="token-revoke"),
    path("taal/", account.language, name="language"),
    path("<int:pk>/", persons.person, name="person"),
    path("<int:pk>/rollen/", persons.grant, name="grant"),
    path("<int:pk>/sluiten/", persons.close, name="close"),
    path("<int:pk>/heropenen/", persons.reopen, name="reopen"),
    path("rollen/<int:pk>/einde/", persons.end_role, name="end-role"),
    path("uitnodigingen/", invitations.invitation_list, name="invitations"),
    path("uitnodigingen/bestand/", invitations.invite_file, name="invite-file"),
    path("uitnodigingen/<int:pk>/opnieuw/", invitations.resend, name="resend"),
    path("uitnodigingen/<int:pk>/intrekken/", invitations.revoke, name="revoke"),
    path("uitnodiging/<str:token>/", invitations.accept, name="accept"),
]
