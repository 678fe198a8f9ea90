"""Django's registration of this app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """People and municipalities."""

    name = "people"
    verbose_name = _("People and municipalities")
