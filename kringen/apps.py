"""Django's registration of this app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KringenConfig(AppConfig):
    """Learning circles."""

    name = "kringen"
    verbose_name = _("Learning circles")
