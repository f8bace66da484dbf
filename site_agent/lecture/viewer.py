"""One WHEP connection that decodes what it gets and counts it."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import numpy as np
from aiortc import MediaStreamTrack, RTCConfiguration, RTCIceServer, RTCPeerConnection
from aiortc.mediastreams import MediaStreamError
from aiortc.stats import RTCInboundRtpStreamStats
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from site_agent.lecture import whep
from site_agent.lecture.agreeing import agree
from site_agent.lecture.detours import path_of
from site_agent.lecture.figures import Reading
from site_agent.lecture.hang_up import gather, hang_up
from site_agent.lecture.level import LevelMeter

VIDEO_CLOCK_HZ = 90_000
POLL_S = 0.25
SILENT_POLLS = 2


@dataclass(slots=True)
class Tally:
    """What one connection has received and decoded so far."""

    frames: int = 0
    width: int = 0
    height: int = 0
    packets: int = 0
    lost: int = 0
    jitter_ms: float = 0.0
    path: str = ""
    sound: LevelMeter = field(default_factory=LevelMeter)

    def reading(self) -> Reading:
        """The same as a report of the screen page."""
        sound = self.sound.dbfs()
        return Reading(self.frames, self.width, self.height, sound, self.lost, self.jitter_ms, path=self.path)


class Viewer:
    """Watches one stream over one connection until it is closed. Decoding happens in aiortc's two threads; decoded
    pictures are counted and dropped as they are, so nothing is converted or copied. `links`: the Link headers of the
    answer; `stood`: the connection came to stand."""

    def __init__(self, http: aiohttp.ClientSession, servers: list[RTCIceServer] | None = None) -> None:
        self.tally = Tally()
        self.links = ""
        self.stood = False
        self._http = http
        self._servers = servers or []
        self._peer = self._fresh()

    def _fresh(self) -> RTCPeerConnection:
        return RTCPeerConnection(RTCConfiguration(iceServers=self._servers))

    async def watch(self, url: str, token: str) -> None:
        """Ask, then decode until the far end ends the tracks; raises WhepRefused. Cancel it to leave."""
        session: whep.WhepSession | None = None
        try:
            for kind in ("video", "audio"):
                self._peer.addTransceiver(kind, direction="recvonly")
            await gather(self._peer, await self._peer.createOffer())
            session = await whep.ask(self._http, url, token, self._peer.localDescription.sdp)
            self.links = session.links
            self._peer = await agree(self._http, self._peer, session, token, self._fresh)
            async with asyncio.TaskGroup() as tasks:
                for receiver in self._peer.getReceivers():
                    tasks.create_task(self._decode(receiver.track))
                polling = tasks.create_task(self._poll())
                await self._ended()
                polling.cancel()
        finally:
            await hang_up(self._peer)
            if session:
                await whep.leave(self._http, session, token)

    async def _ended(self) -> None:
        """Until ICE or DTLS gives up."""
        over = asyncio.Event()

        def look() -> None:
            self.stood = self.stood or self._peer.connectionState == "connected"
            if self._peer.connectionState in ("failed", "closed"):
                over.set()

        self._peer.on("connectionstatechange", look)
        look()
        await over.wait()

    async def _decode(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame: Any = await track.recv()
            except MediaStreamError:
                return
            if isinstance(frame, VideoFrame):
                self.tally.frames += 1
                self.tally.width, self.tally.height = frame.width, frame.height
            elif isinstance(frame, AudioFrame):
                samples = frame.to_ndarray().astype(np.int16, copy=False)
                self.tally.sound.add(samples, frame.sample_rate * frame.layout.nb_channels)

    async def _poll(self) -> None:
        """Reads the receivers' counters; a silent half second empties the sound meter."""
        heard, silent = 0, 0
        while True:
            packets, audio_packets, lost, jitter = 0, 0, 0, 0.0
            for receiver in self._peer.getReceivers():
                for report in (await receiver.getStats()).values():
                    if isinstance(report, RTCInboundRtpStreamStats):
                        packets += report.packetsReceived
                        lost += max(0, report.packetsLost)
                        if report.kind == "video":
                            jitter = report.jitter * 1000 / VIDEO_CLOCK_HZ
                        else:
                            audio_packets += report.packetsReceived
            silent = silent + 1 if audio_packets == heard else 0
            if silent >= SILENT_POLLS:
                self.tally.sound.clear()
            heard = audio_packets
            self.tally.path = path_of(self._peer, self._servers)
            self.tally.packets, self.tally.lost, self.tally.jitter_ms = packets, lost, round(jitter, 1)
            await asyncio.sleep(POLL_S)
