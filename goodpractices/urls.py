"""Addresses of this app."""

from django.urls import URLPattern

app_name = "goodpractices"
urlpatterns: list[URLPattern] = []
