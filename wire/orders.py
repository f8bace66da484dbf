"""What the centre orders of a site and what the site answers; the short lines between an operator and a site's desk.

An order is said again, with the same id, whenever the site links anew, until the site has answered or the order has
expired; the site remembers ids through its own restart, so that nothing is done twice. `Heartbeat.takes` names what an
agent understands: an older one names nothing and is sent nothing.
"""

from enum import StrEnum
from typing import Annotated

import msgspec

from wire.fields import ID, Id, Line, Ns, Paragraph, Word
from wire.ids import OrderId

LOG_PIECE_BYTES = 32 << 10
MOST_LOG_PIECES = 8
"""A collected log is at most so many pieces: 256 KiB compressed, a minute and a half on a line of 24 kbit/s."""
CHAT_LETTERS = 500
CHAT = "chat"
"""The word in `Heartbeat.takes` of an agent whose desk can chat."""


class OrderKind(StrEnum):
    """What a site can be told to do."""

    NOTICE = "notice"
    ROLL_CALL = "roll_call"
    RESTART_SCREEN = "restart_screen"
    RESTART_AGENT = "restart_agent"
    COLLECT_LOGS = "collect_logs"


class OrderOutcome(StrEnum):
    """How an order ended at a site; `unsupported`: this agent does not know such an order."""

    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"
    UNSUPPORTED = "unsupported"


ChatText = Annotated[str, msgspec.Meta(min_length=1, max_length=CHAT_LETTERS)]
_Piece = Annotated[int, msgspec.Meta(ge=0, lt=MOST_LOG_PIECES)]
_Pieces = Annotated[int, msgspec.Meta(ge=1, le=MOST_LOG_PIECES)]


class SiteOrder(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down: do this once, and not after `until_ns`. A repeat of the same id is answered and not done again.

    `kind` is a plain word, so that a newer kind does not break an older agent. The texts and `shown_until_ns` belong to
    a notice; `forced` overrides the site's refusal to disturb an exam.
    """

    id: Annotated[OrderId, ID]
    kind: Word
    until_ns: Ns
    forced: bool = False
    text_vi: Paragraph = ""
    text_en: Paragraph = ""
    shown_until_ns: Ns = 0


class OrderWithdrawn(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down: this order is taken back. What is done stays done, but its notice leaves the big screen."""

    order: Annotated[OrderId, ID]


class OrderAnswer(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Durable record: how an order ended here. `reason` is a stable word where it was not done."""

    order: Annotated[OrderId, ID]
    outcome: OrderOutcome
    at_ns: Ns
    reason: Word = ""


class LogPiece(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Durable record: piece `place` of `pieces` of the site's log as gzip; they come before the order's answer."""

    order: Annotated[OrderId, ID]
    place: _Piece
    pieces: _Pieces
    octets: Annotated[bytes, msgspec.Meta(min_length=1, max_length=LOG_PIECE_BYTES)]


class ChatLine(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down: an operator writes to the site's desk. The site answers `OrderSeen` of the same id once it keeps it."""

    id: Annotated[OrderId, ID]
    said_by: Line
    text: ChatText
    at_ns: Ns


class ChatSaid(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Durable record: the site's desk writes to the operators."""

    id: Id
    text: ChatText
    at_ns: Ns
