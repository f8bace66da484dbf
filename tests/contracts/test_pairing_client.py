"""The agent's pairing against the real centre: a code becomes an identity, a refusal becomes a sentence."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp import web

from demo.province import make_province, workbook
from orchestrator.web.server import listening_socket
from site_agent.cli import main
from site_agent.link.identity import NotPaired, load
from site_agent.link.pairing import PairingRefused, pair
from tests.doubles.centre import Centre, running_centre
from wire.ids import SiteId


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    async with running_centre(tmp_path / "centre") as running:
        await running.sites.import_file("test", workbook(make_province(1, 4)), "x.xlsx")
        yield running


async def a_code(centre: Centre) -> tuple[SiteId, str]:
    (standing,) = await centre.sites.sites()
    code, _ = await centre.enrolling.new_code("test", standing.site.id)
    return standing.site.id, code


async def refusal(server: str, code: str, home: Path) -> str:
    with pytest.raises(PairingRefused) as refused:
        await pair(server, code, home, "test")
    with pytest.raises(NotPaired):
        load(home)
    return refused.value.code


async def test_a_code_becomes_an_identity_that_outlives_the_program(centre: Centre, tmp_path: Path) -> None:
    site, code = await a_code(centre)
    identity = await pair(centre.base + "/", code, tmp_path, "test")
    assert load(tmp_path) == identity
    assert (identity.site, identity.server) == (site, centre.base)
    assert identity.centre_key == centre.keys.link_public()
    assert identity.exam_key == centre.keys.exam_public()
    assert identity.site_secret == await centre.sites.site_secret(site)


async def test_a_wrong_code_is_refused_and_leaves_nothing(centre: Centre, tmp_path: Path) -> None:
    assert await refusal(centre.base, "0000-0000-0000-0", tmp_path) == "wrong_code"


async def test_a_centre_that_does_not_answer_is_said_to_be_unreachable(tmp_path: Path) -> None:
    bound = listening_socket("127.0.0.1", 0)
    port = bound.getsockname()[1]
    bound.close()
    assert await refusal(f"http://127.0.0.1:{port}", "0000-0000-0000-0", tmp_path) == "unreachable"


@pytest.mark.parametrize("server", ["centre.example", "ftp://centre.example", "http://", "", "http://[::1"])
async def test_an_address_that_is_none_is_refused(tmp_path: Path, server: str) -> None:
    assert await refusal(server, "0000-0000-0000-0", tmp_path) == "bad_address"


@pytest.mark.parametrize(
    "server",
    [
        "http://centre.example",
        "http://10.0.0.5:8080",
        "http://192.168.1.2",
        "http://localhost.example",
        "http://[fe80::1]",
    ],
)
async def test_keys_are_not_pinned_over_a_network_in_the_clear(tmp_path: Path, server: str) -> None:
    assert await refusal(server, "0000-0000-0000-0", tmp_path) == "insecure"


@pytest.fixture
def usual_mask() -> Iterator[None]:
    """The program makes its files its owner's alone; the tests after it do not want that."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.usefixtures("usual_mask")
async def test_whoever_insists_may_pair_in_the_clear(
    centre: Centre, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = centre.base.replace("127.0.0.1", "0.0.0.0")  # reaches this computer without being loopback
    site, code = await a_code(centre)
    words = ["--home", str(tmp_path), "pair", "--server", elsewhere, "--code", code]
    assert await asyncio.to_thread(main, words) == 1
    assert "--insecure" in capsys.readouterr().err
    assert await asyncio.to_thread(main, [*words, "--insecure"]) == 0
    assert load(tmp_path).site == site


@pytest.mark.parametrize(("status", "body"), [(200, b"<html>"), (404, b"no"), (200, b"x" * 100_000), (302, b"")])
async def test_a_server_that_is_no_centre_is_recognised(tmp_path: Path, status: int, body: bytes) -> None:
    async def answer(_request: web.BaseRequest) -> web.Response:
        return web.Response(status=status, body=body)

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    try:
        place = web.TCPSite(runner, "127.0.0.1", 0)
        await place.start()
        port = runner.addresses[0][1]
        assert await refusal(f"http://127.0.0.1:{port}", "0000-0000-0000-0", tmp_path) == "bad_reply"
    finally:
        await runner.cleanup()
