"""The one socket address."""

from channels.routing import URLRouter

websocket_application = URLRouter([])
