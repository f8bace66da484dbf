"""The relay's figures in Prometheus's text format (exposition format 0.0.4): every drop has its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from orchestrator.media.relay.figures import RelayFigures

CONTENT_TYPE = "text/plain"
PREFIX = "diemcau_relay_"


def text(found: Mapping[str, RelayFigures]) -> str:
    """Figures of workers by their number; a metric's lines stand together."""
    lines: dict[str, list[str]] = {}
    for worker, figures in found.items():
        for name, labels, value in _samples(figures):
            labelled = ",".join(f'{key}="{each}"' for key, each in {"worker": worker, **labels}.items())
            lines.setdefault(name, []).append(f"{PREFIX}{name}{{{labelled}}} {value:g}\n")
    return "".join(
        f"# TYPE {PREFIX}{name} {'counter' if name.endswith('_total') else 'gauge'}\n{''.join(each)}"
        for name, each in lines.items()
    )


def _samples(figures: RelayFigures) -> Iterator[tuple[str, dict[str, str], float]]:
    """Names, labels, values. Stream names are letters, digits and ``_.~-``, so that none needs escaping."""
    yield "sessions", {}, figures.sessions
    for kind, count in figures.held.items():
        yield kind, {}, count
    yield "cpu_seconds_total", {}, figures.cpu_s
    yield "datagrams_out_total", {}, figures.datagrams_out
    for reason, count in {**figures.drops, "out": figures.dropped_out}.items():
        yield "dropped_total", {"reason": reason}, count
    for reason, count in figures.closings.items():
        yield "closed_total", {"reason": reason}, count
    for one in figures.streams:
        label = {"stream": one.stream}
        yield "on_air", label, one.on_air
        yield "viewers", label, one.viewers
        yield "packets_in_total", label, one.packets_in
        yield "packets_out_total", label, one.packets_out
        yield "packets_lost_total", label, one.packets_lost
        yield "packets_resent_total", label, one.resent
        yield "packets_unanswered_total", label, one.unanswered
        yield "packets_repeated_total", label, one.repeated
        yield "packets_stale_total", label, one.stale
        yield "keyframe_requests_total", label, one.keyframe_requests
        yield "worst_loss", label, one.worst_loss
