"""Every address of the site."""

from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls

from benchmark.views.embeds import embedded
from kringsite import health, learning, media, progress, suggestions, wellknown
from kringsite.api import api
from kringsite.home import home
from kringsite.search import search

urlpatterns = [
    path("", home, name="home"),
    path("kringen/", include("kringen.urls")),
    path("jaren/", include("kringen.urls.years")),
    path("mijn-agenda/", include("kringen.urls.calendars")),
    path("voortgang/", progress.progress, name="progress"),
    path("voortgang/<slug:slug>/", progress.kring_progress, name="progress-kring"),
    path("voortgang/<slug:slug>/<slug:what>/", progress.progress_list, name="progress-list"),
    path("leren-van/<str:code>/<str:place>/", learning.ask, name="learn-ask"),
    path("suggesties/weg/", suggestions.dismiss, name="suggestion-dismiss"),
    path("zoeken/", search, name="search"),
    path("praktijken/<slug:slug>/vraag-aan/<str:place>/", learning.ask_adopter, name="adopter-ask"),
    path("praktijken/", include("goodpractices.urls")),
    path("benchmark/", include("benchmark.urls")),
    path("doelen/", include("benchmark.urls.goals")),
    path("insluiten/<str:token>/", embedded, name="embed"),
    path("mensen/", include("people.urls")),
    path("meldingen/", include("people.notification_urls")),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", api.urls),
    # One door: Wagtail's own login knows no second factor.
    path("beheer/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("beheer/", include(wagtailadmin_urls)),
    path("documenten/", include(wagtaildocs_urls)),
    path("media/images/<path:name>", media.picture, name="picture"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("robots.txt", wellknown.robots, name="robots"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path(".well-known/security.txt", wellknown.security, name="security"),
    path("", include(wagtail_urls)),
]
