"""How decoding what somebody else wrote fails."""

import msgspec

UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""Text that is no UTF-8 and endless nesting are no ``MsgspecError``: whoever catches only that falls over them."""
