"""Addresses of the improvement goals (/doelen/)."""

from django.urls import path

from benchmark.views import goal_form, goal_pair, goals

app_name = "goals"
urlpatterns = [
    path("", goals.board, name="board"),
    path("nieuw/", goal_form.create, name="new"),
    path("verbeterkaart/", goal_form.last_year, name="last-year"),
    path("vergelijken/", goal_pair.compare, name="compare"),
    path("<int:pk>/", goals.detail, name="detail"),
    path("<int:pk>/wijzigen/", goal_form.edit, name="edit"),
    path("<int:pk>/notities/", goals.add_note, name="note"),
    path("<int:pk>/opgeleverd/", goals.deliver, name="deliver"),
    path("<int:pk>/intrekken/", goal_form.withdraw, name="withdraw"),
]
