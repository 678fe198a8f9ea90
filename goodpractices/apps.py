"""Django's registration of this app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GoodpracticesConfig(AppConfig):
    """Good practices."""

    name = "goodpractices"
    verbose_name = _("Good practices")
