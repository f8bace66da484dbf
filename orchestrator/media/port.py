"""What the training day asks of the media engine, whichever it is."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

import msgspec

from orchestrator.media.tokens import Right, Seat


class Want(StrEnum):
    """Whose pictures an operator wants: the first seat that sends, or a seat by name."""

    AUTO = "auto"
    LECTURER = "lecturer"
    STANDBY = "standby"
    SLATE = "slate"


class AirOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who should be on air. An ordered seat that does not send is passed over as if nobody had ordered."""

    want: Want = Want.AUTO
    standby_armed: bool = False
    """Without it the standby takes part only when it is ordered by name."""
    auto_return: bool = False
    """Give back from the standby to the lecturer without an order."""


class SeatStats(msgspec.Struct, frozen=True):
    """One seat of a stream. ``sending``: packets came within the last second; ``codec`` is the picture's."""

    seat: Seat
    connected: bool = False
    sending: bool = False
    codec: str = ""


class AirTurn(msgspec.Struct, frozen=True):
    """Since when (Unix time in milliseconds) a seat was on air, ``air`` empty for nobody, and why it came."""

    air: str
    why: str
    since_ms: int


class Rung(StrEnum):
    """How much of a lecture a viewer gets; what an operator may order."""

    FULL = "full"
    LOW = "low"
    SOUND = "sound"
    PHONE = "phone"
    """Nothing: the room's page leaves the stream and shows whom to call. The centre tells the room, no engine."""


class ViewerStats(msgspec.Struct, frozen=True):
    """One viewer's picture as the engine sends it. ``subject`` is the token's."""

    subject: str
    rung: Rung = Rung.FULL
    height: int = 0
    """Of the picture that is sent, 0 while not known or none is."""
    why: str = ""
    """``best``, ``weak_line``, ``lossy``, ``climbed``, ``ordered``, ``begins``."""
    estimate_bps: int | None = None
    """What the viewer's line takes, by its own report."""
    loss: float = 0.0
    """Share of the picture's packets that did not arrive lately."""
    round_trip_s: float | None = None
    """To the viewer and back, by its last report."""
    padding_bps: int = 0
    """Sent beside the picture at present, to try whether the line takes a better one."""
    tried: str = ""
    """How the last such try ended: ``won``, ``slow``, or by what sign: ``queued``, ``lossy``, ``fell``, ``flat``."""
    wait_s: float = 0.0
    """Until the next may begin."""


class LayerStats(msgspec.Struct, frozen=True):
    """One encoding of whoever is on air: its picture (0 while not known), bits a second, who follows it."""

    rid: str
    width: int = 0
    height: int = 0
    bps: int = 0
    viewers: int = 0


class StreamStats(msgspec.Struct, frozen=True):
    """A stream as its engine sees it. Packets are counted since the stream began, both kinds together."""

    stream: str
    publisher: bool = False
    """A lecturer or a standby is connected (a slate is nobody)."""
    on_air: bool = False
    """Packets of whoever is on air came within the last two seconds."""
    sounds: bool = True
    """Their sound was more than silence within the last five; True where the engine does not look at it."""
    viewers: int = 0
    packets_in: int = 0
    bytes_in: int = 0
    packets_out: int = 0
    packets_lost: int = 0
    """Between the publisher and the engine."""
    resent: int = 0
    unanswered: int = 0
    """Asked for again in vain by viewers: too old, never come, or too many."""
    repeated: int = 0
    """Came twice, and went out once."""
    stale: int = 0
    """Of another source than the present one, or older than its first."""
    drops: dict[str, int] = {}
    """Packets of whoever is on air, or about to be, that did not go out: ``before_keyframe``, ``unknown_rid``."""
    keyframes: int = 0
    keyframe_requests: int = 0
    worst_loss: float = 0.0
    """The largest share of packets that one viewer reports lost."""
    layers: list[LayerStats] = []
    """In the order of the publisher's offer; one for a publisher without simulcast."""
    padded: int = 0
    """Packets sent twice to try a viewer's line, and their bytes."""
    padded_bytes: int = 0
    ups: int = 0
    """Changes of viewers to a better encoding; to a lesser one, or to sound alone."""
    downs: int = 0
    paused: int = 0
    """Viewers whose line takes the sound alone."""
    seats: list[SeatStats] = []
    """All three, in order of preference; empty for a stream without sessions."""
    air: str = ""
    """The seat whose packets go to the viewers; empty while nobody sends."""
    air_why: str = ""
    """``preferred``, ``ordered``, ``ordered_silent``, ``lecturer_silent``, ``standby_kept``, ``nobody_sends``; or
    ``keyframe_awaited``: the slate, until whoever is to follow can be shown."""
    air_since_ms: int = 0
    """Unix time in milliseconds since which ``air`` is what it is; 0 before anything was on air."""
    air_turns: list[AirTurn] = []
    """The last changes of ``air``, the oldest first: what came and went between two looks."""


class Ladder(Protocol):
    """What each viewer of a stream gets, and an operator's orders about it. Errors as :class:`MediaPlane`."""

    async def viewers(self, stream: str) -> list[ViewerStats]:
        """Everybody who watches now."""
        ...

    async def set_rungs(self, stream: str, rungs: Mapping[str, Rung]) -> None:
        """The orders in force, by subject, instead of those before; given again to an engine that starts anew."""
        ...


class MediaPlane(Protocol):
    """Streams, tokens, figures. Errors: :class:`orchestrator.errors.Refused` with ``media_unavailable``."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    def publish_url(self, stream: str) -> str:
        """Where WHIP is spoken for the stream."""
        ...

    def view_url(self, stream: str) -> str:
        """Where WHEP is spoken for the stream."""
        ...

    def token(
        self,
        session: str,
        stream: str,
        right: Right,
        subject: str,
        expires_ns: int,
        *,
        seat: Seat = Seat.LECTURER,
    ) -> str:
        """A bearer token for one of the two; ``seat`` is the place of who publishes."""
        ...

    async def stats(self, stream: str) -> StreamStats:
        """All zero for a stream that nobody publishes or views."""
        ...

    async def set_air(self, stream: str, want: Want, *, standby_armed: bool, auto_return: bool) -> None:
        """Order who is on air. Kept, and given again to an engine that was down or starts anew."""
        ...

    async def hush(self, stream: str, *, hushed: bool) -> None:
        """Whether the stream's sound is dropped, whoever sends it."""
        ...

    async def end_publisher(self, stream: str, subject: str = "") -> None:
        """End whoever publishes, or only the one whose token names ``subject``; those who view stay."""
        ...

    async def close_stream(self, stream: str) -> None:
        """End all its sessions and forget its order. Tokens stay good until they expire."""
        ...


class MediaEngine(MediaPlane, Ladder, Protocol):
    """A plane with processes or servers of its own, which may be down one by one."""

    def down(self) -> list[int]:
        """Those that do not answer now, by number from 0."""
        ...

    async def metrics(self) -> str:
        """What Prometheus is told of it, in its text format."""
        ...

    def inside_url(self, stream: str) -> str | None:
        """Where the centre's own publishers speak WHIP for the stream; None while what serves it is down."""
        ...
