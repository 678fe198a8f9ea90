"""Addresses of the rooms of a kring, below `/kringen/<slug>/ruimtes/`."""

from django.urls import path

from kringen import room_views

MESSAGE = "<int:room_id>/berichten/<int:message_id>/"

urlpatterns = [
    path("", room_views.room_list, name="rooms"),
    path("<int:room_id>/", room_views.room_page, name="room"),
    path("<int:room_id>/gelezen/", room_views.read_all, name="room-read"),
    path("<int:room_id>/onderwerpen/", room_views.start_topic, name="topic-start"),
    path(f"{MESSAGE}wijzigen/", room_views.edit_message, name="message-edit"),
    path(f"{MESSAGE}verwijderen/", room_views.delete_message, name="message-delete"),
]
