"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from benchmark import group_views, views

app_name = "benchmark"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.index, name="index"),
    # Codes carry points and capitals: iv3_heffingen_B2.2.1
    re_path(r"^indicatoren/(?P<code>[A-Za-z0-9_.]+)/$", views.indicator, name="indicator"),
    path("groepen/", group_views.group_list, name="groups"),
    path("groepen/nieuw/", group_views.group_edit, name="group-new"),
    path("groepen/<int:pk>/", group_views.group_edit, name="group"),
    path("groepen/<int:pk>/weg/", group_views.group_drop, name="group-drop"),
    path("invoer/", include("benchmark.import_urls")),
]
