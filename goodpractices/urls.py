"""Addresses of the library (/praktijken/)."""

from django.urls import path

from goodpractices import views

app_name = "goodpractices"
urlpatterns = [
    path("", views.library_page, name="library"),
    path("nieuw/", views.create_page, name="create"),
    path("beoordelen/", views.review_page, name="review"),
    path("mijn/", views.own_page, name="own"),
    path("<slug:slug>/", views.detail_page, name="detail"),
    path("<slug:slug>/wijzigen/", views.edit_page, name="edit"),
    path("<slug:slug>/indienen/", views.submit, name="submit"),
    path("<slug:slug>/publiceren/", views.publish, name="publish"),
    path("<slug:slug>/terugsturen/", views.return_page, name="return"),
    path("<slug:slug>/archiveren/", views.archive, name="archive"),
]
