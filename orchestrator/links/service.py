"""The sites' links: the handshake, who is linked, sending to a site, passing on what a site says."""

import asyncio
import secrets
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import structlog
from aiohttp import WSCloseCode, WSMsgType, web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from orchestrator.clock import Clock
from orchestrator.links.events import SecondBootRefused, SiteLinked, SiteUnlinked
from orchestrator.links.model import Enrolment, Seating, seating
from orchestrator.links.station import Station
from orchestrator.live.port import Bus
from orchestrator.web.rate import Attempts
from wire.codec import ProtocolError, decode_one, encode
from wire.handshake import hello_is_signed, signed_welcome
from wire.ids import BootId, EnrolmentId, SiteId, new_id
from wire.link import LinkFull
from wire.messages import (
    PROTOCOL_VERSION,
    Challenge,
    Down,
    Hello,
    Refusal,
    Up,
    Welcome,
)

log = structlog.get_logger()

HELLO_WITHIN_S = 10.0
MOST_CALLERS = 2000
FAULTS_PER_MINUTE = 20

Authenticate = Callable[[Hello], Awaitable[Enrolment | Refusal]]
"""Who this enrolment is, or why it may not come in. The signature is checked here afterwards."""
Reaction = Callable[[SiteId, EnrolmentId, Any], Awaitable[None]]
Linked = Callable[[SiteId, EnrolmentId, bool], Awaitable[None]]
_M = TypeVar("_M", bound=Up)


class SiteLinks:
    """All links of the sites to this process; one `Station` a site at most."""

    def __init__(
        self,
        bus: Bus,
        clock: Clock,
        centre_key: Ed25519PrivateKey,
        authenticate: Authenticate,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bus = bus
        self._clock = clock
        self._centre_key = centre_key
        self._authenticate = authenticate
        self._monotonic = monotonic
        self._boot = BootId(new_id("boot"))
        self._stations: dict[SiteId, Station] = {}
        self._reactions: dict[type[Any], list[Reaction]] = defaultdict(list)
        self._linked: list[Linked] = []
        self._callers = 0
        self._faults = Attempts(FAULTS_PER_MINUTE, 60 * 10**9)

    def on(self, kind: type[_M], reaction: Callable[[SiteId, EnrolmentId, _M], Awaitable[None]]) -> None:
        """Call `reaction(site, enrolment, message)` for each message of this kind, in the order a site sent them."""
        self._reactions[kind].append(reaction)

    def on_linked(self, reaction: Linked) -> None:
        """Call `reaction(site, enrolment, resumed)` whenever a link stands, before any of its messages."""
        self._linked.append(reaction)

    def send(self, site: SiteId, message: Down) -> bool:
        """Queue a message. True: the site gets it, or the next `SiteLinked` says `resumed=False`. False: it won't."""
        station = self._stations.get(site)
        if station is None:
            return False
        holder = station.holder
        if seating(holder, holder.enrolment, holder.boot, self._monotonic()) is Seating.TAKE:
            del self._stations[site]
            return False
        try:
            station.send(message)
        except LinkFull:
            log.warning("site_not_reading", site=site)
            station.broken = True
            station.close("not_reading", "too many messages wait for this site")
            if not holder.attended:
                del self._stations[site]
            return False
        return True

    @property
    def boot(self) -> BootId:
        """Which start of the centre this is."""
        return self._boot

    def now_ns(self) -> int:
        """Centre time."""
        return self._clock.now_ns()

    def linked(self) -> frozenset[SiteId]:
        """Return the sites whose link stands now."""
        return frozenset(site for site, station in self._stations.items() if not station.idle.is_set())

    async def close(self, site: SiteId, code: str, message: str) -> None:
        """Close a site's link with a reason and wait until it is gone (about a second at most)."""
        station = self._stations.pop(site, None)
        if station is not None:
            station.close(code, message)
            await station.idle.wait()

    async def close_all(self) -> None:
        """Close every link because the centre stops."""
        stations = list(self._stations.values())
        for station in stations:
            station.close("stopping", "the centre stops")
        for station in stations:
            await station.idle.wait()

    async def attend(self, socket: web.WebSocketResponse, abort: Callable[[], None]) -> None:
        """Serve one WebSocket from challenge to close. `abort` cuts the transport."""
        if self._callers >= MOST_CALLERS:
            await _refuse(socket, Refusal(code="busy", message="too many callers at once; call again later"))
            return
        self._callers += 1
        try:
            challenge, hello, enrolment = await self._identify(socket)
            station, resumed = await self._seat(hello, enrolment, abort)
        except _Refused as refused:
            log.info("link_refused", code=refused.refusal.code)
            await _refuse(socket, refused.refusal)
            return
        except ConnectionError:
            return
        except Exception:
            log.exception("hello_failed")
            await _refuse(socket, Refusal(code="fault", message="the centre failed on the hello; call again later"))
            return
        finally:
            self._callers -= 1
        try:
            plain = Welcome(centre_boot=self._boot, resumed=resumed, received=station.link.received, signature=b"")
            await socket.send_bytes(encode(signed_welcome(self._centre_key, challenge, hello, plain)))
            await station.attend(
                socket, self._clock.now_ns, self._begin(station, resumed=resumed), self._deliver(station)
            )
        except ConnectionError:
            log.info("link_lost_at_welcome", site=enrolment.site)
        finally:
            reason = station.leave()
            self._part(station, reason)
            await self._bus.publish(SiteUnlinked(site=enrolment.site, reason=reason))

    async def _identify(self, socket: web.WebSocketResponse) -> tuple[Challenge, Hello, Enrolment]:
        challenge = Challenge(
            nonce=secrets.token_bytes(32),
            centre_ns=self._clock.now_ns(),
            versions=[PROTOCOL_VERSION],
            centre_boot=self._boot,
        )
        await socket.send_bytes(encode(challenge))
        hello = await _hello(socket)
        if hello.version not in challenge.versions:
            raise _Refused("version", f"the centre speaks {challenge.versions}")
        enrolment = await self._authenticate(hello)
        if isinstance(enrolment, Refusal):
            raise _Refused(enrolment.code, enrolment.message)
        if not hello_is_signed(enrolment.public_key, challenge, hello):
            raise _Refused("bad_signature", "the hello is not signed by the enrolled key")
        if self._faults.wait_ns(enrolment.site, self._clock.now_ns()):
            raise _Refused("too_many_faults", "this site's last links broke the rules; call again in a minute")
        return challenge, hello, enrolment

    async def _seat(self, hello: Hello, enrolment: Enrolment, abort: Callable[[], None]) -> tuple[Station, bool]:
        """Give the caller the site's seat, as soon as whoever must leave it has left; no await after the last look."""
        site = enrolment.site
        while True:
            held = self._stations.get(site)
            verdict = seating(held.holder if held else None, enrolment.enrolment, hello.boot, self._monotonic())
            if verdict is Seating.REFUSE:
                await self._bus.publish(SecondBootRefused(site=site, enrolment=enrolment.enrolment))
                raise _Refused("other_boot", "another start of this site's agent is linked")
            if held is None or verdict is not Seating.REPLACE:
                break
            held.close("replaced", "a newer link of this site")
            await held.idle.wait()
        resumed = held is not None and verdict is Seating.RESUME and self._resumes(held, hello)
        station = held if held is not None and resumed else Station(enrolment, hello.boot, self._monotonic)
        station.seat(abort)
        self._stations[site] = station
        return station, resumed

    def _resumes(self, held: Station, hello: Hello) -> bool:
        if hello.centre_boot != self._boot or held.broken:
            return False
        try:
            held.link.connected(hello.received)
        except ProtocolError:
            return False
        return True

    def _begin(self, station: Station, *, resumed: bool) -> Callable[[], Awaitable[None]]:
        site, enrolment = station.enrolment.site, station.enrolment.enrolment

        async def begin() -> None:
            await self._bus.publish(SiteLinked(site=site, enrolment=enrolment, resumed=resumed))
            for reaction in self._linked:
                await reaction(site, enrolment, resumed)

        return begin

    def _deliver(self, station: Station) -> Callable[[Up], Awaitable[None]]:
        site, enrolment = station.enrolment.site, station.enrolment.enrolment

        async def deliver(message: Up) -> None:
            for reaction in self._reactions[type(message)]:
                await reaction(site, enrolment, message)

        return deliver

    def _part(self, station: Station, reason: str) -> None:
        site = station.enrolment.site
        if reason in _FAULTS:
            self._faults.take(site, self._clock.now_ns())
        if station.broken and self._stations.get(site) is station:
            del self._stations[site]
        log.info("link_ended", site=site, reason=reason)


_FAULTS = frozenset(
    {"too_large", "malformed", "unknown_message", "not_allowed", "gap", "bad_ack", "too_fast", "not_reading"}
)


class _Refused(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.refusal = Refusal(code=code, message=message)


async def _hello(socket: web.WebSocketResponse) -> Hello:
    try:
        async with asyncio.timeout(HELLO_WITHIN_S):
            message = await socket.receive()
    except TimeoutError as error:
        raise _Refused("no_hello", f"no hello within {HELLO_WITHIN_S:.0f} s") from error
    if message.type is WSMsgType.BINARY:
        try:
            return decode_one(message.data, Hello)
        except ProtocolError as error:
            raise _Refused(error.code, error.message[:300]) from error
    if message.type is WSMsgType.TEXT:
        raise _Refused("malformed", "text frames have no place here")
    raise ConnectionResetError("gone before the hello")


async def _refuse(socket: web.WebSocketResponse, refusal: Refusal) -> None:
    """A refusal before the welcome is a bare message, since no link stands yet that could number frames."""
    try:
        await socket.send_bytes(encode(refusal))
        await socket.close(code=WSCloseCode.POLICY_VIOLATION, message=refusal.code.encode())
    except ConnectionError:
        log.debug("refusal_unheard", code=refusal.code)
