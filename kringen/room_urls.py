"""Addresses of the rooms of a kring, below `/kringen/<slug>/ruimtes/`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
