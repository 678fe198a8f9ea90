"""The API: one NinjaAPI that the rooms of the house hang their routers on."""

from ninja import NinjaAPI

api = NinjaAPI(title="Kringen", version="1", urls_namespace="api", docs_url=None)
