"""WHIP for the centre's own publishers (slate, cameras, films): a door on loopback, whatever the public address is.

The public address may be a proxy's, or speak TLS with a certificate that only the rooms know.
"""

from __future__ import annotations

from contextlib import AsyncExitStack

from aiohttp import web

from orchestrator.media.routes import Door, routes
from orchestrator.web.kit import Identity, Route
from orchestrator.web.server import application, listening_socket, serving


class _RightsAreInTokens:
    async def admit(self, request: web.Request, route: Route) -> Identity | None:
        del request, route
        return None


class Inside:
    """``url`` is empty until it is started."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._stack = AsyncExitStack()
        self.url = ""

    async def start(self) -> None:
        """Listen. Raises :class:`OSError` when there is no port to be had."""
        bound = listening_socket("127.0.0.1", 0)
        self._stack.callback(bound.close)
        await self._stack.enter_async_context(serving(application(routes(self._door), _RightsAreInTokens()), bound))
        self.url = f"http://127.0.0.1:{bound.getsockname()[1]}"

    async def stop(self) -> None:
        """Stop listening; harmless when it never began."""
        self.url = ""
        await self._stack.aclose()
