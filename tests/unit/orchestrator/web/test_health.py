"""What Prometheus is told."""

from __future__ import annotations

import aiohttp
from aiohttp import web

from orchestrator.web import health
from orchestrator.web.kit import Identity, Route
from orchestrator.web.server import application, listening_socket, serving


class Nobody:
    """Public routes are for everybody."""

    async def admit(self, request: web.Request, route: Route) -> Identity | None:
        return None


async def test_counts_are_told_as_counters_with_all_their_digits() -> None:
    async def ready() -> None:
        return None

    routes = health.routes(ready, lambda: {"sites": 3}, counters=lambda: {"lost_total": 123456789})
    bound = listening_socket("127.0.0.1", 0)
    async with (
        serving(application(routes, Nobody()), bound),
        aiohttp.ClientSession() as http,
        http.get(f"http://127.0.0.1:{bound.getsockname()[1]}/metrics") as reply,
    ):
        lines = (await reply.text()).splitlines()
    assert "# TYPE diemcau_sites gauge" in lines
    assert lines[-2:] == ["# TYPE diemcau_lost_total counter", "diemcau_lost_total 123456789"]
