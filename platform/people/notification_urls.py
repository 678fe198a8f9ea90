"""Addresses of notifications, below `/meldingen/`."""

from django.urls import path

from people.views import notifications

app_name = "notifications"
urlpatterns = [
    path("", notifications.notification_list, name="list"),
    path("gelezen/", notifications.read, name="read"),
    path("keuze/", notifications.choose, name="choose"),
]
