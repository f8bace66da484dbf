"""What the centre knows of a stream over Janus, for the port and for Prometheus (exposition format 0.0.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from orchestrator.media.janus.hub import Hub
from orchestrator.media.janus.session import Viewing
from orchestrator.media.janus.stream import JanusStream
from orchestrator.media.port import LayerStats, Rung, SeatStats, StreamStats, ViewerStats
from orchestrator.media.tokens import Seat

PREFIX = "diemcau_janus_"


def stats(stream: JanusStream) -> StreamStats:
    """The stream; packets are 0 where its servers are not asked for their counts."""
    on_air = stream.seats.get(stream.shown) if stream.shown is not None else None
    told = viewers(stream)
    return StreamStats(
        stream=stream.name,
        publisher=Seat.LECTURER in stream.seats or Seat.STANDBY in stream.seats,
        on_air=on_air is not None and on_air.sending,
        viewers=len(told),
        packets_in=stream.counts.packets_in,
        bytes_in=stream.counts.bytes_in,
        packets_out=stream.counts.packets_out,
        packets_lost=stream.counts.lost,
        worst_loss=round(max((one.loss for one in told), default=0.0), 3),
        layers=_layers(stream),
        paused=sum(one.rung is Rung.SOUND for one in told),
        seats=[_seat(stream, seat) for seat in Seat],
        air=stream.shown.value if stream.shown is not None else "",
        air_why=stream.verdict.why,
        air_since_ms=round(stream.shown_since * 1000),
        air_turns=list(stream.turns),
    )


def viewers(stream: JanusStream) -> list[ViewerStats]:
    """Everybody who watches, and what each gets."""
    source = stream.source
    best = source.best if source is not None else 0
    return [one.share.stats(best, round(one.loss, 3)) for one in _connected(stream)]


def _connected(stream: JanusStream) -> list[Viewing]:
    return [one for one in stream.viewers.values() if one.connected]


def _layers(stream: JanusStream) -> list[LayerStats]:
    followed = [one.share.substream for one in _connected(stream) if one.share.substream is not None]
    return [LayerStats(str(layer), viewers=followed.count(layer)) for layer in sorted(set(followed))]


def _seat(stream: JanusStream, seat: Seat) -> SeatStats:
    one = stream.seats.get(seat)
    if one is None:
        return SeatStats(seat)
    codec = next((each.codec for each in one.feed.media if each.type == "video"), "")
    return SeatStats(seat, connected=True, sending=one.sending, codec=codec)


def text(hubs: list[Hub], streams: Iterable[JanusStream], own: Mapping[str, float]) -> str:
    """For Prometheus: servers by number, streams by name; ``own``: what is the plane's as a whole."""
    lines: dict[str, list[str]] = {}
    whole = [(name, dict[str, str](), value) for name, value in own.items()]
    for name, labels, value in (*whole, *_of_hubs(hubs), *_of_streams(hubs, streams)):
        labelled = ",".join(f'{key}="{each}"' for key, each in labels.items())
        lines.setdefault(name, []).append(f"{PREFIX}{name}{{{labelled}}} {value:g}\n")
    return "".join(
        f"# TYPE {PREFIX}{name} {'counter' if name.endswith('_total') else 'gauge'}\n{''.join(each)}"
        for name, each in lines.items()
    )


def _of_hubs(hubs: list[Hub]) -> Iterator[tuple[str, dict[str, str], float]]:
    for number, hub in enumerate(hubs):
        label = {"server": str(number)}
        yield "up", label, hub.up
        yield "sessions", label, hub.load
        yield "server_viewers", label, hub.viewers
        yield "lost_total", label, hub.losses
        yield "silences_total", label, hub.server.silences
        yield "asked", label, len(hub.server.questions)
        yield "unanswered_total", label, hub.server.questions.unanswered
        yield "not_asked_total", label, hub.server.questions.refused
        yield "former_rooms_ended_total", label, hub.swept
        yield "rooms", label, hub.held


def _of_streams(hubs: list[Hub], streams: Iterable[JanusStream]) -> Iterator[tuple[str, dict[str, str], float]]:
    for stream in streams:
        told, label = stats(stream), {"stream": stream.name}
        yield "on_air", label, told.on_air
        yield "viewers", label, told.viewers
        yield "viewers_low", label, sum(one.rung is Rung.LOW for one in viewers(stream))
        yield "viewers_sound", label, told.paused
        yield "feeds_sent_on", label, sum(len(one.copies) for one in stream.seats.values())
        yield "turns_total", label, stream.changes
        yield "packets_in_total", label, told.packets_in
        yield "packets_out_total", label, told.packets_out
        yield "packets_lost_total", label, told.packets_lost
        yield "worst_loss", label, told.worst_loss
        for seat, one in stream.seats.items():
            yield "seat_sending", {**label, "seat": seat.value, "server": str(hubs.index(one.hub))}, one.sending
