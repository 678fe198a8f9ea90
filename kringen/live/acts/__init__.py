"""What a client may do in a room. Each module here declares acts with `@act`; nothing else has to know them."""

from kringen.live.acts import content as _content  # noqa: F401 - declares its acts
from kringen.live.acts import meeting as _meeting  # noqa: F401 - declares its acts
from kringen.live.acts import messages as _messages  # noqa: F401 - declares its acts
from kringen.live.acts.registry import act, perform

__all__ = ["act", "perform"]
