"""Addresses of the rooms of a kring, below `/kringen/<slug>/ruimtes/`."""

from django.urls import include, path

from kringen.views import archives, messages, rooms, topics

MESSAGE = "<int:room_id>/berichten/<int:message_id>/"
TOPIC = "<int:room_id>/onderwerpen/<int:topic_id>/"

urlpatterns = [
    path("", rooms.room_list, name="rooms"),
    path("", include("kringen.urls.content")),
    path("<int:room_id>/", rooms.room_page, name="room"),
    path("<int:room_id>/afsluiten/", rooms.close_room, name="room-close"),
    path("<int:room_id>/gelezen/", rooms.read_all, name="room-read"),
    path("<int:room_id>/regels/", rooms.room_lines, name="room-lines"),
    path("over/<slug:word>/<int:subject_id>/", rooms.room_about, name="room-about"),
    path("<int:room_id>/onderwerpen/", topics.start_topic, name="topic-start"),
    path("<int:room_id>/zoeken/", archives.search_room, name="room-search"),
    path("<int:room_id>/export/", archives.export_room, name="room-export"),
    path(TOPIC, topics.change_topic, name="topic"),
    path(f"{TOPIC}afgerond/", topics.resolve_topic, name="topic-resolve"),
    path(f"{TOPIC}volgen/", topics.follow_topic, name="topic-follow"),
    path(f"{MESSAGE}verplaatsen/", topics.move_message, name="message-move"),
    path(f"{MESSAGE}ongelezen/", rooms.unread_from, name="message-unread"),
    path(f"{MESSAGE}wijzigen/", messages.edit_message, name="message-edit"),
    path(f"{MESSAGE}verwijderen/", messages.delete_message, name="message-delete"),
]
