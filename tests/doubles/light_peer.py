"""WebRTC ends without codecs: real ICE checks, DTLS and SRTP, and then only counting. Hundreds fit in one process."""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets
import socket
from collections.abc import Callable, Mapping, Sequence

import aiohttp
import pylibsrtp
from aioice import stun
from aiortc.rtcdtlstransport import (
    SRTP_AEAD_AES_128_GCM,
    SRTP_AES128_CM_SHA1_80,
    RTCCertificate,
    SRTPProtectionProfile,
)

from orchestrator.media.relay.dtls import Dtls, IceSeat, SrtpKeys, fingerprint_of

PROFILES: dict[str, SRTPProtectionProfile] = {
    "AEAD_AES_128_GCM": SRTP_AEAD_AES_128_GCM,
    "AES128_CM_SHA1_80": SRTP_AES128_CM_SHA1_80,
}
VIDEO, REPAIR, AUDIO = 102, 103, 111
CHECK_S = 0.2
SAMPLE = 97
"""One in so many packets is opened, to know that the keys are right."""


H264 = ("H264", "packetization-mode=1;profile-level-id=42e01f;level-asymmetry-allowed=1")
VP8 = ("VP8", "max-fs=3600")


def offer(
    direction: str,
    ufrag: str,
    pwd: str,
    fingerprint: str,
    more: Sequence[str] = (),
    codec: tuple[str, str] = H264,
) -> str:
    """An offer of bundled H.264 constrained baseline (or VP8) with RTX and REMB, and Opus, as a browser makes it.

    ``more`` are further lines of the picture's section.
    """
    transport = [
        f"a=ice-ufrag:{ufrag}",
        f"a=ice-pwd:{pwd}",
        f"a=fingerprint:sha-256 {fingerprint}",
        "a=setup:actpass",
        "a=rtcp-mux",
        f"a={direction}",
    ]
    lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1"]
    lines += [f"m=video 9 UDP/TLS/RTP/SAVPF {VIDEO} {REPAIR}", "c=IN IP4 0.0.0.0", "a=mid:0", *transport]
    lines += [f"a=rtpmap:{VIDEO} {codec[0]}/90000", f"a=rtcp-fb:{VIDEO} nack", f"a=rtcp-fb:{VIDEO} nack pli"]
    lines += [f"a=fmtp:{VIDEO} {codec[1]}"]
    lines += [f"a=rtcp-fb:{VIDEO} goog-remb", f"a=rtpmap:{REPAIR} rtx/90000", f"a=fmtp:{REPAIR} apt={VIDEO}"]
    lines += ["a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"]
    lines += ["a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid", *more]
    lines += [f"m=audio 9 UDP/TLS/RTP/SAVPF {AUDIO}", "c=IN IP4 0.0.0.0", "a=mid:1", *transport]
    lines += [f"a=rtpmap:{AUDIO} opus/48000/2"]
    return "\r\n".join(lines) + "\r\n"


class LightPeer:
    """One end. ``connect`` in a task group; afterwards ``keys`` seal and open, ``socket`` sends."""

    def __init__(
        self,
        certificate: RTCCertificate,
        profile: str = "AEAD_AES_128_GCM",
        *,
        more: Sequence[str] = (),
        codec: tuple[str, str] = H264,
    ) -> None:
        self._certificate = certificate
        self._profile = PROFILES[profile]
        self._more, self._codec = more, codec
        self._ufrag, self._pwd = secrets.token_hex(4), secrets.token_hex(16)
        self._remote = ("", "")
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self._seat = IceSeat(self._send)
        self._bound = asyncio.Event()
        self.keys: SrtpKeys | None = None
        self._dtls: Dtls | None = None
        self.received: dict[int, list[int]] = {}
        """By payload type: packets, first and highest extended sequence number."""
        self.samples = 0
        self.unreadable = 0
        self.checked = 0
        """Answers to checks."""
        self._count = 0
        self.answer = ""
        self.resource = ""
        """The session's path."""
        self.reports: list[bytes] = []
        """The relay's RTCP compounds, opened; the last hundred."""
        self.heard = 0.0
        """When the last datagram came, by the loop's clock."""

    def _send(self, data: bytes) -> None:
        try:
            self.socket.send(data)
        except OSError:
            self.unreadable += 1

    async def connect(
        self, http: aiohttp.ClientSession, url: str, direction: str, headers: Mapping[str, str] | None = None
    ) -> None:
        """Offer, check, shake hands. Raises :class:`AssertionError` when any of them fails."""
        text = offer(direction, self._ufrag, self._pwd, fingerprint_of(self._certificate), self._more, self._codec)
        sent = {"Content-Type": "application/sdp", **(headers or {})}
        async with http.post(url, data=text, headers=sent) as response:
            answer = await response.text()
            assert response.status == 201, answer
            self.resource = response.headers.get("Location", "")
        self.answer = answer
        self._remote = (_found(r"a=ice-ufrag:(\S+)", answer), _found(r"a=ice-pwd:(\S+)", answer))
        host, port = _found(r"a=candidate:1 1 udp \d+ (\S+) \d+", answer), _found(r"candidate:1 .* (\d+) typ", answer)
        if ":" in host:
            self.socket.close()
            self.socket = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
            self.socket.setblocking(False)
        self.socket.connect((host, int(port)))
        asyncio.get_running_loop().add_reader(self.socket, self._readable)
        while not self._bound.is_set():
            self.check()
            try:
                await asyncio.wait_for(self._bound.wait(), CHECK_S)
            except TimeoutError:
                continue
        fingerprint = _found(r"a=fingerprint:sha-256 (\S+)", answer)
        dtls = Dtls(self._certificate, [("sha-256", fingerprint)], passive=False, seat=self._seat)
        dtls._transport._srtp_profiles = [self._profile]
        self._dtls = dtls
        self.keys = await dtls.handshake()
        assert self.keys is not None, "the handshake failed"

    def on_closed(self, call: Callable[[], None]) -> None:
        """Have ``call`` called when the relay says goodbye."""
        assert self._dtls is not None
        self._dtls.on_closed(call)

    def check(self) -> None:
        """One binding request that nominates (RFC 8445 §7.2.2); also keeps consent fresh."""
        self._send(self.binding())

    def binding(self, *, nominates: bool = True) -> bytes:
        """A binding request."""
        message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        message.attributes["USERNAME"] = f"{self._remote[0]}:{self._ufrag}"
        message.attributes["PRIORITY"] = 1
        message.attributes["ICE-CONTROLLING"] = 1
        if nominates:
            message.attributes["USE-CANDIDATE"] = None
        message.add_message_integrity(self._remote[1].encode())
        return bytes(message)

    def _readable(self) -> None:
        receive: Callable[[int], bytes] = self.socket.recv
        now = asyncio.get_running_loop().time()
        for _ in range(64):
            try:
                data = receive(2048)
            except (BlockingIOError, ConnectionRefusedError):
                return
            first = data[0]
            self.heard = now
            if 128 <= first <= 191:
                self._media(data)
            elif first < 4:
                self._bound.set()
                self.checked += 1
            else:
                self._seat.feed(data)

    def _media(self, data: bytes) -> None:
        if 192 <= data[1] <= 223:
            if self.keys is not None:
                with contextlib.suppress(pylibsrtp.Error):
                    self.reports = [*self.reports[-99:], self.keys.inbound.unprotect_rtcp(data)]
            return
        kind, sequence = data[1] & 0x7F, data[2] << 8 | data[3]
        row = self.received.get(kind)
        if row is None:
            self.received[kind] = [1, sequence, sequence]
        else:
            row[0] += 1
            ahead = (sequence - row[2]) & 0xFFFF
            if ahead < 0x8000:
                row[2] += ahead
        self._count += 1
        if self._count % SAMPLE == 0 and self.keys is not None:
            try:
                self.keys.inbound.unprotect(data)
            except pylibsrtp.Error:
                # Of a session before, to a port that the system gave out again.
                self.unreadable += 1
            else:
                self.samples += 1

    def tell(self, compound: bytes) -> None:
        """Send RTCP."""
        assert self.keys is not None
        self.socket.send(self.keys.outbound.protect_rtcp(compound))

    def media(self, packet: bytes) -> None:
        """Send a plain RTP packet."""
        assert self.keys is not None
        self.socket.send(self.keys.outbound.protect(packet))

    def lost(self) -> int:
        """Gaps in what was received."""
        return sum(highest - first + 1 - count for count, first, highest in self.received.values())

    def move(self) -> None:
        """Go on from another port, as behind a router that forgot."""
        there = self.socket.getpeername()
        self.close()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.socket.connect(there)
        self.checked = 0
        asyncio.get_running_loop().add_reader(self.socket, self._readable)

    async def renew(self, http: aiohttp.ClientSession, url: str, headers: Mapping[str, str]) -> int:
        """Restart ICE at the session's ``url`` (RFC 9725 §4.3.2); media goes on. Returns the answer's status."""
        self._ufrag, self._pwd = secrets.token_hex(4), secrets.token_hex(16)
        fragment = f"a=ice-ufrag:{self._ufrag}\r\na=ice-pwd:{self._pwd}\r\n"
        sent = {"Content-Type": "application/trickle-ice-sdpfrag", "If-Match": "*", **headers}
        async with http.patch(url, data=fragment, headers=sent) as response:
            answer = await response.text()
            if response.status == 200:
                self._remote = (_found(r"a=ice-ufrag:(\S+)", answer), _found(r"a=ice-pwd:(\S+)", answer))
            return response.status

    async def say_goodbye(self) -> None:
        """End DTLS with its alert, as a page does that closes its connection, and close."""
        if self._dtls is not None:
            await self._dtls.stop()
        self.close()

    def hang_up(self) -> None:
        """Close, and let DTLS end too."""
        self._seat.close()
        self.close()

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self.socket)
        self.socket.close()


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match is not None, f"{pattern} is not in the answer"
    return match.group(1)
