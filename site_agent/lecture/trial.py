"""A lecture of this computer's own, to try the big screen when nothing is on air: a moving picture and silence by WHEP.

The screen asks for it as it asks for any lecture and counts its frames the same way; nothing leaves the computer.
"""

from __future__ import annotations

import asyncio
import fractions
import secrets
import time
from collections.abc import Awaitable, Callable

import numpy as np
from aiohttp import web
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription, VideoStreamTrack
from aiortc.exceptions import InvalidStateError
from aiortc.mediastreams import AudioStreamTrack
from av.video.frame import VideoFrame

from site_agent.lecture.hang_up import gather, hang_up
from site_agent.lecture.port import Lecture
from site_agent.local_guard import refused
from wire.ids import ScreenState, SessionId
from wire.messages import ScreenHealth

SESSION = SessionId("trial")
PATH = "/local/trial"
WIDTH, HEIGHT, FPS = 640, 360, 15
LASTS_S = 20.0
ENOUGH_FRAMES = 30
LOOK_S = 0.25

_CLOCK_HZ = 90_000
_PERIOD = 4 * FPS


class Moving(VideoStreamTrack):
    """A bar that moves over grey steps."""

    def __init__(self) -> None:
        super().__init__()
        self._count = 0
        self._began: float | None = None
        steps = np.linspace(40, 215, 8, dtype=np.uint8).repeat(WIDTH // 8)
        self._ground = np.broadcast_to(steps[None, :, None], (HEIGHT, WIDTH, 3))

    async def recv(self) -> VideoFrame:
        """The next picture, in its time."""
        await asyncio.sleep(self._early_s())
        picture = self._ground.copy()
        at = (self._count % _PERIOD) * (WIDTH - 40) // _PERIOD
        picture[:, at : at + 40] = (0, 120, 255)
        frame = VideoFrame.from_ndarray(picture, format="bgr24")
        frame.pts, frame.time_base = self._count * (_CLOCK_HZ // FPS), fractions.Fraction(1, _CLOCK_HZ)
        self._count += 1
        return frame

    def _early_s(self) -> float:
        """Until the next picture is due: what drawing and encoding take is no part of the pause."""
        now = time.monotonic()
        began = now if self._began is None else self._began
        late_s = now - (began + self._count / FPS)
        # After a stop no burst of pictures follows.
        self._began = began + late_s if late_s > 1 else began
        return max(0.0, -late_s)


class TrialLecture:
    """Serves the trial while it lasts. ``show`` puts a lecture on the screen or takes it off, ``health`` is what the
    screen decodes, ``url`` where this computer's pages are."""

    def __init__(
        self,
        show: Callable[[Lecture | None], None],
        health: Callable[[], ScreenHealth],
        url: Callable[[], str],
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._show = show
        self._health = health
        self._url = url
        self._pause = pause
        self._token = ""
        self._peers: dict[str, RTCPeerConnection] = {}

    async def hold(self) -> ScreenHealth:
        """Show it until enough frames were counted, or for as long as it lasts; returns what the screen decoded."""
        self._token = secrets.token_urlsafe(16)
        before = self._health().frames_decoded
        self._show(Lecture(SESSION, "trial", f"{self._url()}{PATH}", self._token, "Hình thử · Test picture", ""))
        try:
            async with asyncio.timeout(LASTS_S):
                while not self._plays(before):
                    await self._pause(LOOK_S)
        except TimeoutError:
            pass
        finally:
            health = self._health()
            self._token = ""
            self._show(None)
            await self._hang_up()
        return health

    def _plays(self, before: int) -> bool:
        health = self._health()
        enough = health.frames_decoded - before >= ENOUGH_FRAMES and health.audio_dbfs is not None
        return health.state is ScreenState.PLAYING and enough

    def routes(self) -> list[web.AbstractRouteDef]:
        """For the computer's own server."""
        return [web.post(PATH, self._offered), web.delete(f"{PATH}/{{peer}}", self._left)]

    async def _offered(self, request: web.Request) -> web.StreamResponse:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not self._token or not secrets.compare_digest(given.encode(), self._token.encode()):
            return refused(403, "no_trial", "Không có hình thử. / There is no trial now.")
        offer = (await request.read()).decode(errors="replace")
        name, peer = secrets.token_urlsafe(8), RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._peers[name] = peer
        try:
            await peer.setRemoteDescription(RTCSessionDescription(sdp=offer, type="offer"))
            tracks: dict[str, MediaStreamTrack] = {"video": Moving(), "audio": AudioStreamTrack()}
            for transceiver in peer.getTransceivers():
                peer.addTrack(tracks[transceiver.kind])
            await gather(peer, await peer.createAnswer())
        except (ValueError, KeyError, IndexError, InvalidStateError) as fault:
            self._peers.pop(name, None)
            await hang_up(peer)
            return refused(400, "bad_offer", f"Không đọc được yêu cầu: {fault}. / The offer cannot be read.")
        return web.Response(
            status=201,
            body=peer.localDescription.sdp.encode(),
            content_type="application/sdp",
            headers={"Location": f"{PATH}/{name}"},
        )

    async def _left(self, request: web.Request) -> web.StreamResponse:
        peer = self._peers.pop(request.match_info["peer"], None)
        if peer is not None:
            await hang_up(peer)
        return web.Response(status=200)

    async def _hang_up(self) -> None:
        peers, self._peers = list(self._peers.values()), {}
        for peer in peers:
            await hang_up(peer)


def without_trial(health: ScreenHealth) -> ScreenHealth:
    """What the centre is told of the screen: a trial is nothing that plays."""
    return ScreenHealth() if health.session == SESSION else health
