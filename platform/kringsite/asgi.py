"""The one door for HTTP and sockets."""

import gc
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

# Looking for garbage through everything takes a tenth of a second, in which no socket and no page is served: Python's
# own pace (700 new objects, ten and ten) does so within a few pages. A list of figures alone makes thousands.
gc.collect()
gc.set_threshold(20_000, 20, 50)

application = ProtocolTypeRouter({"http": http, "websocket": websocket_application})
