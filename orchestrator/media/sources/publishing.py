"""Publishes H.264 access units and Opus packets that are encoded already, by WHIP (RFC 9725).

Nothing is decoded or encoded here: a publisher costs about a hundredth of a core. It keeps itself connected; while it
is not, packets are dropped and counted. Whoever feeds it is told when the relay wants a keyframe (PLI and FIR,
RFC 4585 §6.3.1 and RFC 5104 §4.3.1), also after each new connection.

    publisher = EncodedPublisher(url, token, keyframe_wanted=encoder.force_keyframe)
    async with asyncio.TaskGroup() as group:
        group.create_task(publisher.run())
        publisher.picture(annex_b, timestamp_90khz)
        publisher.sound(opus, timestamp_48khz)
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from urllib.parse import urljoin

import aiohttp
import msgspec
import structlog
from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from aiortc.rtcrtpparameters import RTCRtpCodecCapability
from aiortc.stats import RTCTransportStats

from orchestrator.media.sources.h264 import is_keyframe
from orchestrator.media.sources.lanes import AUDIO_CLOCK, VIDEO_CLOCK, Lane, LaneTrack, Pace, Waiting

HTTP_S = 10.0
CONNECT_S = 10.0
SILENCE_S = 4.0
"""The relay reports every second; one that was heard and is silent for so long is gone."""
BACKOFF_S = (0.3, 1.0, 2.0, 4.0)
LEAD_S = 0.15
"""How long a packet waits for what belongs to the same moment: more than a source's jitter, less than is felt."""
PICTURES, PICTURE_OCTETS = 300, 16 << 20
SOUNDS, SOUND_OCTETS = 500, 1 << 20
CONSTRAINED_BASELINE = "42e01f"

log = structlog.get_logger()


class PublishFailed(Exception):
    """The relay refused, cannot be reached or went away; the sentence says which. ``status`` is HTTP's, 0 for none."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class PublisherStats(msgspec.Struct):
    """What a publisher has done; counters over all its connections. ``state``: connecting or publishing."""

    state: str = "connecting"
    connections: int = 0
    failures: int = 0
    last_failure: str = ""
    keyframes_wanted: int = 0


class EncodedPublisher:
    """Keeps one lecture published under ``url``. Feed it from the event loop that runs :meth:`run`.

    ``token`` is called before each attempt, so that an expired one is replaced. ``keyframe_wanted`` must return at
    once. ``video``: h264 or vp8. Timestamps of picture and sound count from one zero in units of 1/90000 s and
    1/48000 s and never go back, except where the source begins anew.
    """

    def __init__(
        self,
        url: str,
        token: Callable[[], Awaitable[str]],
        *,
        keyframe_wanted: Callable[[], None] = lambda: None,
        with_sound: bool = True,
        lead_s: float = LEAD_S,
        video: str = "h264",
    ) -> None:
        self._url = url
        self._token = token
        self._keyframe_wanted = keyframe_wanted
        self._lead_s = lead_s
        self._video = video
        self._pictures = Lane("video", VIDEO_CLOCK, PICTURES, PICTURE_OCTETS)
        self._sounds = Lane("audio", AUDIO_CLOCK, SOUNDS, SOUND_OCTETS)
        self._lanes = [self._sounds, self._pictures] if with_sound else [self._pictures]
        self.stats = PublisherStats()

    @property
    def sent(self) -> int:
        """Access units and Opus packets sent."""
        return self._pictures.sent + self._sounds.sent

    @property
    def dropped(self) -> int:
        """Those that came while connected and could not be sent in time or came before a keyframe."""
        return self._pictures.dropped + self._sounds.dropped

    def picture(self, annex_b: bytes, timestamp: int, *, keyframe: bool | None = None) -> None:
        """One access unit as Annex B, parameter sets before each IDR picture; ``timestamp`` in 1/90000 s. VP8 comes
        with ``keyframe``."""
        begins = is_keyframe(annex_b) if keyframe is None else keyframe
        self._pictures.put(Waiting(timestamp, annex_b), keyframe=begins)

    def sound(self, opus: bytes, timestamp: int) -> None:
        """One Opus packet (RFC 7587 §4.2); ``timestamp`` in 1/48000 s."""
        self._sounds.put(Waiting(timestamp, opus), keyframe=True)

    async def run(self) -> None:
        """Publish, and publish again after every fault, with a growing pause; returns only when it is cancelled."""
        in_vain = 0
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=HTTP_S)) as http:
            while True:
                connections = self.stats.connections
                try:
                    await self._publish(http)
                except (PublishFailed, aiohttp.ClientError, OSError, TimeoutError) as failure:
                    in_vain = 0 if self.stats.connections > connections else in_vain + 1
                    self._note(failure)
                await asyncio.sleep(BACKOFF_S[min(in_vain, len(BACKOFF_S) - 1)])

    def _note(self, failure: Exception) -> None:
        reason = str(failure) or type(failure).__name__
        if reason != self.stats.last_failure or self.stats.state == "publishing":
            log.warning("source_not_published", reason=reason)
        self.stats.state = "connecting"
        self.stats.failures += 1
        self.stats.last_failure = reason

    async def _publish(self, http: aiohttp.ClientSession) -> None:
        token = await self._token()
        peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        resource = None
        try:
            self._add_tracks(peer)
            resource = await _offer(http, peer, self._url, token)
            await asyncio.wait_for(_connected(peer), CONNECT_S)
            self.stats.connections += 1
            self.stats.state, self.stats.last_failure = "publishing", ""
            for lane in self._lanes:
                lane.open()
            self._wanted()
            await _until_gone(peer)
        finally:
            for lane in self._lanes:
                lane.close()
            await peer.close()
            if resource:
                await _withdraw(http, resource, token)

    def _add_tracks(self, peer: RTCPeerConnection) -> None:
        pace = Pace(self._lead_s)
        for lane in self._lanes:
            transceiver = peer.addTransceiver(LaneTrack(lane, pace), direction="sendonly")
            transceiver.setCodecPreferences(_codecs(lane.kind, self._video))
            if lane.kind == "video":
                # aiortc asks its own encoder for a keyframe here; ours is elsewhere. There is no public way to hear it.
                setattr(transceiver.sender, "_send_keyframe", self._wanted)  # noqa: B010

    def _wanted(self) -> None:
        self.stats.keyframes_wanted += 1
        self._keyframe_wanted()


def _codecs(kind: str, video: str) -> list[RTCRtpCodecCapability]:
    """The one codec of the packets, so that nothing else can be agreed on."""
    offered = RTCRtpSender.getCapabilities(kind).codecs
    if kind == "audio":
        return [codec for codec in offered if codec.mimeType.lower() == "audio/opus"]
    if video == "vp8":
        return [codec for codec in offered if codec.mimeType.lower() == "video/vp8"]
    return [codec for codec in offered if codec.parameters.get("profile-level-id") == CONSTRAINED_BASELINE]


async def _offer(http: aiohttp.ClientSession, peer: RTCPeerConnection, url: str, token: str) -> str:
    """Exchange offer and answer; gives the address of the WHIP session (RFC 9725 §4.2)."""
    await peer.setLocalDescription(await peer.createOffer())
    headers = {"Content-Type": "application/sdp", "Authorization": f"Bearer {token}"}
    async with http.post(url, data=peer.localDescription.sdp, headers=headers) as reply:
        body = await reply.text()
        if reply.status != 201:
            raise PublishFailed(f"{reply.status} {body[:200]}", reply.status)
        resource = urljoin(url, reply.headers.get("Location", ""))
    try:
        await peer.setRemoteDescription(RTCSessionDescription(sdp=body, type="answer"))
    except ValueError as fault:
        await _withdraw(http, resource, token)
        raise PublishFailed(f"the answer cannot be read: {fault}") from fault
    return resource


async def _connected(peer: RTCPeerConnection) -> None:
    while peer.connectionState != "connected":
        if peer.connectionState in ("failed", "closed"):
            raise PublishFailed(f"the connection is {peer.connectionState}")
        changed = asyncio.Event()
        peer.once("connectionstatechange", changed.set)
        await changed.wait()


async def _until_gone(peer: RTCPeerConnection) -> None:
    """Return never: raise :class:`PublishFailed` when the connection ends or the relay falls silent."""
    now = asyncio.get_running_loop().time
    heard, heard_at = 0, now()
    while peer.connectionState == "connected":
        received = await _received(peer)
        if received != heard:
            heard, heard_at = received, now()
        elif now() - heard_at > SILENCE_S:
            raise PublishFailed("the relay fell silent")
        await asyncio.sleep(0.5)
    raise PublishFailed(f"the connection is {peer.connectionState}")


async def _received(peer: RTCPeerConnection) -> int:
    """Packets heard from the relay (its reports)."""
    received = 0
    for sender in peer.getSenders():
        for report in (await sender.getStats()).values():
            if isinstance(report, RTCTransportStats):
                received = max(received, report.packetsReceived)
    return received


async def _withdraw(http: aiohttp.ClientSession, resource: str, token: str) -> None:
    """End the session at the relay (RFC 9725 §4.2); a relay that is gone needs no goodbye."""
    headers = {"Authorization": f"Bearer {token}"}
    with contextlib.suppress(aiohttp.ClientError, OSError, TimeoutError):
        async with http.delete(resource, headers=headers, timeout=aiohttp.ClientTimeout(2)):
            pass
