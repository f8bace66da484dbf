"""One WHIP or WHEP session: ICE credentials, address, keys, and what the two sides agreed on."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from orchestrator.media.relay.answer import Chosen, Terms
from orchestrator.media.relay.arrivals import Arrivals
from orchestrator.media.relay.dtls import Dtls, IceSeat, SrtpKeys
from orchestrator.media.relay.extensions import ABS_SEND_TIME, TRANSPORT_SEQUENCE, block
from orchestrator.media.relay.lane import Lane
from orchestrator.media.relay.origins import Origins
from orchestrator.media.tokens import Seat

Address = tuple[str, int]
ADDRESSES_EACH = 8


class Peer:
    """A publisher or a viewer of one stream. Times are of the monotonic clock, in seconds."""

    def __init__(
        self, stream: str, terms: Terms, *, publisher: bool, now: float, place: Seat = Seat.LECTURER, subject: str = ""
    ) -> None:
        self.id = secrets.token_urlsafe(18)
        self.stream = stream
        self.publisher = publisher
        self.subject = subject
        """Whose token it came with."""
        self.place = place
        """A publisher's seat."""
        self.terms = terms
        self.ufrags: dict[str, str] = {}
        """Local ufrag -> password; two of them after an ICE restart, until the new one is used."""
        self.ufrag, self.pwd = self.new_credentials()
        self.created = self.heard = now
        self.remote_ufrag = ""
        self.address: Address | None = None
        self.sockaddr = b""
        self.addresses: list[Address] = []
        self.seat: IceSeat | None = None
        self.dtls: Dtls | None = None
        self.keys: SrtpKeys | None = None
        self.srtp: Any = None
        self.kinds = {one.payload_type: one.kind for one in terms.chosen}
        self.origins = Origins(terms)
        self.arrivals = _arrivals(terms)
        """Of a publisher that wants to be told of them."""
        self.lanes: dict[str, Lane] = {} if publisher else {one.kind: _lane(one) for one in terms.chosen}
        self.loss: dict[str, int] = {}
        """Last reported fraction lost, in 1/256, by kind."""
        self.estimate_bps: int | None = None
        """What a viewer's line takes, by its own last report (REMB); ``None`` before the first."""
        self.estimate_at = 0.0
        self.round_trip_s: float | None = None
        """The newest that a viewer's reports told, and when it began."""
        self.round_trip_at = 0.0
        self.ssrc = secrets.randbits(32)
        """Of the relay's own reports to a publisher."""
        self.closed = False
        self.settled: Callable[[], None] = lambda: None
        """To be called when the handshake is over, however it ended."""

    def new_credentials(self) -> tuple[str, str]:
        """Make a local ufrag and password (RFC 8445 §5.3 asks for 24 and 128 random bits)."""
        ufrag, pwd = secrets.token_hex(6), secrets.token_hex(16)
        while len(self.ufrags) > 1:
            del self.ufrags[next(iter(self.ufrags))]
        self.ufrags[ufrag] = pwd
        return ufrag, pwd

    def restart(self) -> None:
        """An ICE restart (RFC 8445 §9): new credentials; media goes on to the old address until a new one is named."""
        self.ufrag, self.pwd = self.new_credentials()

    @property
    def etag(self) -> str:
        """Names the ICE session (RFC 9725 §4.3.1)."""
        return f'"{self.ufrag}"'

    def adopt(self, address: Address, sockaddr: bytes) -> bool:
        """Send to ``address`` from now on; true when it is another than before."""
        if address == self.address:
            return False
        self.address, self.sockaddr = address, sockaddr
        return True

    def took(self, trip: tuple[float, float] | None, now: float) -> None:
        """How long the way there and back took and how long ago it began, in seconds, if a report told that."""
        if trip is None:
            return
        seconds, ago = trip
        # Sound and picture are answered at different times, and what was asked last tells most of now.
        if self.round_trip_s is None or now - ago > self.round_trip_at:
            self.round_trip_s, self.round_trip_at = seconds, now - ago

    def keyed(self, keys: SrtpKeys) -> None:
        """The handshake is done."""
        self.keys, self.srtp = keys, keys.raw


def _arrivals(terms: Terms) -> Arrivals | None:
    numbers = {
        payload_type: one.extensions[TRANSPORT_SEQUENCE]
        for one in terms.chosen
        for payload_type in (one.payload_type, one.repair)
        if payload_type is not None and TRANSPORT_SEQUENCE in one.extensions
    }
    return Arrivals(numbers) if numbers else None


def _lane(chosen: Chosen) -> Lane:
    lane = Lane(
        payload_type=chosen.payload_type,
        ssrc=chosen.ssrc,
        clock_rate=chosen.clock_rate,
        next_sequence=secrets.randbelow(1 << 15),
        timestamp_shift=secrets.randbits(32),
        extension=block(chosen.extensions, chosen.mid),
        timed=ABS_SEND_TIME in chosen.extensions,
    )
    if chosen.repair is not None:
        lane.repair = Lane(
            payload_type=chosen.repair,
            ssrc=chosen.repair_ssrc,
            clock_rate=chosen.clock_rate,
            next_sequence=secrets.randbelow(1 << 15),
            timestamp_shift=0,
            extension=lane.extension,
            timed=lane.timed,
        )
    return lane
