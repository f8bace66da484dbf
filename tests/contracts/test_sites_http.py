"""The register of sites over the real HTTP kit and SQLite: importing, pairing, revoking, the link that closes."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demo.province import make_province, participants_csv, sites_csv, workbook
from orchestrator.access.model import Role
from orchestrator.errors import Refused
from orchestrator.links.events import SiteLinked, SiteUnlinked
from orchestrator.live.memory import MemoryBus
from orchestrator.sites.events import SitePaired, SiteRevoked, SitesImported
from orchestrator.sites.watching import LinkWatch
from tests.doubles.centre import Centre, Page, running_centre
from tests.doubles.eventually import eventually
from wire.codec import decode_one, encode
from wire.handshake import signed_hello, welcome_is_signed
from wire.ids import BootId, EnrolmentId, SiteId, new_id
from wire.messages import PROTOCOL_VERSION, SUBPROTOCOL, Challenge, Hello, Refusal, Welcome
from wire.seal import open_sealed

HOUR = 3600.0
IMPORT = "/api/v1/sites/import?filename=tinh.xlsx"


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    async with running_centre(tmp_path) as running:
        await running.person(Role.ADMINISTRATOR)
        yield running


@pytest.fixture
async def page(centre: Centre) -> AsyncIterator[Page]:
    async with centre.page("administrator") as page:
        yield page


class Computer:
    """A school's computer that wants to pair."""

    def __init__(self) -> None:
        self.sign, self.box = Ed25519PrivateKey.generate(), X25519PrivateKey.generate()

    async def pair(self, page: Page, code: str, /, **other: object) -> tuple[int, Any]:
        keys = (self.sign.public_key().public_bytes_raw(), self.box.public_key().public_bytes_raw())
        sign_key, box_key = (base64.b64encode(key).decode() for key in keys)
        given = {"code": code, "sign_key": sign_key, "box_key": box_key, "agent_version": "1", "platform": "test"}
        async with aiohttp.ClientSession() as http, http.post(page.base + "/api/v1/pair", json=given | other) as reply:
            return reply.status, await reply.json()


async def import_demo(page: Page, sites: int = 8, people: int = 40) -> list[Any]:
    status, reply = await page.call("POST", IMPORT, content=workbook(make_province(sites, people)))
    assert (status, reply["sites"], reply["participants"]) == (200, sites, people)
    return list((await page.call("GET", "/api/v1/sites"))[1])


async def new_code(page: Page, site: str) -> str:
    status, reply = await page.call("POST", f"/api/v1/sites/{site}/pairing-code")
    assert status == 200
    return str(reply["code"])


async def count(centre: Centre) -> tuple[int, int, int]:
    """Places, sites and participants in the register."""
    register = centre.sites
    return len(await register.places()), len(await register.sites()), len(await register.participants())


# --- importing -----------------------------------------------------------------------------------------------------


async def test_a_workbook_of_the_province_is_imported_whole(centre: Centre, page: Page) -> None:
    listed = await import_demo(page)
    demo = make_province(8, 40)
    assert [site["code"] for site in listed] == sorted(site.code for site in demo.sites)
    by_code = {site["code"]: site for site in listed}
    for site in demo.sites:
        told = by_code[site.code]
        assert (told["name"], told["expected"], told["contact"], told["phone"]) == (
            site.name,
            site.expected,
            site.contact,
            site.phone,
        )
        assert told["path"] == ["Tỉnh Thanh Giang", site.district, site.commune]
        assert (told["participants"], told["paired"], told["revoked"], told["last_seen_ms"]) == (5, False, False, None)
    places = (await page.call("GET", "/api/v1/places"))[1]
    assert sorted(place["kind"] for place in places) == ["commune"] * 8 + ["district"] * 3 + ["province"]
    roster = await centre.sites.participants(SiteId(by_code["TH0001"]["id"]))
    assert [(person.number, person.name) for person in roster] == [
        (person.number, person.name) for person in demo.participants if person.code == "TH0001"
    ]


async def test_two_csv_files_do_the_same_as_one_workbook(centre: Centre, page: Page) -> None:
    demo = make_province(8, 40)
    for text in (sites_csv(demo), participants_csv(demo)):
        status, _ = await page.call("POST", "/api/v1/sites/import?filename=x.csv", content=text.encode("utf-16"))
        assert status == 200
    assert await count(centre) == (12, 8, 40)


async def test_one_bad_row_and_nothing_is_written(centre: Centre, page: Page) -> None:
    text = sites_csv(make_province(8)).replace("0900000005", "12").replace(",THPT,", ",Đại học,")
    status, reply = await page.call("POST", "/api/v1/sites/import?filename=x.csv", content=text.encode())
    assert (status, reply["code"]) == (422, "import_refused")
    assert [(row["row"], row["column"]) for row in reply["rows"]] == [(6, "Điện thoại"), (8, "Cấp học")]
    assert all(row["message"] for row in reply["rows"])
    assert await count(centre) == (0, 0, 0)


async def test_importing_again_updates_by_code_and_keeps_identities_and_secrets(centre: Centre, page: Page) -> None:
    before = {site["code"]: site for site in await import_demo(page)}
    first = SiteId(before["TH0001"]["id"])
    secret = await centre.sites.site_secret(first)
    text = sites_csv(make_province(8, 40)).replace("Trường Tiểu học Kim Đồng,", "Trường Tiểu học Hoa Lư,")
    only = "\n".join(text.splitlines()[:2])
    status, reply = await page.call("POST", "/api/v1/sites/import?filename=x.csv", content=only.encode())
    assert status == 200
    assert reply == {"places": 3, "sites": 1, "participants": 0, "created": 0, "removed": 0}
    after = {site["code"]: site for site in (await page.call("GET", "/api/v1/sites"))[1]}
    assert after["TH0001"]["name"] == "Trường Tiểu học Hoa Lư"
    assert {code: site["id"] for code, site in after.items()} == {code: site["id"] for code, site in before.items()}
    assert await centre.sites.site_secret(first) == secret
    assert await count(centre) == (12, 8, 40)


async def test_a_roster_replaces_the_one_of_the_sites_it_names_only(centre: Centre, page: Page) -> None:
    await import_demo(page)
    text = "Số báo danh,Họ và tên,Mã điểm cầu\n10001,Nguyễn Văn Mới,TH0001\n10006,Người Chuyển Đến,TH0001\n"
    status, reply = await page.call("POST", "/api/v1/sites/import?filename=x.csv", content=text.encode())
    assert (status, reply["participants"], reply["removed"]) == (200, 2, 4)
    rosters: dict[str, list[str]] = {}
    codes = {standing.site.id: standing.site.code for standing in await centre.sites.sites()}
    for person in await centre.sites.participants():
        rosters.setdefault(codes[person.site], []).append(person.number)
    assert rosters["TH0001"] == ["10001", "10006"]
    assert rosters["TH0002"] == ["10007", "10008", "10009", "10010"]
    assert sum(map(len, rosters.values())) == 36


async def test_each_site_has_its_own_secret_which_the_database_does_not_hold_in_clear(
    centre: Centre, page: Page, tmp_path: Path
) -> None:
    await import_demo(page)
    secrets = await centre.sites.site_secrets()
    assert len(set(secrets.values())) == 8
    assert {len(secret) for secret in secrets.values()} == {32}
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("diemcau.sqlite3*"))
    assert not [secret for secret in secrets.values() if secret in stored]


async def test_who_imported_and_what_stands_in_the_trail(centre: Centre, page: Page) -> None:
    await import_demo(page)
    deed = (await page.call("GET", "/api/v1/audit?limit=1"))[1][0]
    assert (deed["who"], deed["action"]) == ("administrator", "sites.imported")
    assert deed["detail"] == '{"sites":8,"created":8,"participants":40,"removed":0}'


async def test_a_person_without_the_right_neither_imports_nor_pairs(centre: Centre, page: Page) -> None:
    site = (await import_demo(page))[0]["id"]
    await centre.person(Role.VIEWER)
    async with centre.page("viewer") as viewer:
        assert (await viewer.call("POST", IMPORT, content=b"x"))[0] == 403
        assert (await viewer.call("POST", f"/api/v1/sites/{site}/pairing-code"))[0] == 403
        assert (await viewer.call("POST", f"/api/v1/sites/{site}/revoke"))[0] == 403
        assert (await viewer.call("GET", "/api/v1/sites"))[0] == 200


async def test_a_file_too_large_is_refused_by_name(page: Page) -> None:
    status, reply = await page.call("POST", IMPORT, content=b"a" * (9 << 20))
    assert (status, reply["code"]) == (413, "too_large")


async def test_a_sites_provider_is_named_and_stays_when_a_file_says_nothing_of_it(page: Page) -> None:
    content = sites_csv(make_province(3, 3)).encode("utf-8-sig")
    assert (await page.call("POST", "/api/v1/sites/import?filename=a.csv", content=content))[0] == 200
    site = (await page.call("GET", "/api/v1/sites"))[1][0]["id"]
    path = f"/api/v1/sites/{site}/provider"
    assert (await page.call("PUT", path, {"provider": " Viettel "}))[0] == 200
    assert (await page.call("POST", "/api/v1/sites/import?filename=a.csv", content=content))[0] == 200
    assert (await page.call("GET", "/api/v1/sites"))[1][0]["provider"] == "Viettel"
    assert (await page.call("PUT", path, {"provider": "=x"}))[1]["code"] == "bad_name"
    unknown = await page.call("PUT", "/api/v1/sites/site-no/provider", {"provider": "VNPT"})
    assert unknown[1]["code"] == "no_such_site"


async def test_templates_are_served(page: Page) -> None:
    for path, kind in (("template.csv", "text/csv"), ("participants.csv", "text/csv"), ("template.xlsx", "openxml")):
        async with page.http.get(f"{page.base}/api/v1/sites/{path}") as reply:
            assert reply.status == 200
            assert kind in reply.headers["Content-Type"]
            assert "attachment" in reply.headers["Content-Disposition"]


demo_lines = sites_csv(make_province(4)).splitlines()
people_lines = participants_csv(make_province(4, 8)).splitlines()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(garbage=st.binary(max_size=60), at=st.integers(0, 4), end=st.booleans())
async def test_garbage_amid_a_good_file_never_half_imports(
    centre: Centre, garbage: bytes, at: int, *, end: bool
) -> None:
    lines = [line.encode() for line in demo_lines]
    lines[at] = lines[at] + garbage if end else garbage + lines[at]
    before = await count(centre)
    applied = faults = None
    try:
        applied = await centre.sites.import_file("test", b"\n".join(lines), "x.csv")
    except Refused as refused:
        faults = refused.fields["rows"]
    if applied is None:
        assert faults
        assert await count(centre) == before
    else:
        assert applied.sites >= 4


async def test_an_import_is_told_on_the_bus(centre: Centre) -> None:
    async with centre.bus.subscribe(SitesImported) as events:
        await centre.sites.import_file("test", workbook(make_province(2, 4)), "x.xlsx")
        assert await anext(events) == SitesImported(2, 4)


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
