"""A WHIP and WHEP endpoint without a relay: decodes what is published, plays a recorded lecture to each viewer."""

import time
from dataclasses import dataclass, field

from aiohttp import web
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from demo.publisher import Pace, PacketTrack, codecs
from demo.recorded import RecordedLecture


@dataclass
class RecordedStream:
    """Serve `app()`; `published` collects the tracks that a publisher brought."""

    lecture: RecordedLecture
    token: str = "right"
    published: list[object] = field(default_factory=list)
    peers: list[RTCPeerConnection] = field(default_factory=list)
    asked: int = 0

    def app(self) -> web.Application:
        """The endpoint as an application."""
        app = web.Application()
        app.router.add_post("/whip/{stream}", self._whip)
        app.router.add_post("/whep/{stream}", self._whep)
        app.router.add_delete("/left", self._left)
        return app

    async def close(self) -> None:
        """End every connection."""
        for peer in self.peers:
            await peer.close()
        self.peers.clear()

    async def _whip(self, request: web.Request) -> web.Response:
        peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        peer.on("track", self.published.append)
        return await self._answer(request, peer)

    async def _whep(self, request: web.Request) -> web.Response:
        peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        pace = Pace(time.monotonic())
        for kind, reel in (("video", self.lecture.video), ("audio", self.lecture.audio)):
            transceiver = peer.addTransceiver(PacketTrack(kind, reel, pace), direction="sendonly")
            transceiver.setCodecPreferences(codecs(kind))
        return await self._answer(request, peer)

    async def _answer(self, request: web.Request, peer: RTCPeerConnection) -> web.Response:
        self.asked += 1
        self.peers.append(peer)
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.Response(status=401, text="no")
        await peer.setRemoteDescription(RTCSessionDescription(await request.text(), "offer"))
        await peer.setLocalDescription(await peer.createAnswer())
        return web.Response(
            status=201, text=peer.localDescription.sdp, content_type="application/sdp", headers={"Location": "/left"}
        )

    async def _left(self, request: web.Request) -> web.Response:
        return web.Response()
