"""The relay's figures in Prometheus's text format (exposition format 0.0.4): every drop has its reason.

By worker, and by worker and stream: no label counts viewers, so that there are as many lines as there are lectures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import accumulate

from orchestrator.media.relay.figures import RelayFigures
from orchestrator.media.relay.lines import BOUNDS_BPS

CONTENT_TYPE = "text/plain"
PREFIX = "diemcau_relay_"
LINE = "viewer_line_bits_per_second"
"""The histogram: each report of a viewer of what its line takes."""


def text(found: Mapping[str, RelayFigures]) -> str:
    """Figures of workers by their number; a metric's lines stand together."""
    lines: dict[str, list[str]] = {}
    for worker, figures in found.items():
        for name, labels, value in _samples(figures):
            labelled = ",".join(f'{key}="{each}"' for key, each in {"worker": worker, **labels}.items())
            family = LINE if name.startswith(LINE) else name
            lines.setdefault(family, []).append(f"{PREFIX}{name}{{{labelled}}} {value:.15g}\n")
    return "".join(f"# TYPE {PREFIX}{name} {_kind(name)}\n{''.join(each)}" for name, each in lines.items())


def _kind(name: str) -> str:
    if name == LINE:
        return "histogram"
    return "counter" if name.endswith("_total") else "gauge"


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
    for reason, count in figures.refusals.items():
        yield "refused_total", {"reason": reason}, count
    for bound, count in zip((*BOUNDS_BPS, "+Inf"), accumulate(figures.lines.counts), strict=False):
        yield f"{LINE}_bucket", {"le": str(bound)}, count
    yield f"{LINE}_sum", {}, figures.lines.total_bps
    yield f"{LINE}_count", {}, sum(figures.lines.counts)
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
        for reason, count in one.drops.items():
            yield "packets_dropped_total", {**label, "reason": reason}, count
        yield "keyframe_requests_total", label, one.keyframe_requests
        yield "padding_packets_total", label, one.padded
        yield "padding_bytes_total", label, one.padded_bytes
        yield "layer_changes_total", {**label, "direction": "up"}, one.ups
        yield "layer_changes_total", {**label, "direction": "down"}, one.downs
        yield "viewers_without_picture", label, one.paused
        yield "worst_loss", label, one.worst_loss
