"""Addresses of this app, below `/kringen/`."""

from django.urls import include, path

from kringen.views import agendas, circles, meetings, promises, yearplans

app_name = "kringen"

MEETING = "<slug:slug>/bijeenkomsten/<int:number>/"

urlpatterns = [
    path("", circles.kring_list, name="list"),
    path("<slug:slug>/", circles.kring_page, name="kring"),
    path("<slug:slug>/leden/", circles.members, name="members"),
    path("<slug:slug>/leden/<int:membership>/", circles.end_membership, name="member-end"),
    path("<slug:slug>/bijeenkomsten/nieuw/", meetings.plan, name="meeting-plan"),
    path(MEETING, meetings.meeting_page, name="meeting"),
    path(f"{MEETING}wijzigen/", meetings.change, name="meeting-change"),
    path(f"{MEETING}afzeggen/", meetings.cancel, name="meeting-cancel"),
    path(f"{MEETING}agenda/", agendas.edit_agenda, name="agenda"),
    path(f"{MEETING}agenda.ics", meetings.calendar_file, name="meeting-calendar"),
    path("<slug:slug>/jaarplan/", yearplans.year_plan, name="year-plan"),
    path("<slug:slug>/jaarplan/<int:milestone>/", yearplans.pick_date, name="pick-date"),
    path("<slug:slug>/acties/", promises.action_list, name="actions"),
    path("<slug:slug>/acties/<int:action>/", promises.action_state, name="action-state"),
    path("<slug:slug>/ruimtes/", include("kringen.room_urls")),
]
