"""A viewer without a decoder: ICE checks (RFC 8445), DTLS and SRTP, and then plain RTP to whoever asked for it.

It speaks to an ICE-lite relay and to a full agent alike: it checks every candidate it was told and nominates the first
that answers; or it answers an offer of the server's ("counter-offer") and waits until that nominates. How offer and
answer travel (WHEP) is the caller's.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import socket
import struct
import time
from collections.abc import Callable, Sequence

import msgspec
import pylibsrtp
from aioice import stun
from aiortc.rtcdtlstransport import RTCCertificate

from orchestrator.media.recorder.take import H264, OPUS, VP8, Wishes
from orchestrator.media.relay import rtcp
from orchestrator.media.relay.dtls import Dtls, IceSeat, SrtpKeys, fingerprint_of
from orchestrator.media.relay.rtp import Arrival, is_rtcp, parse
from orchestrator.media.relay.sdp import BadOffer, Codec, Media, parse_offer

KINDS = {H264: "video", VP8: "video", OPUS: "audio"}
TAKEN = {"h264": (H264, "H264/90000"), "vp8": (VP8, "VP8/90000"), "opus": (OPUS, "opus/48000/2")}
"""What is taken of a counter-offer: our number of it, and how ``a=rtpmap`` names it."""
CHECK_S, CONSENT_S, QUIET_S, DEAF_S = 0.2, 2.5, 1.0, 4.0
"""Between checks until one is answered, and whenever nothing came for ``QUIET_S``; between the others; without anything
for ``DEAF_S`` the way is gone: a relay that has nothing to send answers checks."""
CONNECT_S = 15.0
RECEIVE_BUFFER = 2 << 20
SEALED_LIMIT = 2048
"""Datagrams that come before we have the keys: a relay whose handshake is done begins at once, with a key picture."""
AT_ONCE = 256
CANDIDATES = 16
CANDIDATE = re.compile(r"^a=candidate:\S+ 1 udp \d+ (\S+) (\d+) typ ", re.IGNORECASE | re.MULTILINE)

Address = tuple[str, int]


class NotConnected(Exception):
    """The answer cannot be used, nobody answers at its addresses, or the handshake failed; the sentence says which."""


class Source(msgspec.Struct):
    """What reports must say of one source."""

    kind: str
    last_report: int = 0
    reported_at: float = 0.0


class Viewer:
    """One session. ``on_packet(kind, packet, now)`` and ``on_report(kind, report)`` are called in the loop's thread; a
    report may come before the first packet of its source tells its kind: None."""

    def __init__(
        self,
        on_packet: Callable[[str, Arrival, float], None],
        on_report: Callable[[str | None, rtcp.SenderReport], None],
    ) -> None:
        self._on_packet = on_packet
        self._on_report = on_report
        self._certificate = RTCCertificate.generateCertificate()
        self._ufrag, self._pwd = secrets.token_hex(4), secrets.token_hex(16)
        self._remote = ("", "")
        self._numbers = {number: number for number in KINDS}
        """The server's payload types, as ours."""
        self._controls = True
        """Whoever offers does (RFC 8445 §6.1.1)."""
        self._candidates: list[Address] = []
        self._sockets: dict[int, socket.socket] = {}
        self._to: Address | None = None
        self._seat = IceSeat(self._send)
        self._dtls: Dtls | None = None
        self._keys: SrtpKeys | None = None
        self._sealed: list[bytes] = []
        self._nominated = asyncio.Event()
        self._heard = 0.0
        self._sources: dict[int, Source] = {}
        self._ssrc = secrets.randbits(32)
        self.closed = asyncio.Event()
        self.unreadable = 0

    def offer(self) -> str:
        """What we can receive: constrained baseline H.264 or VP8, and Opus, bundled. The relay takes what it has."""
        transport = self._transport("actpass")
        lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1"]
        lines += [f"m=video 9 UDP/TLS/RTP/SAVPF {H264} {VP8}", "c=IN IP4 0.0.0.0", "a=mid:0", *transport]
        for number, codec in ((H264, "H264"), (VP8, "VP8")):
            lines += [f"a=rtpmap:{number} {codec}/90000", f"a=rtcp-fb:{number} nack", f"a=rtcp-fb:{number} nack pli"]
        lines += [f"a=fmtp:{H264} packetization-mode=1;profile-level-id=42e01f;level-asymmetry-allowed=1"]
        lines += [f"m=audio 9 UDP/TLS/RTP/SAVPF {OPUS}", "c=IN IP4 0.0.0.0", "a=mid:1", *transport]
        lines += [f"a=rtpmap:{OPUS} opus/48000/2", f"a=rtcp-fb:{OPUS} nack"]
        return "\r\n".join(lines) + "\r\n"

    def answer(self, offer: str) -> str:
        """What we take of the server's own offer, by its payload types. Raises :class:`NotConnected`."""
        try:
            told = parse_offer(offer)
        except BadOffer as error:
            raise NotConnected(f"the counter-offer cannot be read: {error.message}") from error
        self._controls, self._numbers = False, {}
        lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE " + " ".join(told.bundle)]
        for media in told.media:
            codec = _taken(media)
            if codec is None:
                lines += [f"m={media.kind} 0 {media.protocol} {' '.join(media.formats)}", "c=IN IP4 0.0.0.0"]
                lines += [f"a=mid:{media.mid}", "a=inactive"]
                continue
            number = codec.payload_type
            self._numbers[number], written = TAKEN[codec.name]
            lines += [f"m={media.kind} 9 {media.protocol} {number}", "c=IN IP4 0.0.0.0", f"a=mid:{media.mid}"]
            lines += [*self._transport("active"), f"a=rtpmap:{number} {written}"]
            lines += [f"a=rtcp-fb:{number} {one}" for one in ("nack", "nack pli") if one in codec.feedback]
            if codec.parameters:
                lines.append(f"a=fmtp:{number} " + ";".join(f"{name}={it}" for name, it in codec.parameters.items()))
        if not self._numbers:
            raise NotConnected("the counter-offer has nothing that can be recorded")
        return "\r\n".join(lines) + "\r\n"

    def _transport(self, setup: str) -> list[str]:
        return [
            f"a=ice-ufrag:{self._ufrag}",
            f"a=ice-pwd:{self._pwd}",
            f"a=fingerprint:sha-256 {fingerprint_of(self._certificate)}",
            f"a=setup:{setup}",
            "a=rtcp-mux",
            "a=recvonly",
        ]

    async def connect(self, answer: str, hosts: Sequence[str] = ()) -> None:
        """Check, nominate, shake hands. ``hosts``: addresses to try with the answer's ports too, because what a relay
        announces to the world may not lead back to the computer it runs on. After :meth:`answer` it is the server's
        offer. Raises :class:`NotConnected`."""
        try:
            told = parse_offer(answer)
        except BadOffer as error:
            raise NotConnected(f"the answer cannot be read: {error.message}") from error
        self._remote = (told.ufrag, told.pwd)
        self._candidates = _candidates(answer, hosts)
        if not self._candidates:
            raise NotConnected("the answer names no address")
        try:
            async with asyncio.timeout(CONNECT_S):
                await self._nominate()
                dtls = Dtls(self._certificate, told.fingerprints, passive=told.setup == "active", seat=self._seat)
                self._dtls = dtls
                dtls.on_closed(self.closed.set)
                keys = await dtls.handshake()
        except TimeoutError as error:
            raise NotConnected("no answer at any of the relay's addresses in time") from error
        if keys is None:
            raise NotConnected("the DTLS handshake failed")
        self.unlock(keys)

    def unlock(self, keys: SrtpKeys) -> None:
        """From now on packets are read, those that have come already first."""
        self._keys = keys
        sealed, self._sealed = self._sealed, []
        for data in sealed:
            self.media(data)

    async def _nominate(self) -> None:
        while not self._nominated.is_set():
            for address in self._candidates:
                self._check(address)
            try:
                await asyncio.wait_for(self._nominated.wait(), CHECK_S)
            except TimeoutError:
                continue

    async def keep(self) -> None:
        """Keep consent fresh (RFC 7675) until the way is gone or the peer ends; then :attr:`closed` is set."""
        checked = 0.0
        while not self.closed.is_set():
            now = time.monotonic()
            quiet_s = now - self._heard
            if self._to is not None and now - checked >= (CHECK_S if quiet_s > QUIET_S else CONSENT_S):
                self._check(self._to)
                checked = now
            if quiet_s > DEAF_S:
                self.closed.set()
            try:
                await asyncio.wait_for(self.closed.wait(), CHECK_S)
            except TimeoutError:
                continue

    async def close(self) -> None:
        """End it; harmless twice."""
        self.closed.set()
        if self._dtls is not None:
            await self._dtls.stop()
            self._dtls = None
        loop = asyncio.get_running_loop()
        for one in self._sockets.values():
            loop.remove_reader(one)
            one.close()
        self._sockets.clear()

    # Datagrams

    def _socket(self, host: str) -> socket.socket:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        one = self._sockets.get(family)
        if one is None:
            one = socket.socket(family, socket.SOCK_DGRAM)
            one.setblocking(False)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
            self._sockets[family] = one
            asyncio.get_running_loop().add_reader(one, self._readable, one)
        return one

    def _send(self, data: bytes, address: Address | None = None) -> None:
        to = address or self._to
        if to is None:
            return
        try:
            self._socket(to[0]).sendto(data, to)
        except OSError:
            self.unreadable += 1

    def _check(self, address: Address) -> None:
        message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        message.attributes["USERNAME"] = f"{self._remote[0]}:{self._ufrag}"
        message.attributes["PRIORITY"] = 1
        if self._controls:
            message.attributes["ICE-CONTROLLING"] = 1
            message.attributes["USE-CANDIDATE"] = None
        else:
            message.attributes["ICE-CONTROLLED"] = 1
        message.add_message_integrity(self._remote[1].encode())
        # A full agent (libnice) drops what has none.
        message.add_fingerprint()
        self._send(bytes(message), address)

    def _readable(self, one: socket.socket) -> None:
        for _ in range(AT_ONCE):
            try:
                data, address = one.recvfrom(2048)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                continue  # an ICMP error of an address that leads nowhere
            if not data:
                continue
            first = data[0]
            if 128 <= first <= 191:
                self.media(data)
            elif first < 4:
                self._stun(data, (address[0], address[1]))
            elif 20 <= first <= 63:
                self._seat.feed(data)

    def _stun(self, data: bytes, address: Address) -> None:
        try:
            message = stun.parse_message(data)
        except (ValueError, struct.error, IndexError, KeyError, TypeError):
            self.unreadable += 1
            return
        if message.message_class is stun.Class.RESPONSE:
            if message.check_message_integrity(self._remote[1].encode()):
                self._heard = time.monotonic()
                if self._controls:
                    self._nominate_at(address)
        elif message.message_class is stun.Class.REQUEST and message.check_message_integrity(self._pwd.encode()):
            reply = stun.Message(stun.Method.BINDING, stun.Class.RESPONSE, transaction_id=message.transaction_id)
            reply.attributes["XOR-MAPPED-ADDRESS"] = address
            reply.add_message_integrity(self._pwd.encode())
            reply.add_fingerprint()
            self._send(bytes(reply), address)
            if not self._controls and "USE-CANDIDATE" in message.attributes:
                self._nominate_at(address)

    def _nominate_at(self, address: Address) -> None:
        if self._to is None:
            self._to, self._heard = address, time.monotonic()
            self._nominated.set()

    def media(self, data: bytes) -> None:
        """A packet, or reports of packets."""
        if self._keys is None:
            if len(self._sealed) < SEALED_LIMIT:
                self._sealed.append(data)
            return
        try:
            report = is_rtcp(data)
            content = self._keys.inbound.unprotect_rtcp(data) if report else self._keys.inbound.unprotect(data)
        except pylibsrtp.Error:
            self.unreadable += 1
            return
        self._heard = time.monotonic()
        if report:
            self.reports(content)
            return
        packet = parse(content)
        number = self._numbers.get(packet.payload_type) if packet is not None else None
        if packet is None or number is None:
            return
        kind, packet = KINDS[number], packet._replace(payload_type=number)
        if packet.ssrc not in self._sources:
            # A source that goes on under another number takes the place of the one before it.
            self._sources = {ssrc: one for ssrc, one in self._sources.items() if one.kind != kind}
            self._sources[packet.ssrc] = Source(kind)
        self._on_packet(kind, packet, time.monotonic())

    def reports(self, compound: bytes) -> None:
        """What the relay reports, decrypted."""
        for report in rtcp.parse(compound):
            if isinstance(report, rtcp.SenderReport):
                source = self._sources.get(report.ssrc)
                if source is not None:
                    source.last_report, source.reported_at = report.ntp_middle, time.monotonic()
                self._on_report(source.kind if source is not None else None, report)

    # What we say

    def tell(self, wishes: Wishes) -> None:
        """Ask for lost packets and key pictures."""
        for ssrc, source in self._sources.items():
            missing = wishes.missing.get(source.kind)
            if missing:
                self._report(rtcp.nack(self._ssrc, ssrc, missing))
            if wishes.key and source.kind == "video":
                self._report(rtcp.keyframe_request(self._ssrc, ssrc))

    def receipt(self, figures: dict[str, tuple[int, int]]) -> None:
        """A receiver report; ``figures``: highest sequence number and packets lost, by kind."""
        now = time.monotonic()
        blocks = []
        for ssrc, source in self._sources.items():
            highest, lost = figures.get(source.kind, (0, 0))
            delay = int((now - source.reported_at) * 65536) if source.last_report else 0
            blocks.append(rtcp.Block(ssrc, 0, min(lost, 0x7FFFFF), highest, 0, source.last_report, delay))
        self._report(rtcp.receiver_report(self._ssrc, blocks, "recorder"))

    def _report(self, compound: bytes) -> None:
        if self._keys is not None:
            self._send(self._keys.outbound.protect_rtcp(compound))


def _taken(media: Media) -> Codec | None:
    """The codec of a section that is recorded."""
    return next((one for one in media.codecs if one.name in TAKEN and media.port), None)


def _candidates(answer: str, hosts: Sequence[str]) -> list[Address]:
    """Where to check, each once, ``hosts`` first."""
    told = [(host, int(port)) for host, port in CANDIDATE.findall(answer) if int(port) < 65536]
    near = [(host, port) for host in hosts for port in dict.fromkeys(port for _, port in told)]
    literal = [one for one in [*near, *told] if _is_address(one[0])]
    return list(dict.fromkeys(literal))[:CANDIDATES]


def _is_address(host: str) -> bool:
    """Names (mDNS) are not looked up."""
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, host)
        except OSError:
            continue
        return True
    return False
