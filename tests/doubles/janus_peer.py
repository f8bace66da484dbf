"""The light WebRTC end against Janus, a full ICE agent: checks go both ways, sealed with a fingerprint, without which
libnice drops them. It answers the offer of the server, or publishes."""

from __future__ import annotations

import asyncio

from aioice import stun

from orchestrator.media.janus.client import Handle
from orchestrator.media.janus.room import Feed, Place, Rooms
from orchestrator.media.relay.dtls import Dtls, fingerprint_of
from orchestrator.media.relay.sdp import parse_offer
from orchestrator.media.relay.stun import Accepted, answer_check
from tests.doubles.light_peer import CHECK_S, LightPeer, _found, offer

VIDEO_SSRC, AUDIO_SSRC = 1, 2
"""Janus takes packets of sources that the offer names."""


class JanusPeer(LightPeer):
    """``address``: where this end may be reached. ``view`` or ``publish`` in place of ``connect``."""

    _controls = True
    """Whoever offers does (RFC 8445 §6.1.1)."""

    def listen(self, address: str) -> None:
        """Take a port and answer checks from now on."""
        self.socket.bind((address, 0))
        asyncio.get_running_loop().add_reader(self.socket, self._readable)

    async def view(self, rooms: Rooms, place: Place, feed: Feed) -> Handle:
        """Subscribe to a feed and shake hands. Raises :class:`AssertionError` when that fails."""
        self._controls = False
        handle, _, theirs = await rooms.subscribe(place, feed, lambda _event: None)
        await handle.ask({"request": "start"}, {"type": "answer", "sdp": self._answer_to(theirs)})
        await self._shake(theirs)
        return handle

    async def publish(self, rooms: Rooms, place: Place) -> tuple[Handle, Feed]:
        """Publish into a room and shake hands."""
        text = offer("sendonly", self._ufrag, self._pwd, fingerprint_of(self._certificate))
        text = text.replace("a=mid:0\r\n", f"a=mid:0\r\n{self._candidate()}\r\na=ssrc:{VIDEO_SSRC} cname:light\r\n", 1)
        text = text.replace("a=mid:1\r\n", f"a=mid:1\r\na=ssrc:{AUDIO_SSRC} cname:light\r\n", 1)
        handle, feed, theirs = await rooms.publish(place, "bench", text, lambda _event: None)
        await self._shake(theirs)
        return handle, feed

    def _candidate(self) -> str:
        host, port = self.socket.getsockname()
        return f"a=candidate:1 1 udp 2130706431 {host} {port} typ host"

    def _answer_to(self, theirs: str) -> str:
        media = parse_offer(theirs).media
        lines = ["v=0", "o=- 2 2 IN IP4 127.0.0.1", "s=-", "t=0 0"]
        lines.append("a=group:BUNDLE " + " ".join(one.mid for one in media))
        for one in media:
            codec = next(each for each in one.codecs if each.name in {"h264", "opus"})
            name = "H264/90000" if codec.name == "h264" else "opus/48000/2"
            lines += [f"m={one.kind} 9 UDP/TLS/RTP/SAVPF {codec.payload_type}", "c=IN IP4 0.0.0.0", f"a=mid:{one.mid}"]
            lines += [f"a=ice-ufrag:{self._ufrag}", f"a=ice-pwd:{self._pwd}", "a=setup:active", "a=rtcp-mux"]
            lines += [f"a=fingerprint:sha-256 {fingerprint_of(self._certificate)}", "a=recvonly"]
            lines += [f"a=rtpmap:{codec.payload_type} {name}", self._candidate()]
            if codec.name == "h264":
                profile = codec.parameters.get("profile-level-id", "42e01f")
                lines.append(f"a=fmtp:{codec.payload_type} packetization-mode=1;profile-level-id={profile}")
                lines.append(f"a=rtcp-fb:{codec.payload_type} nack")
        return "\r\n".join(lines) + "\r\n"

    async def _shake(self, theirs: str) -> None:
        self._remote = (_found(r"a=ice-ufrag:(\S+)", theirs), _found(r"a=ice-pwd:(\S+)", theirs))
        host, port = _found(r"a=candidate:\S+ 1 udp \d+ (\S+) \d+", theirs), _found(r"a=candidate:.* (\d+) typ", theirs)
        self.socket.connect((host, int(port)))
        async with asyncio.timeout(20):
            while not self._bound.is_set():
                self.check()
                try:
                    await asyncio.wait_for(self._bound.wait(), CHECK_S)
                except TimeoutError:
                    continue
        told = parse_offer(theirs)
        # Whoever offered leaves the choice to us; who answered an offer of ours may have taken a side.
        dtls = Dtls(self._certificate, list(told.fingerprints), passive=told.setup == "active", seat=self._seat)
        dtls._transport._srtp_profiles = [self._profile]
        self.keys = await dtls.handshake()
        assert self.keys is not None, "the handshake failed"

    def _stun(self, data: bytes) -> None:
        if data[:2] != b"\0\x01":
            self._bound.set()
            self.checked += 1
            return
        try:
            address: tuple[str, int] = self.socket.getpeername()
        except OSError:
            # The server checks before we have read its answer, and will check again.
            return
        verdict = answer_check(data, address, lambda ufrag: self._pwd if ufrag == self._ufrag else None)
        if isinstance(verdict, Accepted):
            self._send(verdict.reply)

    def _readable(self) -> None:
        for _ in range(64):
            try:
                data = self.socket.recv(2048)
            except (BlockingIOError, ConnectionRefusedError):
                return
            first = data[0]
            if 128 <= first <= 191:
                self._media(data)
            elif first < 4:
                self._stun(data)
            else:
                self._seat.feed(data)

    def check(self) -> None:
        """A binding request; it nominates where this end controls (RFC 8445 §7.2.2)."""
        message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        message.attributes["USERNAME"] = f"{self._remote[0]}:{self._ufrag}"
        message.attributes["PRIORITY"] = 1
        if self._controls:
            message.attributes["ICE-CONTROLLING"] = 1
            message.attributes["USE-CANDIDATE"] = None
        else:
            message.attributes["ICE-CONTROLLED"] = 1
        message.add_message_integrity(self._remote[1].encode())
        message.add_fingerprint()
        self._send(bytes(message))
