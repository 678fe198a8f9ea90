"""The one socket address, and who may knock there."""

from __future__ import annotations

from typing import Any

from channels.routing import URLRouter
from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.urls import path, re_path

from kringen.live.consumer import Socket


class ExactOrigin:
    """Lets in only pages of this very site: scheme, host and port, letter for letter.

    Channels' own validator takes any port and scheme on an allowed host. A missing origin, `null`, or two of them
    are refused as well.
    """

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> Any:
        """Pass the handshake on, or refuse it (the browser sees a 403)."""
        origins = [value for name, value in scope["headers"] if name == b"origin"]
        allowed = {origin.encode("ascii") for origin in settings.ALLOWED_ORIGINS}
        door = self.application if len(origins) == 1 and origins[0] in allowed else _no_entry
        return await door(scope, receive, send)


_no_entry: Any = WebsocketDenier.as_asgi()

websocket_application = ExactOrigin(URLRouter([path("ws/", Socket.as_asgi()), re_path(r"", _no_entry)]))
