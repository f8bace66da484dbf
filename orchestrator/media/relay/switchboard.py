"""Who is on which stream: sessions, addresses, handshakes, limits, counts."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import Counter, deque

import pylibsrtp
import structlog
from aiortc.rtcdtlstransport import RTCCertificate

from orchestrator.media.port import AirOrder, Rung
from orchestrator.media.relay.answer import Ground, agree, write_answer
from orchestrator.media.relay.dtls import Dtls, IceSeat, fingerprint_of
from orchestrator.media.relay.limits import Full, Limits
from orchestrator.media.relay.lines import Lines
from orchestrator.media.relay.peer import ADDRESSES_EACH, Address, Peer
from orchestrator.media.relay.rtp import is_rtcp, parse
from orchestrator.media.relay.sdp import Offer
from orchestrator.media.relay.standing import StandingOrders
from orchestrator.media.relay.stream import Stream
from orchestrator.media.relay.stun import Dropped, answer_check
from orchestrator.media.relay.udp import UdpPort
from orchestrator.media.tokens import Seat

log = structlog.get_logger()
NTP_EPOCH_S = 2_208_988_800
PULSE_S = 0.02
REPLACED_KEPT = 256
"""Sessions that lost their seat to another and may still come and ask for it."""
DRAIN_STEP_S = 0.05


class Stopping(Exception):
    """Nobody new is taken any more."""


def _ssrcs() -> dict[str, int]:
    """Fresh SSRCs for what a viewer is sent, all different (RFC 3550 §8.1)."""
    kinds = ("audio", "video", "audio-repair", "video-repair")
    found: set[int] = set()
    while len(found) < len(kinds):
        found.add(secrets.randbits(32))
    return dict(zip(kinds, found, strict=True))


class Switchboard:
    """All sessions of one relay process. Runs in one event loop; ``group`` owns its tasks."""

    def __init__(
        self,
        port: UdpPort,
        addresses: tuple[str, ...],
        limits: Limits,
        group: asyncio.TaskGroup,
        maximum_kbps: int,
        video: str,
    ) -> None:
        self.port = port
        self._limits = limits
        self._group = group
        self._certificate = RTCCertificate.generateCertificate()
        fingerprint = fingerprint_of(self._certificate)
        self.ground = Ground(addresses, port.number, fingerprint, maximum_kbps=maximum_kbps, video=video)
        self._loop = asyncio.get_running_loop()
        self._ntp_shift = time.time() + NTP_EPOCH_S - self._loop.time()
        self._peers: dict[str, Peer] = {}
        self._by_ufrag: dict[str, Peer] = {}
        self._replaced: deque[tuple[str, str, Seat]] = deque(maxlen=REPLACED_KEPT)
        self._by_address: dict[Address, Peer] = {}
        self.streams: dict[str, Stream] = {}
        self._standing = StandingOrders(limits)
        self.draining = False
        self.drops: Counter[str] = Counter()
        self.closings: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()
        self.lines = Lines()
        port.on_datagram(self.datagram)

    # Sessions

    def open(
        self, stream: str, offer: Offer, *, publisher: bool, seat: Seat = Seat.LECTURER, subject: str = ""
    ) -> tuple[Peer, str]:
        """Answer an offer; a publisher takes ``seat``. Raises :class:`BadOffer`, :class:`Full`, :class:`Stopping`."""
        if self.draining:
            raise Stopping
        terms = agree(offer, publisher=publisher, ssrcs=_ssrcs(), video=self.ground.video)
        now = self._loop.time()
        room = self._room(stream, seat if publisher else None)
        peer = Peer(stream, terms, publisher=publisher, now=now, place=seat, subject=subject)
        peer.remote_ufrag = offer.ufrag
        ice_seat = IceSeat(lambda data: self._send(peer, data))
        peer.seat = ice_seat
        peer.dtls = Dtls(self._certificate, offer.fingerprints, passive=terms.passive, seat=ice_seat)
        self._peers[peer.id] = room.pending[peer.id] = peer
        self._by_ufrag[peer.ufrag] = peer
        text = write_answer(
            offer,
            terms,
            self.ground,
            ufrag=peer.ufrag,
            pwd=peer.pwd,
            publisher=publisher,
            label=stream,
            serial=secrets.randbits(62),
        )
        self._group.create_task(self._connect(peer))
        return peer, text

    def _room(self, name: str, seat: Seat | None) -> Stream:
        """The stream, with room for one more publisher in ``seat``, or for a viewer where that is None."""
        stream = self.streams.get(name)
        if len(self._peers) >= self._limits.sessions:
            raise Full("sessions")
        if sum(len(one.pending) for one in self.streams.values()) >= self._limits.pending:
            raise Full("pending")
        if stream is None:
            if len(self.streams) >= self._limits.streams:
                raise Full("streams")
            bps = self.ground.maximum_kbps * 1000
            stream = Stream(name, self._limits, self.port, self.lines, ntp_shift=self._ntp_shift, maximum_bps=bps)
            stream.ordered(self._standing.air(name), self._loop.time())
            stream.pictures.orders = self._standing.rungs(name)
            self.streams[name] = stream
        if seat is not None:
            waiting = [one for one in stream.pending.values() if one.publisher and one.place is seat]
            if len(waiting) >= self._limits.publishers_per_seat - 1:
                self.close(waiting[0], "superseded")
                self.streams[name] = stream
        elif len(stream.viewers) + len(stream.pending) >= self._limits.viewers_per_stream:
            raise Full("viewers")
        return stream

    def find(self, stream: str, session: str, *, publisher: bool) -> Peer | None:
        """The session of a resource URL."""
        peer = self._peers.get(session)
        return peer if peer is not None and (peer.stream, peer.publisher) == (stream, publisher) else None

    def is_replaced(self, stream: str, session: str) -> bool:
        """Whether a publisher's session of late ended because another took its seat, and somebody sits there still."""
        known = self.streams.get(stream)
        return known is not None and any((stream, session, seat) in self._replaced for seat in known.seats)

    def restart(self, peer: Peer) -> None:
        """Give a session new ICE credentials."""
        known = set(peer.ufrags)
        peer.restart()
        for ufrag in known - set(peer.ufrags):
            self._by_ufrag.pop(ufrag, None)
        self._by_ufrag[peer.ufrag] = peer

    def close(self, peer: Peer, reason: str) -> None:
        """End a session; harmless twice."""
        if peer.closed:
            return
        peer.closed = True
        self.closings[reason] += 1
        self._peers.pop(peer.id, None)
        for ufrag in peer.ufrags:
            self._by_ufrag.pop(ufrag, None)
        stream = self.streams.get(peer.stream)
        if stream is not None:
            stream.gone(peer, self._loop.time())
            if stream.empty:
                del self.streams[peer.stream]
        self._group.create_task(self._stop(peer))
        log.info("session_closed", stream=peer.stream, publisher=peer.publisher, reason=reason)

    def close_stream(self, name: str) -> int:
        """End every session of a stream and forget its order; returns how many."""
        peers = [one for one in self._peers.values() if one.stream == name]
        for peer in peers:
            self.close(peer, "stream_closed")
        self._standing.forget(name)
        return len(peers)

    def set_air(self, name: str, order: AirOrder) -> None:
        """Order who is on air; kept for a stream that has no session yet. Raises :class:`Full`."""
        self._standing.set_air(name, order)
        if name in self.streams:
            self.streams[name].ordered(order, self._loop.time())

    def end_publisher(self, name: str, subject: str = "") -> int:
        """End whoever publishes a stream, or is about to, or only the one of that ``subject``; those who view stay.
        Returns how many."""
        peers = [one for one in self._peers.values() if one.stream == name and one.publisher]
        peers = [one for one in peers if not subject or one.subject == subject]
        for peer in peers:
            self.close(peer, "ended")
        return len(peers)

    def hush(self, name: str, *, hushed: bool) -> None:
        """Whether a stream's sound is dropped here, whoever sends it and whatever that sender was told.
        Raises :class:`Full`."""
        self._standing.hush(name, hushed=hushed)

    def set_rungs(self, name: str, rungs: dict[str, Rung]) -> None:
        """Order what some viewers get, by subject, instead of the orders before. Raises :class:`Full`."""
        self._standing.set_rungs(name, rungs)
        if name in self.streams:
            self.streams[name].pictures.orders = rungs

    async def drain(self, within_s: float) -> None:
        """Take nobody new and end every session, viewers first, spread evenly: they will all ask somebody else."""
        self.draining = True
        waiting = sorted(self._peers.values(), key=lambda one: one.publisher)
        each = -(-len(waiting) // max(1, round(within_s / DRAIN_STEP_S)))
        while waiting:
            for peer in waiting[:each]:
                self.close(peer, "stopping")
            del waiting[:each]
            await asyncio.sleep(DRAIN_STEP_S if waiting else 0)

    async def _stop(self, peer: Peer) -> None:
        try:
            if peer.dtls is not None:
                await peer.dtls.stop()
        except Exception:
            log.exception("goodbye_failed", stream=peer.stream)
        for address in peer.addresses:
            if self._by_address.get(address) is peer:
                del self._by_address[address]
        # What OpenSSL and libsrtp hold for it goes now, and not when the collector of cycles comes round to it.
        peer.dtls = peer.seat = None

    async def _connect(self, peer: Peer) -> None:
        keys = None
        if peer.dtls is None:
            return
        try:
            async with asyncio.timeout(self._limits.connect_s):
                keys = await peer.dtls.handshake()
        except TimeoutError:
            self.close(peer, "connect_timeout")
            return
        except Exception:
            # Whatever a peer's handshake does to the library ends that peer alone.
            log.exception("handshake_failed", stream=peer.stream)
        finally:
            peer.settled()
        if keys is None:
            self.close(peer, "handshake_failed")
            return
        stream = self.streams.get(peer.stream)
        if peer.closed or stream is None:
            return
        peer.keyed(keys)
        peer.dtls.on_closed(lambda: self.close(peer, "goodbye"))
        stream.pending.pop(peer.id, None)
        now = self._loop.time()
        peer.heard = now
        log.info("session_open", stream=peer.stream, publisher=peer.publisher)
        if not peer.publisher:
            stream.viewer_ready(peer, now)
            self.port.flush()
            return
        old = stream.publisher_ready(peer, now)
        if old is not None:
            self._replaced.append((old.stream, old.id, old.place))
            self.close(old, "replaced")

    # Datagrams

    def datagram(self, data: bytes, address: Address) -> None:
        """One datagram from the socket (RFC 7983 demultiplexing)."""
        first = data[0] if data else 255
        if first < 4:
            self._check(data, address)
            return
        peer = self._by_address.get(address)
        if peer is None:
            self.drops["unknown_address"] += 1
        elif 128 <= first <= 191:
            self._secure(peer, data)
        elif 20 <= first <= 63 and peer.seat is not None:
            if not peer.seat.feed(data):
                self.drops["dtls_queue"] += 1
        else:
            self.drops["unknown_kind"] += 1

    def _check(self, data: bytes, address: Address) -> None:
        verdict = answer_check(data, address, self._password)
        if isinstance(verdict, Dropped):
            self.drops[verdict.reason] += 1
            return
        peer = self._by_ufrag[verdict.ufrag]
        if self._by_address.get(address) is not peer:
            self._by_address[address] = peer
            if address not in peer.addresses:
                peer.addresses.append(address)
            if len(peer.addresses) > ADDRESSES_EACH:
                # Never the one in use: it would stay in the table when its peer is gone.
                oldest = next(one for one in peer.addresses if one != peer.address)
                peer.addresses.remove(oldest)
                if self._by_address.get(oldest) is peer:
                    del self._by_address[oldest]
        if (verdict.nominated or peer.address is None) and peer.adopt(address, self.port.pack(address)):
            self.streams[peer.stream].moved()
        peer.heard = self._loop.time()
        self.port.send(verdict.reply, address)

    def _password(self, ufrag: str) -> str | None:
        peer = self._by_ufrag.get(ufrag)
        return peer.ufrags.get(ufrag) if peer is not None else None

    def _secure(self, peer: Peer, data: bytes) -> None:
        if peer.keys is None:
            self.drops["before_keys"] += 1
            return
        control = is_rtcp(data)
        try:
            plain = peer.keys.inbound.unprotect_rtcp(data) if control else peer.keys.inbound.unprotect(data)
        except (pylibsrtp.Error, ValueError):
            self.drops["srtp"] += 1
            return
        now = self._loop.time()
        peer.heard = now
        stream = self.streams.get(peer.stream)
        if stream is None:
            return
        if control:
            if peer.publisher:
                stream.publisher_reports(peer, plain, now)
            else:
                stream.viewer_reports(peer, plain, now)
        else:
            self._media(peer, stream, plain, now)

    def _media(self, peer: Peer, stream: Stream, plain: bytes, now: float) -> None:
        arrival = parse(plain)
        if arrival is None or not peer.publisher:
            self.drops["rtp"] += 1
            return
        if peer.arrivals is not None and peer.arrivals.note(arrival, self.port.arrived()):
            stream.tell_arrivals(peer, now)
        arrival = peer.origins.place(arrival)
        if arrival is None:
            self.drops["padding"] += 1
            return
        kind = peer.kinds.get(arrival.payload_type)
        if kind == "audio" and self._standing.is_hushed(peer.stream):
            self.drops["hushed"] += 1
        elif kind is None or not stream.incoming(peer, arrival, kind, now):
            self.drops["rtp"] += 1

    def _send(self, peer: Peer, data: bytes) -> None:
        if peer.address is not None:
            self.port.send(data, peer.address)

    # Time

    async def run(self) -> None:
        """Pulse until cancelled."""
        beats = 0
        while True:
            await asyncio.sleep(PULSE_S)
            now = self._loop.time()
            beats += 1
            for stream in self.streams.values():
                stream.pulse(now)
            self.port.flush()
            if beats % round(0.5 / PULSE_S) == 0:
                for stream in self.streams.values():
                    stream.half_second(now)
            if beats % round(1 / PULSE_S) == 0:
                self._second(now)

    def _second(self, now: float) -> None:
        for stream in self.streams.values():
            stream.second(now)
        silent = [one for one in self._peers.values() if one.keys and now - one.heard > self._limits.silence_s]
        for peer in silent:
            self.close(peer, "silent")

    def sessions(self) -> int:
        """Open sessions, of both kinds and in any state."""
        return len(self._peers)

    def held(self) -> dict[str, float]:
        """How many entries the tables hold: with the sessions they come and go."""
        return {
            "streams": len(self.streams),
            "pending": sum(len(one.pending) for one in self.streams.values()),
            "addresses": len(self._by_address),
            "credentials": len(self._by_ufrag),
        }
