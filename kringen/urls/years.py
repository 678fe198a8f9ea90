"""Addresses of the benchmark years, below `/jaren/`."""

from django.urls import path

from kringen.views import years

app_name = "years"
urlpatterns = [
    path("", years.year_list, name="list"),
    path("<int:year>/", years.year, name="year"),
]
