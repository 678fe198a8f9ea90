"""Addresses of what hangs on messages, below `/kringen/<slug>/ruimtes/`."""

from django.urls import path

from kringen.views import attachments, cards, content, reports

MESSAGE = "<int:room_id>/berichten/<int:message_id>/"
FILE = "<int:room_id>/bijlagen/<uuid:key>/"

urlpatterns = [
    path("gemeld/", reports.report_list, name="reports"),
    path("gemeld/<int:report>/", reports.handle_report, name="report-handle"),
    path("<int:room_id>/kiezen/", cards.choose, name="card-choose"),
    path("<int:room_id>/namen/", cards.names, name="room-names"),
    path("<int:room_id>/voorbeeld/", cards.preview, name="message-preview"),
    path("<int:room_id>/vastgezet/", content.pin_list, name="pins"),
    path("<int:room_id>/doelen/", content.goal_list, name="room-goals"),
    path("<int:room_id>/peiling/", content.new_poll, name="poll-new"),
    path("<int:room_id>/bijlagen/", attachments.bring, name="attach"),
    path(FILE, attachments.fetch, name="attachment"),
    path(f"{FILE}klein/", attachments.thumbnail, name="attachment-thumbnail"),
    path(f"{MESSAGE}kaarten/", cards.cards, name="message-cards"),
    path(f"{MESSAGE}doen/", content.acts, name="message-acts"),
    path(f"{MESSAGE}vastzetten/", content.pin, name="message-pin"),
    path(f"{MESSAGE}stem/", content.vote, name="poll-vote"),
    path(f"{MESSAGE}sluiten/", content.close_poll, name="poll-close"),
    path(f"{MESSAGE}geschiedenis/", content.history, name="message-history"),
    path(f"{MESSAGE}melden/", reports.report_message, name="message-report"),
]
