"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from benchmark.views import definitions, deliveries, embeds, groups, indicators, nearest, outlines, talk

app_name = "benchmark"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", indicators.index, name="index"),
    # Codes carry points and capitals: iv3_heffingen_B2.2.1
    re_path(r"^indicatoren/(?P<code>[A-Za-z0-9_.]+)/$", indicators.indicator, name="indicator"),
    re_path(r"^indicatoren/(?P<code>[A-Za-z0-9_.]+)/insluiten/$", embeds.embed_code, name="embed-code"),
    re_path(r"^indicatoren/(?P<code>[A-Za-z0-9_.]+)/gesprek/$", talk.offer, name="talk"),
    path("kaart/", outlines.outlines_page, name="outlines"),
    path("kaart/<int:pk>/weg/", outlines.outline_drop, name="outline-drop"),
    re_path(r"^indicatoren/(?P<code>[A-Za-z0-9_.]+)/geschiedenis/$", deliveries.values, name="values"),
    re_path(r"^indicatoren/(?P<code>[A-Za-z0-9_.]+)/versies/$", definitions.versions, name="versions"),
    path("waarden/<int:pk>/", deliveries.value, name="value"),
    path("controle/", deliveries.queue, name="queue"),
    path("groepen/", groups.group_list, name="groups"),
    path("groepen/zoeken/", nearest.peer_finder, name="peer-finder"),
    path("groepen/nieuw/", groups.group_edit, name="group-new"),
    path("groepen/<int:pk>/", groups.group_edit, name="group"),
    path("groepen/<int:pk>/weg/", groups.group_drop, name="group-drop"),
    path("invoer/", include("benchmark.urls.imports")),
]
