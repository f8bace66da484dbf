"""Every message between the centre and a site: one frozen struct each, listed below as up, down and durable record.
Those of the link itself stand here, the others beside what they are about.

Frames are msgpack. A struct carries its class name as tag; a field added later needs a default, so that an older peer
still reads it. Every length and number is bounded (`wire.fields`), so that what decodes is safe to store.
"""

from typing import Annotated

import msgspec

from wire.exam_fairness import (
    ExamExtra,
    ExamExtraWithdrawn,
    ExamGrants,
    ExamGrantsTaken,
    ExamIncident,
    ExamOutage,
    ExamResumed,
    ExamStopped,
    InvigilatorPinReset,
)
from wire.exam_home import ExamArchive, ExamArchived, ExamLetGo, ExamSeats, SiteHead, VisitorAsk, VisitorRefused
from wire.exam_messages import (
    ExamCancelled,
    ExamClosed,
    ExamEvent,
    ExamOpened,
    ExamPlan,
    ExamProgress,
    ExamRelease,
)
from wire.exam_release import ExamSwitch, ExamSwitched
from wire.fields import (
    I63,
    ID,
    NEVER_NS,
    Hash32,
    Id,
    Line,
    Millis,
    Nonce,
    Ns,
    Number,
    Paragraph,
    Share,
    Signature,
    Small,
    Word,
)
from wire.floor import FloorNow, FloorQuestion, HandWish
from wire.health import HealthSpans
from wire.heartbeat import MOST_EXAMS, CameraHealth, ClockHealth, Heartbeat, ScreenHealth
from wire.ids import BootId, EnrolmentId, OrderId, SiteId
from wire.lecture import LectureOff, LectureOn, Notice
from wire.orders import ChatLine, ChatSaid, LogPiece, OrderAnswer, OrderWithdrawn, SiteOrder
from wire.readiness import Certificate, MeasureAsk, MeasureTurn, RehearsalOff, RehearsalOrder
from wire.recordings import RecordingNow
from wire.rollcall import DeclaredCount, RollCallCount, RollCallOrder
from wire.rooms import CountQuestion, CountQuestionWithdrawn, RoomRules, Thumbnail, ThumbnailOrder
from wire.slides import SlideDeck, SlideNow, SlidesHealth

__all__ = [
    "MAX_BATCH_BYTES",
    "MAX_BATCH_RECORDS",
    "MAX_FRAME_BYTES",
    "MAX_RECORD_BYTES",
    "MOST_EXAMS",
    "NEVER_NS",
    "PROTOCOL_VERSION",
    "SUBPROTOCOL",
    "TRANSIENT",
    "CameraHealth",
    "Certificate",
    "Challenge",
    "ChatLine",
    "ChatSaid",
    "ClockHealth",
    "Committed",
    "CountQuestion",
    "CountQuestionWithdrawn",
    "DeclaredCount",
    "Down",
    "ExamArchive",
    "ExamArchived",
    "ExamCancelled",
    "ExamClosed",
    "ExamEvent",
    "ExamExtra",
    "ExamExtraWithdrawn",
    "ExamGrants",
    "ExamGrantsTaken",
    "ExamIncident",
    "ExamLetGo",
    "ExamOpened",
    "ExamOutage",
    "ExamPlan",
    "ExamProgress",
    "ExamRelease",
    "ExamResumed",
    "ExamSeats",
    "ExamStopped",
    "ExamSwitch",
    "ExamSwitched",
    "FloorNow",
    "FloorQuestion",
    "HandWish",
    "Hash32",
    "HealthSpans",
    "Heartbeat",
    "Hello",
    "Id",
    "InvigilatorPinReset",
    "LectureOff",
    "LectureOn",
    "Line",
    "LogPiece",
    "MeasureAsk",
    "MeasureTurn",
    "Message",
    "Millis",
    "Nonce",
    "Notice",
    "Ns",
    "Number",
    "OrderAnswer",
    "OrderSeen",
    "OrderWithdrawn",
    "Paragraph",
    "Record",
    "RecordingNow",
    "Records",
    "Refusal",
    "RehearsalOff",
    "RehearsalOrder",
    "Revoked",
    "RollCallCount",
    "RollCallOrder",
    "RoomRules",
    "ScreenHealth",
    "Share",
    "Signature",
    "SiteHead",
    "SiteOrder",
    "SlideDeck",
    "SlideNow",
    "SlidesHealth",
    "Small",
    "StreamIs",
    "Thumbnail",
    "ThumbnailOrder",
    "TimePing",
    "TimePong",
    "Up",
    "VisitorAsk",
    "VisitorRefused",
    "Welcome",
    "Word",
]

PROTOCOL_VERSION = 1
SUBPROTOCOL = "diemcau.v1"
MAX_FRAME_BYTES = 1 << 20
MAX_RECORD_BYTES = 512 << 10
MAX_BATCH_RECORDS = 64
MAX_BATCH_BYTES = 256 << 10


# --- handshake ---------------------------------------------------------------------------------------------------


class Challenge(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down, first: what the centre speaks and a nonce for the site to sign."""

    nonce: Nonce
    centre_ns: Ns
    versions: list[Number]
    centre_boot: Id


class Hello(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Up, second: who calls. `received` counts within (`centre_boot`, `boot`); sign `wire.handshake.hello_payload`."""

    version: Number
    site: Annotated[SiteId, ID]
    enrolment: Annotated[EnrolmentId, ID]
    boot: Annotated[BootId, ID]
    agent_version: Word
    platform: Line
    centre_boot: Word
    received: Number
    nonce: Nonce
    signature: Signature


class Welcome(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down, third: the link stands. Signed by the centre key that the site pinned at pairing."""

    centre_boot: Id
    resumed: bool
    received: Number
    signature: Signature


class Refusal(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down, at any time: why the centre closes the link now."""

    code: Word
    message: Line


# --- up ----------------------------------------------------------------------------------------------------------


class TimePing(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Up, transient: `t0_ns` counts from an origin only the site knows; the centre echoes it."""

    id: Number
    t0_ns: Annotated[int, msgspec.Meta(ge=-I63, le=I63)]


class Records(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Up, transient: bodies numbered `first`, `first` + 1, … of a durable stream; each decodes as a `Record`.

    A stream is one outbox file (a new file is a new stream, so numbers never mean two things). The site sends from
    the last `Committed` after each new connection; numbers below `oldest` are gone and can never be sent.
    """

    stream: Id
    first: Annotated[int, msgspec.Meta(ge=1, le=I63)]
    bodies: Annotated[list[bytes], msgspec.Meta(min_length=1, max_length=MAX_BATCH_RECORDS)]
    oldest: Annotated[int, msgspec.Meta(ge=1, le=I63)] = 1


class StreamIs(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Up, transient, first after the welcome: the site has a durable stream; the centre replies `Committed`."""

    stream: Id


class OrderSeen(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Up: the site keeps the order, the notice or the line of a chat with this id."""

    order: Annotated[OrderId, ID]


# --- down --------------------------------------------------------------------------------------------------------


class TimePong(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down, transient: the ping's `t0_ns`, centre time on its arrival and on sending this."""

    id: Number
    t0_ns: Annotated[int, msgspec.Meta(ge=-I63, le=I63)]
    t1_ns: Ns
    t2_ns: Ns


class Committed(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down, transient: records 1…`through` are durable at the centre. It may fall: the site sends again from there."""

    stream: Id
    through: Number


class Revoked(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down: this computer's enrolment is withdrawn; the link closes after it."""


Up = Heartbeat | TimePing | StreamIs | Records | OrderSeen | SiteHead | VisitorAsk | Thumbnail | MeasureAsk | HandWish
Down = (
    TimePong
    | Committed
    | RollCallOrder
    | LectureOn
    | LectureOff
    | Notice
    | ExamPlan
    | ExamRelease
    | ExamCancelled
    | ExamSwitch
    | ExamGrants
    | InvigilatorPinReset
    | ExamSeats
    | ExamLetGo
    | VisitorRefused
    | ExamArchive
    | RoomRules
    | CountQuestion
    | CountQuestionWithdrawn
    | ThumbnailOrder
    | RehearsalOrder
    | RehearsalOff
    | MeasureTurn
    | SiteOrder
    | OrderWithdrawn
    | ChatLine
    | FloorNow
    | SlideDeck
    | SlideNow
    | RecordingNow
    | Revoked
    | Refusal
)
Record = (
    RollCallCount
    | DeclaredCount
    | ExamEvent
    | ExamOpened
    | ExamSwitched
    | ExamClosed
    | ExamExtra
    | ExamExtraWithdrawn
    | ExamStopped
    | ExamResumed
    | ExamIncident
    | ExamOutage
    | ExamGrantsTaken
    | ExamArchived
    | Certificate
    | HealthSpans
    | OrderAnswer
    | LogPiece
    | ChatSaid
    | FloorQuestion
)

Message = Challenge | Hello | Welcome | Up | Down | Record

TRANSIENT = (
    Heartbeat,
    TimePing,
    TimePong,
    StreamIs,
    Records,
    Committed,
    Thumbnail,
    ThumbnailOrder,
    MeasureTurn,
    Revoked,
    Refusal,
)
"""Sent with sequence number 0: not kept, not sent again after a break."""
