"""The relay's figures, as ``GET /stats`` tells them."""

from __future__ import annotations

import asyncio
import os
import time

from orchestrator.footprint import footprint
from orchestrator.media.port import AirTurn, LayerStats, SeatStats, StreamStats, ViewerStats
from orchestrator.media.relay.figures import RelayFigures
from orchestrator.media.relay.layer import Layer
from orchestrator.media.relay.source import Source
from orchestrator.media.relay.stream import Stream
from orchestrator.media.relay.switchboard import Switchboard
from orchestrator.media.tokens import Seat

SOUNDING_S = 5.0
"""Whoever speaks pauses."""


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
        drops={**board.drops, "unread": board.port.unread()},
        closings=dict(board.closings),
        streams=[stats_of(stream, now) for stream in board.streams.values()],
        held={**footprint(), **board.held()},
        lines=board.lines.figures(),
        refusals=dict(board.refusals),
    )


def stats_of(stream: Stream, now: float) -> StreamStats:
    """One stream at ``now``, seconds of the loop's clock."""
    incoming = [one for source in stream.seats.values() for one in source.incoming.values()]
    losses = [loss for viewer in stream.viewers.values() for loss in viewer.loss.values()]
    tracks = [stream.sound.track, *(layer.fan.track for layer in stream.pictures.layers)]
    shift = time.time() - now
    return StreamStats(
        stream=stream.name,
        publisher=Seat.LECTURER in stream.seats or Seat.STANDBY in stream.seats,
        on_air=stream.on_air(now),
        sounds=now - stream.sounded < SOUNDING_S,
        viewers=len(stream.viewers),
        packets_in=sum(track.packets for track in tracks),
        bytes_in=sum(track.octets for track in tracks),
        packets_out=stream.packets_out,
        packets_lost=sum(one.reception.lost for one in incoming if one.reception is not None),
        resent=stream.resent,
        unanswered=stream.unanswered,
        repeated=sum(track.repeated for track in tracks),
        stale=sum(track.stale for track in tracks) + sum(one.stale for one in incoming),
        drops=dict(stream.drops),
        keyframes=sum(track.keyframes for track in tracks),
        keyframe_requests=stream.requests,
        worst_loss=round(max(losses, default=0) / 256, 3),
        layers=[_layer(one, stream) for one in stream.pictures.layers if one.incoming is not None],
        padded=stream.pictures.padded,
        padded_bytes=stream.pictures.padded_bytes,
        ups=stream.pictures.ups,
        downs=stream.pictures.downs,
        paused=sum(view.at is None for view in stream.pictures.views.values()),
        seats=[_seat(seat, stream.seats.get(seat), now) for seat in Seat],
        air=stream.shown.value if stream.shown is not None else "",
        air_why=stream.why,
        air_since_ms=round((shift + stream.shown_since) * 1000) if stream.turns else 0,
        air_turns=[
            AirTurn(seat.value if seat is not None else "", why, round((shift + since) * 1000))
            for seat, why, since in stream.turns
        ],
    )


def viewers(board: Switchboard, name: str) -> list[ViewerStats]:
    """Everybody who watches a stream; nobody when there is none of that name."""
    stream = board.streams.get(name)
    if stream is None:
        return []
    pictures, now = stream.pictures, asyncio.get_running_loop().time()
    return [
        ViewerStats(
            subject=view.peer.subject,
            rung=pictures.rung_of(view),
            height=pictures.layers[view.at].height if view.at is not None else 0,
            why=view.choice.why,
            estimate_bps=view.peer.estimate_bps,
            loss=round(view.peer.loss.get("video", 0) / 256, 3),
            round_trip_s=round(view.peer.round_trip_s, 3) if view.peer.round_trip_s is not None else None,
            padding_bps=view.choice.padding_bps,
            tried=view.choice.tried,
            wait_s=round(view.choice.wait_s(now), 1),
        )
        for view in pictures.views.values()
    ]


def _layer(layer: Layer, stream: Stream) -> LayerStats:
    width, height = layer.incoming.size if layer.incoming is not None else (0, 0)
    viewers = sum(view.at == layer.index for view in stream.pictures.views.values())
    rid = layer.incoming.rid if layer.incoming is not None else ""
    return LayerStats(rid, width, height, layer.bps, viewers)


def _seat(seat: Seat, source: Source | None, now: float) -> SeatStats:
    if source is None:
        return SeatStats(seat)
    video = source.peer.terms.of("video")
    return SeatStats(seat, connected=True, sending=source.sending(now), codec=video.codec if video is not None else "")
