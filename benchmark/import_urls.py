"""Addresses under /benchmark/invoer/, in the name space of the benchmark."""

from django.urls import path

from benchmark import import_views

urlpatterns = [
    path("", import_views.import_list, name="import_list"),
    path("bestand/<uuid:key>/", import_views.import_preview, name="import_preview"),
    path("<int:pk>/", import_views.import_batch, name="import_batch"),
    path("<int:pk>/terug/", import_views.import_undo, name="import_undo"),
]
