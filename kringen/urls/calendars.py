"""Addresses of somebody's own calendar, below `/mijn-agenda/`."""

from django.urls import path

from kringen.views import calendars

urlpatterns = [
    path("", calendars.my_calendar, name="calendar"),
    path("<str:token>.ics", calendars.feed, name="calendar-feed"),
]
