"""A publisher and a viewer that really speak WebRTC (aiortc), as small as they can be."""

from __future__ import annotations

import asyncio
import fractions
import time
from collections.abc import Callable
from types import TracebackType

import aiohttp
import av
import numpy as np
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
    VideoStreamTrack,
)
from aiortc.mediastreams import MediaStreamError

RATE = 48000
SAMPLES = 960
PICTURE = (160, 120)


class Tone(MediaStreamTrack):
    """A sine of 440 Hz in 20 ms frames."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._at = 0
        self._began: float | None = None

    async def recv(self) -> av.AudioFrame:
        if self.readyState != "live":
            raise MediaStreamError
        if self._began is None:
            self._began = time.monotonic()
        wait = self._began + self._at / RATE - time.monotonic()
        await asyncio.sleep(max(0.0, wait))
        phase = (self._at + np.arange(SAMPLES)) * (2 * np.pi * 440 / RATE)
        frame = av.AudioFrame.from_ndarray((np.sin(phase) * 8000).astype(np.int16).reshape(1, -1), "s16", "mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._at, fractions.Fraction(1, RATE)
        self._at += SAMPLES
        return frame


class Shade(VideoStreamTrack):
    """A picture of one brightness, so that a viewer can tell whose it is, with a moving bar."""

    def __init__(self, brightness: int) -> None:
        super().__init__()
        self._brightness = brightness
        self._count = 0

    async def recv(self) -> av.VideoFrame:
        pts, base = await self.next_timestamp()
        width, height = PICTURE
        picture = np.full((height, width, 3), self._brightness, np.uint8)
        column = self._count * 4 % width
        picture[:, column : column + 8] = 255 - self._brightness
        self._count += 1
        frame = av.VideoFrame.from_ndarray(picture, "rgb24")
        frame.pts, frame.time_base = pts, base
        return frame


def bearer(token: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


class Publisher:
    """Publishes a shade of grey and a tone by WHIP. An async context manager."""

    def __init__(self, url: str, *, brightness: int = 200, token: str | None = None, codec: str = "video/H264") -> None:
        self._url = url
        self._token = token
        self._brightness = brightness
        self._codec = codec
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.resource = ""

    async def __aenter__(self) -> Publisher:
        video = self._connection.addTransceiver(Shade(self._brightness), direction="sendonly")
        codecs = RTCRtpSender.getCapabilities("video").codecs
        video.setCodecPreferences([one for one in codecs if one.mimeType in {self._codec, "video/rtx"}])
        self._connection.addTransceiver(Tone(), direction="sendonly")
        await self._connection.setLocalDescription(await self._connection.createOffer())
        self.resource = await negotiate(self._connection, self._url, self._token)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._connection.close()


async def negotiate(connection: RTCPeerConnection, url: str, token: str | None) -> str:
    """POST the offer, take the answer; returns the session's URL."""
    headers = {"Content-Type": "application/sdp", **bearer(token)}
    async with (
        aiohttp.ClientSession() as client,
        client.post(url, data=connection.localDescription.sdp, headers=headers) as response,
    ):
        text = await response.text()
        if response.status == 406 and response.content_type == "application/sdp":
            raise CounterOffered(text, _resource(response))
        if response.status != 201:
            raise AssertionError(f"{response.status} {text}")
        await connection.setRemoteDescription(RTCSessionDescription(text, "answer"))
        return _resource(response)


def _resource(response: aiohttp.ClientResponse) -> str:
    return str(response.url.join(response.url.with_path(response.headers["Location"])))


class CounterOffered(Exception):
    """The engine would rather make the offer itself."""

    def __init__(self, offer: str, resource: str) -> None:
        super().__init__("406 with an offer")
        self.offer = offer
        self.resource = resource


class Viewer:
    """Views by WHEP and decodes everything. An async context manager."""

    def __init__(self, url: str, *, token: str | None = None) -> None:
        self._url = url
        self._token = token
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._tracks: dict[str, MediaStreamTrack] = {}
        self.resource = ""

    async def __aenter__(self) -> Viewer:
        self._connection.addTransceiver("video", direction="recvonly")
        self._connection.addTransceiver("audio", direction="recvonly")
        self._connection.on("track", self._taken)
        await self._connection.setLocalDescription(await self._connection.createOffer())
        try:
            self.resource = await negotiate(self._connection, self._url, self._token)
        except CounterOffered as counter:
            await self._accept(counter)
        return self

    def _taken(self, track: MediaStreamTrack) -> None:
        self._tracks[track.kind] = track

    async def _accept(self, counter: CounterOffered) -> None:
        """Answer the engine's own offer (draft-ietf-wish-whep-04). aiortc cannot take its own back: begin anew."""
        await self._connection.close()
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._connection.on("track", self._taken)
        await self._connection.setRemoteDescription(RTCSessionDescription(counter.offer, "offer"))
        await self._connection.setLocalDescription(await self._connection.createAnswer())
        headers = {"Content-Type": "application/sdp", **bearer(self._token)}
        async with (
            aiohttp.ClientSession() as client,
            client.patch(counter.resource, data=self._connection.localDescription.sdp, headers=headers) as response,
        ):
            assert response.status == 204, await response.text()
        self.resource = counter.resource

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._connection.close()

    def loses(self, some: int, *, of: int) -> Callable[[], None]:
        """From now on so many of so many packets are lost on their way in; returns what mends that."""
        transport = self._connection.getReceivers()[0].transport
        whole, came = transport._handle_rtp_data, 0

        async def take(data: bytes, arrival_time_ms: int) -> None:
            nonlocal came
            came += 1
            if came % of >= some:
                await whole(data, arrival_time_ms)

        def mend() -> None:
            transport._handle_rtp_data = whole  # type: ignore[method-assign]

        transport._handle_rtp_data = take  # type: ignore[method-assign]
        return mend

    @property
    def state(self) -> str:
        return str(self._connection.connectionState)

    async def picture(self) -> av.VideoFrame:
        """The next decoded picture."""
        frame = await self._tracks["video"].recv()
        if not isinstance(frame, av.VideoFrame):
            raise TypeError(f"not a picture: {frame!r}")
        return frame

    async def brightness(self) -> int:
        """The median brightness of the next decoded picture."""
        frame = await self.picture()
        return int(np.median(frame.to_ndarray(format="gray")))

    async def see(self, brightness: int, *, within: int = 300) -> int:
        """Wait for a picture of about this brightness; returns how many others came before it."""
        for count in range(within):
            if abs(await self.brightness() - brightness) < 12:
                return count
        raise AssertionError(f"no picture of brightness {brightness} within {within}")

    async def sound(self) -> float:
        """The loudest of the next ten audio frames: root mean square in 16-bit steps."""
        return max([await self._loudness() for _ in range(10)])

    async def sees_anything(self, within_s: float) -> bool:
        """Whether any picture comes in that time."""
        try:
            async with asyncio.timeout(within_s):
                await self.picture()
        except TimeoutError:
            return False
        return True

    async def hears(self, within_s: float) -> bool:
        """Whether any sound comes in that time."""
        try:
            async with asyncio.timeout(within_s):
                await self._loudness()
        except TimeoutError:
            return False
        return True

    async def _loudness(self) -> float:
        frame = await self._tracks["audio"].recv()
        if not isinstance(frame, av.AudioFrame):
            raise TypeError(f"not sound: {frame!r}")
        return float(np.sqrt(np.mean(np.square(frame.to_ndarray().astype(np.float64)))))


async def offer_of(direction: str, *, codec: str = "video/H264") -> str:
    """An offer of video and audio that nobody will follow up."""
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    video = connection.addTransceiver("video", direction=direction)
    codecs = RTCRtpSender.getCapabilities("video").codecs
    video.setCodecPreferences([one for one in codecs if one.mimeType == codec])
    connection.addTransceiver("audio", direction=direction)
    await connection.setLocalDescription(await connection.createOffer())
    text = str(connection.localDescription.sdp)
    await connection.close()
    return text
