"""``/healthz`` says that the process answers, ``/readyz`` that it can work, ``/metrics`` what Prometheus collects."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from orchestrator.errors import Refused
from orchestrator.web.kit import Routes, get, json

Ready = Callable[[], Awaitable[None]]
"""Returns when everything needed works; raises otherwise."""
Gauges = Callable[[], Mapping[str, float]]
"""Metric name -> value, now."""
Counters = Callable[[], Mapping[str, float]]
"""Metric name, which ends with ``_total`` -> count since this process began."""
Lines = Callable[[], Awaitable[str]]
"""More metrics, in Prometheus's text format."""


async def no_lines() -> str:
    """Nothing more."""
    return ""


def no_counters() -> Mapping[str, float]:
    """Nothing is counted."""
    return {}


def routes(ready: Ready, gauges: Gauges, more: Lines = no_lines, counters: Counters = no_counters) -> Routes:
    """The three routes that machines ask."""

    async def healthz(_request: web.Request) -> web.StreamResponse:
        return json({"alive": True})

    async def readyz(_request: web.Request) -> web.StreamResponse:
        try:
            await ready()
        except Exception as error:
            raise Refused("not_ready", f"Chưa sẵn sàng: {type(error).__name__}. / Not ready.", 503) from error
        return json({"ready": True})

    async def metrics(_request: web.Request) -> web.StreamResponse:
        lines = [f"# TYPE diemcau_{name} gauge\ndiemcau_{name} {value:g}\n" for name, value in gauges().items()]
        # All digits of a count: one that has lost its last ones stands still, and then leaps.
        counted = counters().items()
        lines += [f"# TYPE diemcau_{name} counter\ndiemcau_{name} {value:.15g}\n" for name, value in counted]
        return web.Response(text="".join(lines) + await more(), content_type="text/plain")

    return [
        get("/healthz", healthz, action=None, summary="alive"),
        get("/readyz", readyz, action=None, summary="ready"),
        get("/metrics", metrics, action=None, summary="Prometheus"),
    ]
