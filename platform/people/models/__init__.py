"""Who takes part: municipalities, people, their roles and how they are invited."""

from .invitation import Invitation
from .municipality import Municipality, MunicipalityName, MunicipalityYear, Succession
from .role import Role, RoleName
from .user import User

__all__ = [
    "Invitation",
    "Municipality",
    "MunicipalityName",
    "MunicipalityYear",
    "Role",
    "RoleName",
    "Succession",
    "User",
]
