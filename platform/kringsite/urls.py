"""Every address of the site."""

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from kringsite.api import api
from kringsite.home import home
from kringsite.progress import progress

urlpatterns = [
    path("", home, name="home"),
    path("kringen/", include("kringen.urls")),
    path("voortgang/", progress, name="progress"),
    path("praktijken/", include("goodpractices.urls")),
    path("benchmark/", include("benchmark.urls")),
    path("doelen/", include("benchmark.goal_urls")),
    path("mensen/", include("people.urls")),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", api.urls),
    path("beheer/", include(wagtailadmin_urls)),
    path("documenten/", include(wagtaildocs_urls)),
    path("", include(wagtail_urls)),
]
