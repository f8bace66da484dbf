import asyncio
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from site_agent.exam.desk import ExamDesk
from site_agent.exam.entrance import Entrance
from tests.doubles.exam_centre import ExamCentre
from tests.doubles.exam_desk import running

PUBLIC = "https://thi.example.vn/"


async def status(port: int, **headers: str) -> int:
    async with aiohttp.ClientSession() as client:
        try:
            async with client.ws_connect(f"http://127.0.0.1:{port}/exam/ws", headers=headers):
                return 101
        except aiohttp.WSServerHandshakeError as refused:
            return refused.status


@pytest.mark.parametrize(
    ("host", "origin", "expected"),
    [
        ("thi.example.vn", "https://thi.example.vn", 101),
        ("thi.example.vn", "http://thi.example.vn", 403),
        ("thi.example.vn", "https://evil.example", 403),
        ("evil.example", "https://thi.example.vn", 403),
    ],
)
async def test_a_desk_behind_a_proxy_answers_to_its_public_name_alone(
    tmp_path: Path, host: str, origin: str, expected: int
) -> None:
    async with running(tmp_path, ExamCentre(t0_ns=0)) as site:
        desk = ExamDesk(site.exams, tmp_path, entrance=Entrance(url=PUBLIC))
        await desk.start("127.0.0.1", 0)
        assert await status(desk.port, Host=host, Origin=origin) == expected
        await desk.stop()


async def test_only_a_known_proxy_may_say_on_whose_behalf_it_asks() -> None:
    heard: list[str] = []

    async def ask(entrance: Entrance) -> None:
        async def answer(request: web.Request) -> web.Response:
            heard.append(entrance.peer(request))
            return web.Response()

        server = web.Server(answer)  # type: ignore[arg-type]  # aiohttp types it for BaseRequest
        runner = web.ServerRunner(server)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        forged = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
        async with aiohttp.ClientSession() as client, client.get(f"http://127.0.0.1:{port}/", headers=forged):
            await asyncio.sleep(0)
        await runner.cleanup()

    await ask(Entrance(behind=("127.0.0.1",)))
    await ask(Entrance())
    assert heard == ["198.51.100.7", "127.0.0.1"]


def test_a_proxy_that_is_no_address_is_refused() -> None:
    with pytest.raises(ValueError, match="proxy"):
        Entrance(behind=("proxy.example",))
