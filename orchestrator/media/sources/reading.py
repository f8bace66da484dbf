"""Opens a source, reads it and hands on what rooms can decode. Blocking: it lives in a thread of its own."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import av
from av.container import InputContainer
from av.error import FFmpegError

from orchestrator.media.sources.films import moving_picture, open_film, sound_of
from orchestrator.media.sources.job import Job, State, Way, Why
from orchestrator.media.sources.lanes import AUDIO_CLOCK, VIDEO_CLOCK
from orchestrator.media.sources.pictures import Pictures, Shown
from orchestrator.media.sources.sounds import Heard, Sounds
from orchestrator.media.sources.timeline import Lag, Timeline

if TYPE_CHECKING:
    from av.packet import Packet

AHEAD_S = 0.4
"""A file is read so far ahead of its moment."""
QUICK = {"analyzeduration": "1500000", "probesize": "1000000"}


class SourceFailed(Exception):
    """A source cannot be had or has ended badly. Never the address: it may hold a password."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


class Outlet:
    """Where what is read goes: called from the reader's thread."""

    def __init__(
        self, picture: Callable[[bytes, int, bool], None], sound: Callable[[bytes, int], None], length_s: float = 0.0
    ) -> None:
        self.picture = picture
        self.sound = sound
        self.length_s = length_s


class Reader:
    """One source from its opening to its end. Its public methods may be called from any thread."""

    def __init__(self, job: Job, outlet: Outlet, clock: Callable[[], float] = time.monotonic) -> None:
        self._job = job
        self._outlet = outlet
        self._clock = clock
        self._began = clock()
        self._timeline = Timeline()
        self._lag = Lag()
        self._changed = threading.Condition()
        self._paused = False
        self._published = job.way is not Way.FILE
        """A file waits for its publisher, so that not one second of it is lost."""
        self._seek_s: float | None = job.from_s or None
        self._stopped = False
        self._newest = {"video": -1, "audio": -1}
        self._helper: subprocess.Popen[bytes] | None = None
        self.pictures: Pictures | None = None
        self.sounds: Sounds | None = None
        self.octets = 0
        self.counted = {"video": 0, "audio": 0}
        self.at_s = job.from_s
        self.length_s = 0.0
        self.state = State.CONNECTING

    # Orders

    def pause(self, paused: bool) -> None:  # noqa: FBT001  (a state, not an option)
        """Hold a file, or go on."""
        with self._changed:
            self._paused = paused
            self._changed.notify_all()

    def published(self, now: bool) -> None:  # noqa: FBT001
        """Whether what is read can be sent; nobody waits for a live source."""
        with self._changed:
            if self._job.way is Way.FILE and now != self._published:
                self._published = now
                self._changed.notify_all()

    def seek(self, at_s: float) -> None:
        """Go on from another moment of a file."""
        with self._changed:
            self._seek_s = max(0.0, at_s)
            self._changed.notify_all()

    def stop(self) -> None:
        """End at the next packet."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        if self._helper is not None:
            self._helper.kill()

    def want_keyframe(self) -> None:
        """The relay asks for a picture that can be decoded by itself."""
        if self.pictures is not None:
            self.pictures.want_keyframe()

    # Reading

    def run(self) -> None:
        """Read to the end. Raises :class:`SourceFailed`."""
        try:
            with self._open() as container:
                self._read(container)
        except (FFmpegError, OSError) as fault:
            if not self._stopped:
                raise SourceFailed(_why(fault, opened=self.state is not State.CONNECTING)) from None
        finally:
            if self._helper is not None:
                self._helper.kill()
                self._helper.wait()
        self.state = State.ENDED

    def _open(self) -> InputContainer:
        job, bounds = self._job, self._job.bounds
        timeouts = (bounds.open_s, bounds.silent_s)
        if job.way is Way.FILE:
            if not Path(job.address).is_file():
                raise SourceFailed(Why.NO_FILE)
            return open_film(job.address, bounds.open_s)
        if job.way is Way.RTSP:
            # Interleaved in one TCP connection (RFC 2326 §10.12): a camera's UDP seldom comes through a firewall.
            options = {"rtsp_transport": "tcp", "protocol_whitelist": "rtsp,rtsps,rtp,tcp,tls,udp,srtp", **QUICK}
            return av.open(job.address, "r", options=options, timeout=timeouts)
        if job.way is Way.SRT:
            return av.open(self._ferried(), "r", format="mpegts", options=QUICK)
        form = "flv" if job.way is Way.RTMP else "mpegts"
        return av.open(_standard_input(), "r", format=form, options=QUICK)

    def _ferried(self) -> IO[bytes]:
        """The bytes of an address whose protocol our library lacks, brought by the system's ffmpeg."""
        command = ["ffmpeg", "-nostdin", "-loglevel", "quiet", "-protocol_whitelist", "srt,udp,pipe"]
        command += ["-i", self._job.address, "-map", "0", "-c", "copy", "-f", "mpegts", "-flush_packets", "1", "pipe:1"]
        try:
            self._helper = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, bufsize=0)
        except FileNotFoundError:
            raise SourceFailed(Why.MISSING_PROGRAM) from None
        if self._helper.stdout is None:
            raise SourceFailed(Why.BROKEN)
        return self._helper.stdout

    def _read(self, container: InputContainer) -> None:
        video, sound = moving_picture(container), sound_of(container)
        if video is None:
            raise SourceFailed(Why.NO_PICTURE)
        if self._job.way is Way.FILE:
            # Some containers (WebM as browsers record it) do not say how long they are.
            self.length_s = (container.duration or 0) / av.time_base or self._job.length_s
        self.pictures = Pictures(video, self._job.bounds, self._lag_s)
        self.sounds = Sounds(sound, self._job.bounds) if sound is not None else None
        self.state = State.RUNNING
        start_s = (container.start_time or 0) / av.time_base
        while not self._stopped:
            streams = [video] if sound is None else [video, sound]
            for packet in container.demux(streams):
                if self._stopped or self._moved(container, start_s):
                    break
                if packet.size:
                    self._take(packet, video.index, start_s)
            else:
                if not self._job.repeat:
                    return
                container.seek(0)
                self._timeline.seam()

    def _moved(self, container: InputContainer, start_s: float) -> bool:
        """Wait while a file is held; whether it was moved to another place."""
        with self._changed:
            if self._held() and not self._stopped:
                self.state = State.PAUSED if self._paused else State.CONNECTING
                self._changed.wait_for(lambda: not self._held() or self._stopped)
                self.state = State.RUNNING
                self._timeline.seam()
            target, self._seek_s = self._seek_s, None
        if target is None:
            return False
        with contextlib.suppress(FFmpegError):  # beyond the end: the file goes on where it is
            container.seek(round((min(target, max(0.0, self.length_s - 1)) + start_s) * av.time_base))
            self._timeline.seam()
        return True

    def _held(self) -> bool:
        return self._paused or not self._published

    def _take(self, packet: Packet[Any], video: int, start_s: float) -> None:
        self.octets += packet.size
        if packet.stream.index == video:
            for shown in self._shown(packet):
                self._wait(shown.source_s, start_s)
                self._send_picture(shown)
        elif self.sounds is not None:
            for heard in self.sounds.take(packet):
                self._wait(heard.source_s, start_s)
                self._send_sound(heard)

    def _shown(self, packet: Packet[Any]) -> Iterator[Shown]:
        if self.pictures is not None:
            yield from self.pictures.take(packet)

    def _send_picture(self, shown: Shown) -> None:
        at = self._moment("video", shown.source_s, VIDEO_CLOCK)
        self._outlet.picture(shown.coded, at, shown.keyframe)

    def _send_sound(self, heard: Heard) -> None:
        self._outlet.sound(heard.opus, self._moment("audio", heard.source_s, AUDIO_CLOCK))

    def _moment(self, kind: str, source_s: float, clock: int) -> int:
        placed = round(self._timeline.place(source_s, self._clock() - self._began) * clock)
        self._newest[kind] = max(placed, self._newest[kind] + 1)
        self.counted[kind] += 1
        return self._newest[kind]

    def _wait(self, source_s: float, start_s: float) -> None:
        """A file is read no faster than it is played."""
        if self._job.way is not Way.FILE:
            return
        self.at_s = max(0.0, source_s - start_s)
        placed = self._timeline.place(source_s, self._clock() - self._began)
        early_s = placed - (self._clock() - self._began) - AHEAD_S
        if early_s > 0:
            with self._changed:
                self._changed.wait_for(lambda: self._stopped or self._seek_s is not None or self._held(), early_s)

    def _lag_s(self, source_s: float) -> float:
        """How late this moment of the source is: 0 for one that comes as it should."""
        now = self._clock() - self._began
        return self._lag.over(now - self._timeline.place(source_s, now), now)


def _standard_input() -> IO[bytes]:
    return os.fdopen(os.dup(sys.stdin.fileno()), "rb", buffering=0)


def _why(fault: Exception, *, opened: bool) -> Why:
    """What a library's error means. Its text is not used: it repeats the address."""
    if isinstance(fault, av.error.HTTPUnauthorizedError | av.error.HTTPForbiddenError | PermissionError):
        return Why.REFUSED
    if isinstance(fault, av.error.ExitError):  # our own time limit
        return Why.SILENT if opened else Why.UNREACHABLE
    if isinstance(fault, ConnectionError | TimeoutError) or (isinstance(fault, OSError) and not opened):
        return Why.SILENT if opened else Why.UNREACHABLE
    return Why.UNREADABLE
