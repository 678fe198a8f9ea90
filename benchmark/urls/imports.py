"""Addresses under /benchmark/invoer/, in the name space of the benchmark."""

from django.urls import path

from benchmark.views import imports, profiles

urlpatterns = [
    path("", imports.import_list, name="import_list"),
    path("bestand/<uuid:key>/", imports.import_preview, name="import_preview"),
    path("bestand/<uuid:key>/kolommen/", profiles.profile_new, name="import_profile_new"),
    path("soorten/<slug:name>.toml", profiles.profile_toml, name="import_profile_toml"),
    path("soorten/<slug:name>/weg/", profiles.profile_drop, name="import_profile_drop"),
    path("<int:pk>/", imports.import_batch, name="import_batch"),
    path("<int:pk>/terug/", imports.import_undo, name="import_undo"),
]
