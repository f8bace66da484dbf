"""The centre behind a proxy: who asks is told by a trusted proxy, and by nobody else."""

from __future__ import annotations

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from orchestrator.web.kit import Route, get
from orchestrator.web.server import application
from wire.forwarded import Proxies, proxies

ASKER = {"X-Forwarded-For": "198.51.100.7"}


class OpenGate:
    """Lets everybody in as nobody."""

    async def admit(self, _request: web.Request, _route: Route) -> None:
        return None


async def _who(request: web.Request) -> web.StreamResponse:
    return web.Response(text=request.remote)


async def _who_by_socket(request: web.Request) -> web.StreamResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    await socket.send_str(request.remote or "")
    await socket.close()
    return socket


def _centre(trusted: Proxies) -> TestServer:
    routes = [get("/who", _who, action=None), get("/feed", _who_by_socket, action=None)]
    return TestServer(application(routes, OpenGate(), trusted))


async def test_a_trusted_proxy_tells_the_asker_to_pages_and_to_feeds() -> None:
    async with _centre(proxies(["127.0.0.1"])) as server, ClientSession() as client:
        async with client.get(server.make_url("/who"), headers=ASKER) as reply:
            assert await reply.text() == "198.51.100.7"
        async with client.ws_connect(server.make_url("/feed"), headers=ASKER) as feed:
            assert await feed.receive_str() == "198.51.100.7"


async def test_without_a_trusted_proxy_the_header_is_not_believed() -> None:
    async with (
        _centre(()) as server,
        ClientSession() as client,
        client.get(server.make_url("/who"), headers=ASKER) as reply,
    ):
        assert await reply.text() == "127.0.0.1"
