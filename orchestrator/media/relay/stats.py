"""The relay's figures, as ``GET /stats`` tells them."""

from __future__ import annotations

import asyncio
import os

import msgspec

from orchestrator.media.port import StreamStats
from orchestrator.media.relay.stream import Stream
from orchestrator.media.relay.switchboard import Switchboard


class RelayFigures(msgspec.Struct, frozen=True):
    """One worker. Counts since it began; ``cpu_s`` is the process's user and system time."""

    udp_port: int
    sessions: int
    cpu_s: float
    datagrams_out: int
    dropped_out: int
    drops: dict[str, int]
    closings: dict[str, int]
    streams: list[StreamStats]


def figures(board: Switchboard) -> RelayFigures:
    """Read all counters."""
    times = os.times()
    now = asyncio.get_running_loop().time()
    batch = board.port.batch
    return RelayFigures(
        udp_port=board.ground.port,
        sessions=board.sessions(),
        cpu_s=round(times.user + times.system, 3),
        datagrams_out=batch.sent,
        dropped_out=batch.dropped + batch.unsealed + board.port.blocked,
        drops=dict(board.drops),
        closings=dict(board.closings),
        streams=[_stream(stream, now) for stream in board.streams.values()],
    )


def _stream(stream: Stream, now: float) -> StreamStats:
    receptions = [track.reception for track in stream.tracks.values() if track.reception is not None]
    losses = [loss for viewer in stream.viewers.values() for loss in viewer.loss.values()]
    return StreamStats(
        stream=stream.name,
        publisher=stream.publisher is not None,
        on_air=stream.on_air(now),
        viewers=len(stream.viewers),
        packets_in=sum(track.packets for track in stream.tracks.values()),
        bytes_in=sum(track.octets for track in stream.tracks.values()),
        packets_out=stream.packets_out,
        packets_lost=sum(one.lost for one in receptions),
        resent=stream.resent,
        keyframes=stream.tracks["video"].keyframes,
        keyframe_requests=stream.requests,
        worst_loss=round(max(losses, default=0) / 256, 3),
    )
