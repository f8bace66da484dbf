"""Slides on a real centre: sent in pieces, drawn, turned by lecturer and assistant, kept through a kill, forgotten."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.doubles.centre import Page
from tests.doubles.lecture_centre import LectureCentre, lecture_centre
from tests.doubles.slide_files import locked_pdf, pdf, pptx
from tests.doubles.small_day import until_told

pytestmark = pytest.mark.asyncio(loop_scope="module")

TUS = {"Tus_Resumable": "1.0.0"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def centre(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LectureCentre]:
    configured = {"DIEMCAU_SLIDES__LIBREOFFICE": "off"}
    async with lecture_centre(tmp_path_factory.mktemp("centre"), configured) as running:
        yield running


class Lecturer:
    """Somebody in one session's slides, by a link."""

    def __init__(self, page: Page, session: str) -> None:
        self.page = page
        self.path = f"/api/v1/sessions/{session}/slides"

    async def slides(self) -> Any:
        status, told = await self.page.call("GET", self.path)
        assert status == 200
        return told

    async def turn(self, deck: str | None, page: int, layout: str = "both") -> tuple[int, Any]:
        return await self.page.call("POST", f"{self.path}/turn", {"deck": deck, "page": page, "layout": layout})

    async def begin(self, name: str, size: int) -> tuple[int, str]:
        """(status, address of the upload, or the refusal's code)."""
        told = {"Origin": self.page.base, "X-CSRF-Token": self.page.csrf, "Tus-Resumable": "1.0.0"}
        told |= {"Upload-Length": str(size), "Upload-Metadata": f"filename {base64.b64encode(name.encode()).decode()}"}
        async with self.page.http.post(f"{self.page.base}{self.path}/uploads", headers=told) as reply:
            if reply.status != 201:
                body = await reply.json()
                return reply.status, f"{body['code']}: {body['message']}"
            return reply.status, reply.headers["Location"]

    async def piece(self, place: str, offset: int, content: bytes) -> int:
        status, _ = await self.page.call(
            "PATCH",
            place,
            content=content,
            Upload_Offset=str(offset),
            Content_Type="application/offset+octet-stream",
            **TUS,
        )
        return status

    async def offset(self, place: str) -> int:
        told = {"Origin": self.page.base, "X-CSRF-Token": self.page.csrf, "Tus-Resumable": "1.0.0"}
        async with self.page.http.head(self.page.base + place, headers=told) as reply:
            return int(reply.headers["Upload-Offset"])

    async def sent(self, name: str, content: bytes) -> Any:
        """The deck, once it is ready or refused."""
        status, place = await self.begin(name, len(content))
        assert status == 201, place
        assert await self.piece(place, 0, content) == 204
        return await self.settled(place.rpartition("/")[2])

    async def settled(self, deck: str) -> Any:
        async def there() -> Any:
            found = next(each for each in (await self.slides())["decks"] if each["id"] == deck)
            return found if found["state"] in {"ready", "refused"} else None

        return await until_told(there, "the deck is ready or refused", 60.0)


@pytest_asyncio.fixture(loop_scope="module")
async def lecturer(centre: LectureCentre) -> AsyncIterator[Lecturer]:
    """In a session of their own, so that no test sees another's decks."""
    session = await centre.plan()
    async with centre.browser((await centre.link(session=session))["token"]) as page:
        yield Lecturer(page, session)


async def test_a_pdf_comes_in_pieces_and_becomes_pages_that_anybody_told_may_fetch(lecturer: Lecturer) -> None:
    content = pdf()
    _, place = await lecturer.begin("Bài 1.pdf", len(content))
    assert await lecturer.piece(place, 0, content[:1000]) == 204
    assert await lecturer.offset(place) == 1000
    assert await lecturer.piece(place, 500, content[500:]) == 409
    assert await lecturer.piece(place, 1000, content[1000:]) == 204
    deck = await lecturer.settled(place.rpartition("/")[2])
    assert (deck["state"], len(deck["pages"]), deck["name"]) == ("ready", 3, "Bài 1.pdf")
    async with lecturer.page.http.get(lecturer.page.base + deck["pages"][0]["large"]) as reply:
        assert (reply.status, reply.content_type) == (200, "image/webp")
        assert "immutable" in reply.headers["Cache-Control"]
    status, _ = await lecturer.page.call("GET", "/agent/slides/" + "00" * 32)
    assert status == 404


async def test_a_file_that_is_no_deck_is_told_why_and_hurts_nobody(lecturer: Lecturer) -> None:
    for name, content, words in (
        ("hỏng.pdf", b"%PDF-1.7\n" + b"\xff" * 4000, "hỏng"),
        ("khoá.pdf", locked_pdf(), "mật khẩu"),
        ("giả.pdf", b"<html>" * 500, "không phải PDF"),
    ):
        deck = await lecturer.sent(name, content)
        assert (deck["state"], deck["pages"]) == ("refused", [])
        assert words in deck["reason"]
        assert (await lecturer.turn(deck["id"], 1))[0] == 409
    assert (await lecturer.sent("tốt.pdf", pdf(1)))["state"] == "ready"


async def test_a_presentation_without_libreoffice_is_told_how_to_save_a_pdf(lecturer: Lecturer) -> None:
    status, told = await lecturer.begin("Bài giảng.pptx", len(pptx()))
    assert status == 415
    assert told.startswith("needs_pdf")
    assert "Tạo PDF" in told
    assert (await lecturer.slides())["office"] is False


async def test_size_name_and_number_are_bounded_before_a_byte_is_sent(lecturer: Lecturer) -> None:
    assert (await lecturer.begin("to.pdf", 101 << 20))[0] == 413
    assert (await lecturer.begin("ảnh.png", 1000))[0] == 415
    for place in range(8):
        assert (await lecturer.begin(f"{place}.pdf", 1000))[0] == 201
    assert (await lecturer.begin("chín.pdf", 1000))[0] == 409


async def test_a_turn_reaches_whoever_waits_and_an_assistant_turns_too(
    centre: LectureCentre, lecturer: Lecturer
) -> None:
    deck = await lecturer.sent("a.pdf", pdf())
    session = lecturer.path.split("/")[4]
    async with centre.browser((await centre.link("assistant", session))["token"]) as page:
        helper = Lecturer(page, session)
        assert (await lecturer.turn(deck["id"], 1))[1]["version"] == 1
        assert (await lecturer.turn(deck["id"], 1))[1]["version"] == 1
        async with asyncio.TaskGroup() as tasks:
            waiting = tasks.create_task(lecturer.page.call("GET", f"{lecturer.path}/now?after=1"))
            status, told = await helper.turn(deck["id"], 3, "slides")
            assert (status, told["page"]) == (200, 3)
        assert waiting.result()[1] == {"version": 2, "deck": deck["id"], "page": 3, "layout": "slides"}
        assert (await helper.turn(deck["id"], 4))[0] == 422
        assert (await helper.begin("b.pdf", 1000))[0] == 403
        assert (await page.call("DELETE", f"{helper.path}/decks/{deck['id']}"))[0] == 403
    turns = (await lecturer.page.call("GET", f"{lecturer.path}/turns"))[1]
    assert [(each["page"], each["layout"]) for each in turns] == [(1, "both"), (3, "slides")]

    async def marked() -> bool:
        told = await centre.admin.get(f"/api/v1/recordings/{session}")
        return [each["text"] for each in told["marks"] if each["kind"] == "slide"] == ["1", "3"]

    await until_told(marked, "both turns on the recording's timeline")


async def test_slides_of_another_session_are_out_of_reach(centre: LectureCentre, lecturer: Lecturer) -> None:
    other = f"/api/v1/sessions/{centre.session}/slides"
    assert (await lecturer.page.call("GET", other))[0] == 403
    deck = await lecturer.sent("a.pdf", pdf(1))
    async with centre.browser((await centre.link())["token"]) as page:
        status, told = await Lecturer(page, centre.session).turn(deck["id"], 1)
        assert (status, told["code"]) == (404, "no_deck")


async def test_a_deck_that_goes_leaves_the_screens_and_the_disk(centre: LectureCentre, lecturer: Lecturer) -> None:
    deck = await lecturer.sent("a.pdf", pdf(2, "Sẽ bị xoá"))
    await lecturer.turn(deck["id"], 2)
    # The same pages in another session: pictures that somebody still needs stay.
    async with centre.browser((await centre.link())["token"]) as page:
        kept = await Lecturer(page, centre.session).sent("cùng nội dung.pdf", pdf(1, "Sẽ bị xoá"))
    assert (await lecturer.page.call("DELETE", f"{lecturer.path}/decks/{deck['id']}"))[0] == 200
    told = await lecturer.slides()
    assert (told["decks"], told["show"]["deck"]) == ([], None)
    shared = {each["large"] for each in kept["pages"]}
    for each in deck["pages"]:
        async with lecturer.page.http.get(lecturer.page.base + each["large"]) as reply:
            assert reply.status == (200 if each["large"] in shared else 404)


async def test_a_killed_centre_goes_on_where_it_was(centre: LectureCentre, lecturer: Lecturer) -> None:
    deck = await lecturer.sent("a.pdf", pdf(2))
    await lecturer.turn(deck["id"], 2, "slides")
    _, half = await lecturer.begin("dở dang.pdf", 5000)
    await lecturer.piece(half, 0, b"%PDF-1.7\n" + b"\xff" * 1000)
    await centre.process.kill()
    await centre.process.start()
    await until_told(lambda: _answers(lecturer), "the centre answers again", 60.0)
    told = await lecturer.slides()
    assert (told["show"]["page"], told["show"]["layout"]) == (2, "slides")
    assert len(next(each for each in told["decks"] if each["id"] == deck["id"])["pages"]) == 2
    assert await lecturer.offset(half) == 1009
    assert (await lecturer.turn(deck["id"], 1))[1]["version"] == told["show"]["version"] + 1


async def _answers(lecturer: Lecturer) -> bool:
    try:
        return (await lecturer.page.call("GET", lecturer.path))[0] == 200
    except OSError:
        return False
