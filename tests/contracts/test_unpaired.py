"""A computer that belongs to no site: its own page takes an address and a code, from this computer only."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from site_agent.config import Config, Screen
from site_agent.link.identity import Identity
from site_agent.link.pairing import PairingRefused
from site_agent.platform import choose
from site_agent.unpaired import PairingDesk, until_paired
from tests.doubles.servers import free_port
from tests.doubles.system import FakeSystem
from wire.ids import EnrolmentId, SiteId

IDENTITY = Identity(
    server="https://cau.example",
    site=SiteId("site_1"),
    site_code="TH0001",
    site_name="Trường Kim Đồng",
    enrolment=EnrolmentId("enrolment_1"),
    sign_key=secrets.token_bytes(32),
    box_key=secrets.token_bytes(32),
    centre_key=bytes(32),
    exam_key=bytes(32),
    site_secret=bytes(32),
)


async def pair(_server: str, code: str) -> Identity:
    if code != "MBJC-690Y-VXT1-C":
        raise PairingRefused("bad_code", "Sai mã. / Wrong code.")
    return IDENTITY


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[PairingDesk]:
    (tmp_path / "guide.html").write_text("<title>chuan bi</title>")
    desk = PairingDesk(pair, hotline="1900 0000", port=0, pages=tmp_path)
    await desk.start()
    yield desk
    await desk.stop()


async def ask(desk: PairingDesk, origin: str, **body: str) -> tuple[int, dict[str, str]]:
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{desk.url}/local/pair", json=body, headers={"Origin": origin}) as reply,
    ):
        return reply.status, await reply.json()


async def test_every_page_of_the_computer_asks_for_the_pairing(desk: PairingDesk) -> None:
    async with aiohttp.ClientSession() as http:
        for path in ("/", "/guide", "/desk", "/screen"):
            async with http.get(desk.url + path) as reply:
                assert "chuan bi" in await reply.text()
        async with http.get(f"{desk.url}/local/readiness") as reply:
            told = await reply.json()
    assert (told["paired"], told["hotline"]) == (False, "1900 0000")
    assert [check["reason"] for check in told["checks"]] == ["not_paired"]


async def test_a_refusal_is_told_and_the_right_code_makes_it_this_site(desk: PairingDesk) -> None:
    wrong = await ask(desk, desk.url, server="https://cau.example", code="AAAA-AAAA-AAAA-A")
    assert wrong == (409, {"code": "bad_code", "message": "Sai mã. / Wrong code."})
    assert not desk.identity.done()
    status, reply = await ask(desk, desk.url, server="https://cau.example", code="MBJC-690Y-VXT1-C")
    assert (status, reply) == (200, {"code": "TH0001", "name": "Trường Kim Đồng"})
    assert desk.identity.result() == IDENTITY


async def test_a_page_elsewhere_cannot_pair_this_computer(desk: PairingDesk) -> None:
    status, reply = await ask(desk, "https://evil.example", server="https://evil.example", code="MBJC-690Y-VXT1-C")
    assert (status, reply["code"]) == (403, "wrong_origin")


async def test_who_stops_the_program_meanwhile_is_not_kept_waiting(tmp_path: Path) -> None:
    stop = asyncio.Event()
    stop.set()
    config = Config(screen=Screen(free_port(), headless=True))
    assert await until_paired(config, tmp_path, choose("linux", FakeSystem()), stop) is None
