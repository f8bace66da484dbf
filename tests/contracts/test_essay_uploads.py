"""Essays over HTTP: signing in with a code, resumable uploads, receipts, refusals, a full disk."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import random
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from orchestrator.essays.rights import receipt
from orchestrator.essays.vault import SPARE
from tests.doubles.essay_files import UNSAFE, docx, pdf, with_parts
from tests.doubles.essay_hall import DAY_MS, UPLOADS, Hall, Writer, essay_hall, plan_body
from tests.doubles.eventually import eventually

NUMBER = "10001"
PHOTO = random.Random(5).randbytes(3 << 20)
LARGE = with_parts(docx("Bài có ảnh."), {"word/media/image1.jpeg": PHOTO})
"""About 3 MiB, in several pieces."""
DIGEST = hashlib.sha256(LARGE).hexdigest()


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with essay_hall(tmp_path) as hall:
        yield hall


async def test_an_upload_cut_at_sixty_percent_resumes_to_the_same_digest_and_receipt(hall: Hall) -> None:
    cut = len(LARGE) * 6 // 10
    async with hall.writer(NUMBER) as writer, hall.writer("10002") as other:
        assert await writer.create(LARGE) == 201
        line = await writer.send_and_fall_silent(LARGE[:cut], 0)
        await eventually(lambda: _stored(hall, writer) == cut)
        line.transport.abort()
        assert await writer.offset() == cut
        assert await writer.send(LARGE[cut:], cut) == 204
        broken = await writer.became()
        # Somebody whose line held gets the receipt of the same computation.
        await other.create(LARGE)
        await other.send(LARGE, 0)
        whole = await other.became()
    assert broken["version"]["sha256"] == whole["version"]["sha256"] == DIGEST
    assert broken["version"]["receipt"] == receipt(hall.essay, NUMBER, bytes.fromhex(DIGEST))
    assert whole["version"]["receipt"] == receipt(hall.essay, "10002", bytes.fromhex(DIGEST))


async def test_a_page_that_comes_back_takes_over_from_its_own_dead_line(hall: Hall) -> None:
    """The centre does not know yet that the line is dead: the newer request ends the older one."""
    cut = len(LARGE) // 2
    async with hall.writer(NUMBER) as writer:
        await writer.create(LARGE)
        line = await writer.send_and_fall_silent(LARGE[:cut], 0)
        await eventually(lambda: _stored(hall, writer) == cut)
        async with asyncio.timeout(20):
            assert await writer.offset() == cut
            assert await writer.send(LARGE[cut:], cut) == 204
        line.transport.abort()
        assert (await writer.became())["version"]["sha256"] == DIGEST


def _stored(hall: Hall, writer: Writer) -> int:
    return (hall.folder / "essays/partial" / writer.upload.rsplit("/", 1)[1]).stat().st_size


async def test_tus_is_spoken_as_its_page_says(hall: Hall) -> None:
    async with hall.writer(NUMBER) as writer:
        status, headers = await writer.tus("OPTIONS", UPLOADS, {})
        assert (status, headers["Tus-Version"]) == (204, "1.0.0")
        assert headers["Tus-Extension"] == "creation,checksum,termination"
        content = docx("Một")
        await writer.create(content)
        assert writer.headers["Tus-Resumable"] == "1.0.0"
        assert await writer.send(content[5:], 5) == 409
        assert await writer.send(content + b"more", 0) == 413
        status, headers = await writer.tus("HEAD", writer.upload, {})
        assert (headers["Upload-Length"], headers["Cache-Control"]) == (str(len(content)), "no-store")
        assert (await writer.tus("HEAD", writer.upload, {"Tus-Resumable": "0.2.1"}))[0] == 412
        assert (await writer.tus("DELETE", writer.upload, {}))[0] == 204
        assert (await writer.tus("HEAD", writer.upload, {}))[0] == 404


async def test_a_piece_with_a_wrong_checksum_never_came(hall: Hall) -> None:
    content = docx("Một")
    right = base64.b64encode(hashlib.sha256(content).digest()).decode()
    wrong = base64.b64encode(bytes(32)).decode()
    async with hall.writer(NUMBER) as writer:
        await writer.create(content)
        assert await writer.send(content, 0, checksum=f"sha256 {wrong}") == 460
        assert await writer.offset() == 0
        assert await writer.send(content, 0, checksum="md5 AAAA") == 400
        assert await writer.send(content, 0, checksum=f"sha256 {right}") == 204
        assert (await writer.became())["version"]["receipt"]


async def test_bytes_that_are_not_the_promised_ones_start_over(hall: Hall) -> None:
    content = docx("Một")
    async with hall.writer(NUMBER) as writer:
        await writer.create(content)
        assert await writer.send(bytes(len(content)), 0) == 460
        assert await writer.offset() == 0
        assert await writer.send(content, 0) == 204
        assert (await writer.became())["version"]["sha256"] == hashlib.sha256(content).hexdigest()


async def test_the_same_file_again_is_the_same_version_and_another_file_a_new_one(hall: Hall) -> None:
    async with hall.writer(NUMBER) as writer:
        for content in (docx("Một"), docx("Một"), docx("Hai")):
            await writer.create(content)
            await writer.send(content, 0)
        mine = (await writer.ask("GET", "/api/v1/essay/mine"))[1]
        assert [each["place"] for each in mine["versions"]] == [1, 2]


async def test_a_file_is_checked_apart_and_its_text_found(hall: Hall) -> None:
    async with hall.writer(NUMBER) as writer:
        await writer.create(pdf(3), "bai.docx")  # the name lies; the bytes do not
        await writer.send(pdf(3), 0)
        seen = await hall.checked(writer)
    assert (seen["state"], seen["form"], seen["pages"]) == ("good", "pdf", 3)


@pytest.mark.parametrize("reason", ["bomb", "entities", "macros", "encrypted  ", "unknown"])
async def test_an_unsafe_file_is_received_and_then_refused_with_its_reason(hall: Hall, reason: str) -> None:
    async with hall.writer(NUMBER) as writer:
        await writer.create(UNSAFE[reason])
        assert await writer.send(UNSAFE[reason], 0) == 204
        seen = await hall.checked(writer)
        assert seen["state"] == "refused"
        assert " / " in seen["reason"]
        people = (await hall.planner.call("GET", f"/api/v1/essays/{hall.essay}/people?handed=refused"))[1]
        assert [line["number"] for line in people] == [NUMBER]


async def test_text_is_kept_while_it_is_written_and_handed_in(hall: Hall) -> None:
    async with hall.writer(NUMBER) as writer:
        assert (await writer.ask("PUT", "/api/v1/essay/draft", {"text": "Một", "revision": 1}))[0] == 200
        await writer.ask("PUT", "/api/v1/essay/draft", {"text": "Một hai", "revision": 2})
        await writer.ask("PUT", "/api/v1/essay/draft", {"text": "cũ", "revision": 1})
        assert (await writer.ask("GET", "/api/v1/essay/mine"))[1]["draft"] == "Một hai"
        status, version = await writer.ask("POST", "/api/v1/essay/text", {"text": "Một hai ba"})
        assert (status, version["state"], version["words"]) == (201, "good", 3)
        path = f"/api/v1/essay/receipt?essay={hall.essay}&number={NUMBER}&receipt={version['receipt'].lower()}"
        assert (await writer.ask("GET", path))[1][0]["sha256"] == hashlib.sha256("Một hai ba".encode()).hexdigest()
        assert (await writer.ask("GET", path[:-1] + ("b" if path[-1] == "a" else "a")))[0] == 404


async def test_after_the_deadline_it_is_late_and_after_the_cap_refused(hall: Hall) -> None:
    async with hall.writer(NUMBER) as writer:
        hall.centre.clock.advance(5 * 24 * 3600 + 1)
        async with hall.writer(NUMBER) as again:
            version = (await again.ask("POST", "/api/v1/essay/text", {"text": "Muộn"}))[1]
            assert version["late"] is True
        hall.centre.clock.advance(5 * 24 * 3600)
        assert (await writer.ask("POST", "/api/v1/essay/text", {"text": "Quá muộn"}))[0] == 401
    async with hall.writer(NUMBER) as writer:
        assert (await writer.ask("POST", "/api/v1/essay/text", {"text": "Quá muộn"}))[1]["code"] == "closed"
        assert await writer.create(docx()) == 403


async def test_a_wrong_code_is_refused_and_guessing_slowed_down(hall: Hall) -> None:
    async with aiohttp.ClientSession() as http:
        writer = Writer(http, hall.base)
        statuses = [await writer.sign_in(hall.essay, NUMBER, f"0000-000{n}") for n in range(9)]
        assert statuses == [403] * 8 + [429]
        # In other letters it is the same person.
        assert await writer.sign_in(hall.essay, f" {NUMBER} ", (await hall.codes())[NUMBER]) == 429
        assert await writer.sign_in(hall.essay, "10002", (await hall.codes())["10002"].lower().replace("-", " ")) == 200


async def test_a_renewed_code_ends_the_old_one_and_its_pass(hall: Hall) -> None:
    async with hall.writer(NUMBER) as writer:
        old = (await hall.codes())[NUMBER]
        status, slip = await hall.planner.call("POST", f"/api/v1/essays/{hall.essay}/codes/{NUMBER}/renew")
        assert (status, slip["code"] != old) == (200, True)
        assert (await writer.ask("GET", "/api/v1/essay/mine"))[0] == 401
        assert await writer.sign_in(hall.essay, NUMBER, old) == 403
        assert await writer.sign_in(hall.essay, NUMBER, slip["code"]) == 200


async def test_nobody_reaches_somebody_elses_upload(hall: Hall) -> None:
    async with hall.writer(NUMBER) as writer, hall.writer("10002") as other:
        await writer.create(docx())
        other.upload = writer.upload
        assert await other.send(docx(), 0) == 404
        assert (await other.ask("GET", writer.upload))[0] == 404
        other.token = other.token[:-4] + "AAAA"
        assert (await other.ask("GET", "/api/v1/essay/mine"))[0] == 401


async def test_what_is_too_large_is_refused_before_a_byte_is_sent(hall: Hall) -> None:
    async with hall.writer(NUMBER) as writer:
        assert await writer.create(b"x", size=(20 << 20) + 1) == 413
        assert await writer.create(b"", size=0) == 413


async def test_a_full_disk_is_told_and_nothing_that_was_kept_is_lost(tmp_path: Path) -> None:
    room = [SPARE + (1 << 20)]
    async with essay_hall(tmp_path, free=lambda _folder: room[0]) as hall, hall.writer(NUMBER) as writer:
        version = (await writer.ask("POST", "/api/v1/essay/text", {"text": "Còn chỗ"}))[1]
        room[0] = SPARE
        status, told = await writer.ask("POST", "/api/v1/essay/text", {"text": "Hết chỗ"})
        assert (status, told["code"]) == (507, "disk_full")
        assert await writer.create(docx()) == 507
        mine = (await writer.ask("GET", "/api/v1/essay/mine"))[1]
        assert [each["receipt"] for each in mine["versions"]] == [version["receipt"]]
        room[0] = SPARE + (1 << 20)
        await writer.create(docx())
        assert await writer.send(docx(), 0) == 204


async def test_a_site_hands_in_what_it_collected_and_is_told_what_does_not_match(hall: Hall) -> None:
    sites = await hall.centre.sites.sites()
    site = sites[0].site
    roster = [each.number for each in await hall.centre.sites.participants(site.id)]
    code = (await hall.planner.call("POST", f"/api/v1/essays/{hall.essay}/sites/{site.id}/code"))[1]["code"]
    async with aiohttp.ClientSession() as http:
        desk = Writer(http, hall.base)
        given = {"essay": hall.essay, "site_code": site.code.lower(), "code": code}
        status, told = await desk.ask("POST", "/api/v1/essay/site/sign-in", given)
        assert status == 200
        desk.token = told["token"]
        names = [f"Bai {roster[0]}.docx", "khong ro.docx", f"{roster[1]}.pdf", "99999.pdf"]
        matched = (await desk.ask("POST", "/api/v1/essay/site/match", {"names": names}))[1]
        assert [each["number"] for each in matched] == [roster[0], None, roster[1], None]
        assert await desk.create(docx("Của một"), names[0], number=roster[0]) == 201
        assert await desk.send(docx("Của một"), 0) == 204
        assert await desk.create(docx("Của ai"), names[1], number="99999") == 404
        people = (await desk.ask("GET", "/api/v1/essay/site"))[1]["people"]
        assert [(each["number"], each["handed"] == "nothing") for each in people][:2] == [
            (roster[0], False),
            (roster[1], True),
        ]
    versions = (await hall.planner.call("GET", f"/api/v1/essays/{hall.essay}/people/{roster[0]}"))[1]
    assert [each["place"] for each in versions] == [1]


async def test_a_file_goes_out_as_a_download_that_no_page_may_run(hall: Hall) -> None:
    async with hall.writer(NUMBER) as writer:
        await writer.create(pdf(), 'a"; evil.html')
        await writer.send(pdf(), 0)
        version = await hall.checked(writer)
    path = f"{hall.base}/api/v1/essay-versions/{version['id']}/file"
    async with hall.planner.http.get(path) as reply:
        assert (reply.status, await reply.read()) == (200, pdf())
        assert reply.headers["Content-Disposition"] == f'attachment; filename="{NUMBER}-1.pdf"'
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert reply.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


async def test_a_plan_that_nobody_could_meet_is_refused(hall: Hall) -> None:
    path = f"/api/v1/courses/{hall.course}/essay"
    status, told = await hall.planner.call("PUT", path, plan_body(hall.deadline_ms, cap_ms=hall.deadline_ms - DAY_MS))
    assert (status, told["code"]) == (422, "bad_plan")
