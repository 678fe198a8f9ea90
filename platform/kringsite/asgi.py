"""The one door for HTTP and sockets."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kringsite.settings.dev")

from django.core.asgi import get_asgi_application

http = get_asgi_application()

from channels.routing import ProtocolTypeRouter  # noqa: E402
from django.urls import get_resolver  # noqa: E402

from kringen.live.routing import websocket_application  # noqa: E402
from kringsite.checks import refuse_unsafe  # noqa: E402

refuse_unsafe()
# Every view is imported before the port opens, not while the first visitors wait: a process that comes back in a
# deployment has the fewest connections, so nginx sends it everybody at once.
get_resolver()._populate()  # noqa: SLF001 - what the first `reverse` would do

application = ProtocolTypeRouter({"http": http, "websocket": websocket_application})
