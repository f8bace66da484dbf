"""Every message between the centre and a site: one frozen struct each, grouped up, down and durable record.

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
from wire.ids import (
    BootId,
    CameraState,
    ClockState,
    EnrolmentId,
    OrderId,
    PicturePolicy,
    RollCallId,
    ScreenState,
    SessionId,
    SiteId,
)
from wire.orders import ChatLine, ChatSaid, LogPiece, OrderAnswer, OrderWithdrawn, SiteOrder
from wire.readiness import Certificate, MeasureAsk, MeasureTurn, RehearsalOff, RehearsalOrder
from wire.recordings import RecordingNow
from wire.rooms import CountQuestion, RoomRules, Thumbnail, ThumbnailOrder
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
MOST_EXAMS = 50
"""Exams in one heartbeat."""
MOST_TAKEN = 16
"""Kinds of orders in one heartbeat."""


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


class CameraHealth(msgspec.Struct, frozen=True, kw_only=True):
    """State of the room's camera; `frozen`: it works, and gives one picture over and over."""

    state: CameraState = CameraState.ABSENT
    name: Line = ""
    frozen: bool = False


class ScreenHealth(msgspec.Struct, frozen=True, kw_only=True):
    """What the big screen decodes, measured in its page; `audio_dbfs` ≤ 0, None without sound.

    `rung`: what of the lecture reaches the room (picture, sound, phone), empty where nobody judges it; `rung_why` says
    why it is no picture.

    `path`: the class of the path that the packets take: `udp`, through TURN over `tcp`, `tls` or UDP (`turn`).
    """

    state: ScreenState = ScreenState.IDLE
    fps: Annotated[float, msgspec.Meta(ge=0, le=1000)] = 0.0
    frames_decoded: Number = 0
    width: Small = 0
    height: Small = 0
    audio_dbfs: Annotated[float, msgspec.Meta(ge=-300, le=50)] | None = None
    packets_lost: Number = 0
    jitter_ms: Millis = 0.0
    session: Annotated[SessionId, ID] | None = None
    rung: Annotated[str, msgspec.Meta(max_length=16)] = ""
    rung_why: Annotated[str, msgspec.Meta(max_length=32)] = ""
    path: Word = ""


class ClockHealth(msgspec.Struct, frozen=True, kw_only=True):
    """Site's knowledge of centre time; `offset_ms` = centre − the site's wall clock, |error| ≤ `bound_ms`."""

    state: ClockState = ClockState.BLIND
    offset_ms: Millis | None = None
    bound_ms: Millis | None = None
    delay_ms: Millis | None = None


class Heartbeat(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Up, transient, every 5 s. `load` is per core; `takes`: the orders that this agent understands, and `chat`."""

    at_ns: Ns
    agent_version: Word
    load: Annotated[float, msgspec.Meta(ge=0, le=1000)] = 0.0
    disk_free_mb: Number = 0
    outbox_depth: Number = 0
    camera: CameraHealth = CameraHealth()
    screen: ScreenHealth = ScreenHealth()
    clock: ClockHealth = ClockHealth()
    exams: Annotated[list[ExamProgress], msgspec.Meta(max_length=MOST_EXAMS)] = []
    sqlite_version: Word = ""
    second_copy: Word = ""
    takes: Annotated[list[Word], msgspec.Meta(max_length=MOST_TAKEN)] = []
    slides: SlidesHealth = SlidesHealth()


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


class RollCallOrder(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down: count the room at `at_ns` from `frames` pictures taken within `span_ms`; `policy` says what may leave."""

    roll_call: Annotated[RollCallId, ID]
    session: Annotated[SessionId, ID]
    nonce: Nonce
    at_ns: Ns
    frames: Annotated[int, msgspec.Meta(ge=1, le=100)]
    span_ms: Small
    policy: PicturePolicy = PicturePolicy.COUNT_ONLY


class LectureOn(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down: show this stream on the big screen."""

    session: Annotated[SessionId, ID]
    stream: Line
    whep_url: Paragraph
    token: Paragraph
    title: Line
    lecturer: Line


class LectureOff(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down: the lecture of this session is over for the site; None: nothing is on for it at all."""

    session: Annotated[SessionId, ID] | None


class Notice(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down: a line for the big screen until `until_ns`."""

    id: Annotated[OrderId, ID]
    text_vi: Paragraph
    text_en: Paragraph
    until_ns: Ns


class Revoked(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down: this computer's enrolment is withdrawn; the link closes after it."""


# --- durable records ---------------------------------------------------------------------------------------------


class RollCallCount(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """People the camera counted; `count` None with a `reason` when it could not. [lo, hi] holds the moment.

    `still`: of those counted, how many never moved at all, which portraits on a wall do not either.
    """

    roll_call: Annotated[RollCallId, ID]
    nonce: Nonce
    lo_ns: Ns
    hi_ns: Ns
    count: Small | None
    minimum: Small
    maximum: Small
    frames_used: Small
    quality: Share
    reason: Word
    evidence: Annotated[bytes, msgspec.Meta(max_length=64 << 10)]
    signature: Signature
    picture: Annotated[bytes, msgspec.Meta(max_length=384 << 10)] | None = None
    still: Small = 0


class DeclaredCount(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """People the site manager says are in the room.

    `signed_by` is the name of the responsible person whose PIN the site checked, empty when nobody signed; `word` why
    the number differs, when the centre asked.
    """

    roll_call: Annotated[RollCallId, ID] | None
    number: Small
    at_ns: Ns
    signed_by: Line = ""
    word: Paragraph = ""


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
