"""Pairing and revoking over the real HTTP kit and SQLite, and the link that closes."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from orchestrator.access.model import Role
from orchestrator.links.events import SiteLinked, SiteUnlinked
from orchestrator.live.memory import MemoryBus
from orchestrator.sites.events import SitePaired, SiteRevoked
from orchestrator.sites.watching import LinkWatch
from tests.doubles.centre import Centre, Page, running_centre
from tests.doubles.eventually import eventually
from tests.doubles.pairing import Computer, import_demo, new_code
from wire.codec import decode_one, encode
from wire.handshake import signed_hello, welcome_is_signed
from wire.ids import BootId, EnrolmentId, SiteId, new_id
from wire.messages import PROTOCOL_VERSION, SUBPROTOCOL, Challenge, Hello, Refusal, Welcome
from wire.seal import open_sealed

HOUR = 3600.0


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    async with running_centre(tmp_path) as running:
        await running.person(Role.ADMINISTRATOR)
        yield running


@pytest.fixture
async def page(centre: Centre) -> AsyncIterator[Page]:
    async with centre.page("administrator") as page:
        yield page


# --- pairing -------------------------------------------------------------------------------------------------------


async def test_a_code_pairs_a_computer_once(centre: Centre, page: Page) -> None:
    site = (await import_demo(page))[0]
    code = await new_code(page, site["id"])
    computer = Computer()
    status, reply = await computer.pair(page, code.lower().replace("-", " "))
    assert status == 200
    assert (reply["site"], reply["site_code"], reply["site_name"]) == (site["id"], site["code"], site["name"])
    assert base64.b64decode(reply["centre_key"]) == centre.keys.link_public()
    assert base64.b64decode(reply["exam_key"]) == centre.keys.exam_public()
    sealed = base64.b64decode(reply["sealed_site_secret"])
    secret = open_sealed(computer.box.private_bytes_raw(), sealed)
    assert secret == await centre.sites.site_secret(SiteId(site["id"]))
    standing = (await page.call("GET", "/api/v1/sites"))[1][0]
    assert (standing["paired"], standing["revoked"]) == (True, False)
    assert (await Computer().pair(page, code))[1]["code"] == "wrong_code"


async def test_two_computers_with_one_code_at_the_same_moment_get_one_pairing(page: Page) -> None:
    code = await new_code(page, (await import_demo(page))[0]["id"])
    replies = await asyncio.gather(*(Computer().pair(page, code) for _ in range(6)))
    assert sorted(status for status, _ in replies) == [200, 403, 403, 403, 403, 403]


async def test_a_code_expires_after_a_day(centre: Centre, page: Page) -> None:
    site = (await import_demo(page))[0]["id"]
    code = await new_code(page, site)
    centre.clock.advance(24 * HOUR)
    assert (await Computer().pair(page, code))[1]["code"] == "wrong_code"


async def test_a_newer_code_ends_the_older_one(page: Page) -> None:
    site = (await import_demo(page))[0]["id"]
    older, newer = await new_code(page, site), await new_code(page, site)
    assert (await Computer().pair(page, older))[0] == 403
    assert (await Computer().pair(page, newer))[0] == 200


async def test_codes_are_not_stored(centre: Centre, page: Page, tmp_path: Path) -> None:
    code = await new_code(page, (await import_demo(page))[0]["id"])
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("diemcau.sqlite3*"))
    assert code.encode() not in stored
    assert code.replace("-", "").encode() not in stored


async def test_guessing_codes_is_slowed_down_by_address(centre: Centre, page: Page) -> None:
    code = await new_code(page, (await import_demo(page))[0]["id"])
    for _ in range(10):
        assert (await Computer().pair(page, "0000-0000-0000-0"))[0] == 403
    status, reply = await Computer().pair(page, code)
    assert (status, reply["code"], reply["retry_after_s"]) == (429, "too_many_attempts", 600)
    centre.clock.advance(600)
    assert (await Computer().pair(page, code))[0] == 200


async def test_a_whole_province_pairs_from_one_address(page: Page) -> None:
    for site in await import_demo(page, 20, 40):
        assert (await Computer().pair(page, await new_code(page, site["id"])))[0] == 200


@pytest.mark.parametrize(
    "fault", [{"sign_key": "AAAA"}, {"box_key": "not base64"}, {"platform": "x" * 301}, {"code": 7}]
)
async def test_a_pairing_that_is_no_pairing_is_refused(page: Page, fault: dict[str, object]) -> None:
    code = await new_code(page, (await import_demo(page))[0]["id"])
    assert (await Computer().pair(page, code, **fault))[1]["code"] == "bad_request"
    assert (await Computer().pair(page, code))[0] == 200


async def test_a_box_key_without_a_secret_uses_up_no_code(page: Page) -> None:
    code = await new_code(page, (await import_demo(page))[0]["id"])
    low_order = base64.b64encode(bytes(32)).decode()
    assert (await Computer().pair(page, code, box_key=low_order))[1]["code"] == "bad_request"
    assert (await Computer().pair(page, code))[0] == 200


async def test_an_unknown_site_gets_no_code(page: Page) -> None:
    for deed in ("pairing-code", "revoke"):
        status, reply = await page.call("POST", f"/api/v1/sites/site-nowhere/{deed}")
        assert (status, reply["code"]) == (404, "no_such_site")


# --- revoking ------------------------------------------------------------------------------------------------------


async def test_revoking_and_pairing_anew_are_told_in_order(centre: Centre, page: Page) -> None:
    site = SiteId((await import_demo(page))[0]["id"])
    async with centre.bus.subscribe(SiteRevoked, SitePaired) as events:
        first = (await Computer().pair(page, await new_code(page, site)))[1]["enrolment"]
        second = (await Computer().pair(page, await new_code(page, site)))[1]["enrolment"]
        await page.call("POST", f"/api/v1/sites/{site}/revoke")
        now = centre.clock.now_ns()
        assert [await anext(events) for _ in range(4)] == [
            SitePaired(site, first, now),
            SiteRevoked(site, [first], "paired_anew", now),
            SitePaired(site, second, now),
            SiteRevoked(site, [second], "revoked", now),
        ]
    standing = (await page.call("GET", "/api/v1/sites"))[1][0]
    assert (standing["paired"], standing["revoked"]) == (False, True)


async def test_revoking_ends_a_code_that_was_not_used(page: Page) -> None:
    site = (await import_demo(page))[0]["id"]
    code = await new_code(page, site)
    assert (await page.call("POST", f"/api/v1/sites/{site}/revoke"))[0] == 200
    assert (await Computer().pair(page, code))[0] == 403
    assert (await Computer().pair(page, await new_code(page, site)))[0] == 200


async def call(centre: Centre, http: aiohttp.ClientSession, computer: Computer, paired: Any) -> tuple[Any, Any]:
    """Call as the paired agent would; returns the socket and the centre's Welcome or Refusal."""
    socket = await http.ws_connect(centre.base + "/agent/link", protocols=[SUBPROTOCOL])
    challenge = decode_one(await socket.receive_bytes(), Challenge)
    plain = Hello(
        version=PROTOCOL_VERSION,
        site=SiteId(paired["site"]),
        enrolment=EnrolmentId(paired["enrolment"]),
        boot=BootId(new_id("boot")),
        agent_version="1",
        platform="test",
        centre_boot="",
        received=0,
        nonce=b"n" * 32,
        signature=b"",
    )
    hello = signed_hello(computer.sign, challenge, plain)
    await socket.send_bytes(encode(hello))
    answer: Welcome | Refusal = decode_one(await socket.receive_bytes(), Welcome | Refusal)  # type: ignore[arg-type]
    if isinstance(answer, Welcome):
        assert welcome_is_signed(base64.b64decode(paired["centre_key"]), challenge, hello, answer)
    return socket, answer


async def test_a_paired_computer_is_linked_until_it_is_revoked(centre: Centre, page: Page) -> None:
    site = (await import_demo(page))[0]["id"]
    computer = Computer()
    paired = (await computer.pair(page, await new_code(page, site)))[1]
    async with aiohttp.ClientSession() as http:
        socket, answer = await call(centre, http, computer, paired)
        assert isinstance(answer, Welcome)
        assert centre.links.linked() == {site}
        await page.call("POST", f"/api/v1/sites/{site}/revoke")
        kinds = [message.type async for message in _until_closed(socket)]
        assert kinds[-1] is aiohttp.WSMsgType.CLOSE
        assert centre.links.linked() == frozenset()
        _, answer = await call(centre, http, computer, paired)
        assert (type(answer), answer.code) == (Refusal, "revoked")
        again = (await computer.pair(page, await new_code(page, site)))[1]
        _, answer = await call(centre, http, computer, again)
        assert isinstance(answer, Welcome)


async def _until_closed(socket: aiohttp.ClientWebSocketResponse) -> AsyncIterator[aiohttp.WSMessage]:
    while True:
        message = await socket.receive(timeout=5)
        yield message
        if message.type in {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSING}:
            return


async def test_who_was_never_paired_is_not_let_in(centre: Centre, page: Page) -> None:
    sites = await import_demo(page)
    computer = Computer()
    paired = (await computer.pair(page, await new_code(page, sites[0]["id"])))[1]
    async with aiohttp.ClientSession() as http:
        _, answer = await call(centre, http, computer, paired | {"enrolment": "enrolment-unknown"})
        assert answer.code == "not_enrolled"
        _, answer = await call(centre, http, computer, paired | {"site": sites[1]["id"]})
        assert answer.code == "not_enrolled"
        _, answer = await call(centre, http, Computer(), paired)
        assert answer.code == "bad_signature"


async def test_a_link_is_remembered_as_the_last_time_the_site_was_seen(centre: Centre, page: Page) -> None:
    site = (await import_demo(page))[0]["id"]
    computer = Computer()
    paired = (await computer.pair(page, await new_code(page, site)))[1]
    async with aiohttp.ClientSession() as http, centre.bus.subscribe(SiteUnlinked) as gone:
        socket, _ = await call(centre, http, computer, paired)
        centre.clock.advance(30)
        await socket.close()
        await anext(gone)
    seen = None
    while seen != centre.clock.now_ns() // 1_000_000:
        seen = (await page.call("GET", "/api/v1/sites"))[1][0]["last_seen_ms"]


async def test_a_computer_revoked_between_hello_and_welcome_is_cut_off_too(centre: Centre, page: Page) -> None:
    site = SiteId((await import_demo(page))[0]["id"])
    computer = Computer()
    paired = (await computer.pair(page, await new_code(page, site)))[1]
    await centre.enrolling.revoke("test", site)
    closed: list[SiteId] = []

    class Late:
        """Links whose site comes in after the revocation was told."""

        def linked(self) -> frozenset[SiteId]:
            return frozenset()

        async def close(self, site: SiteId, code: str, message: str) -> None:
            closed.append(site)

    bus, started = MemoryBus(), asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        watch = tasks.create_task(LinkWatch(bus, Late(), centre.sites, centre.enrolling).run(started))
        await started.wait()
        await bus.publish(SiteLinked(site=site, enrolment=EnrolmentId(paired["enrolment"]), resumed=False))
        await eventually(lambda: closed == [site])
        watch.cancel()
