"""The embedded relay behind an HTTP server of the centre's own kind, and nothing else of the centre."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from orchestrator.media.routes import routes
from orchestrator.media.worker_start import RelaySettings
from orchestrator.media.workers import EmbeddedRelay
from orchestrator.web.kit import Identity, Route
from orchestrator.web.server import application, listening_socket, serving


class AnyoneMay:
    """A gate that lets everybody pass."""

    async def admit(self, request: web.Request, route: Route) -> Identity | None:
        return None


@asynccontextmanager
async def small_centre(
    *, workers: int = 2, hang_s: float = 30.0, spare: bool = True
) -> AsyncIterator[tuple[EmbeddedRelay, str]]:
    """Yields the plane and the centre's address."""
    settings = RelaySettings(udp_port=0, workers=workers, log_level="error", hang_s=hang_s, spare=spare)
    async with AsyncExitStack() as stack:
        relay = EmbeddedRelay(settings, Ed25519PrivateKey.generate(), "http://centre.example/")
        await relay.start()
        stack.push_async_callback(relay.stop)
        bound = listening_socket("127.0.0.1", 0)
        await stack.enter_async_context(serving(application(routes(relay), AnyoneMay()), bound))
        yield relay, f"http://127.0.0.1:{bound.getsockname()[1]}"
