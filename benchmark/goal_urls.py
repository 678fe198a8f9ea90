"""Addresses of the improvement goals (/doelen/)."""

from django.urls import path

from benchmark import goal_views

app_name = "goals"
urlpatterns = [
    path("", goal_views.board, name="board"),
    path("nieuw/", goal_views.create, name="new"),
    path("<int:pk>/", goal_views.detail, name="detail"),
    path("<int:pk>/wijzigen/", goal_views.edit, name="edit"),
    path("<int:pk>/intrekken/", goal_views.withdraw, name="withdraw"),
]
