"""Who takes part: municipalities, people, their roles and how they are invited."""

from .access_token import AccessToken
from .invitation import Invitation
from .municipality import (
    Municipality,
    MunicipalityFeature,
    MunicipalityName,
    MunicipalityYear,
    RegisterRevision,
    Succession,
)
from .notification import Notification, NotificationChoice
from .role import Role, RoleName
from .user import User

__all__ = [
    "AccessToken",
    "Invitation",
    "Municipality",
    "MunicipalityFeature",
    "MunicipalityName",
    "MunicipalityYear",
    "Notification",
    "NotificationChoice",
    "RegisterRevision",
    "Role",
    "RoleName",
    "Succession",
    "User",
]
