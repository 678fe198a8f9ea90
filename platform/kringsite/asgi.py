"""The one door for HTTP and sockets."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kringsite.settings.dev")

from django.core.asgi import get_asgi_application

http = get_asgi_application()

from channels.routing import ProtocolTypeRouter  # noqa: E402

from kringen.live.routing import websocket_application  # noqa: E402
from kringsite.checks import refuse_unsafe  # noqa: E402

refuse_unsafe()

application = ProtocolTypeRouter({"http": http, "websocket": websocket_application})
