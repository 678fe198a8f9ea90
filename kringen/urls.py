"""Addresses of this app."""

from django.urls import URLPattern

app_name = "kringen"
urlpatterns: list[URLPattern] = []
