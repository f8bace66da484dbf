"""Marking over HTTP, from the pile to the signed list: blind, a third by itself, results by the rule."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from orchestrator.access.model import Role
from orchestrator.cli import main
from tests.doubles.centre import Page
from tests.doubles.essay_files import docx
from tests.doubles.essay_hall import DAY_MS, RULE, START_MS, Hall, essay_hall, plan_body

MINE = "/api/v1/essay-readings"


class Room:
    """A hall where everybody of one school handed in and three people mark."""

    def __init__(self, hall: Hall, markers: dict[str, Page], numbers: list[str], site: str) -> None:
        self.hall = hall
        self.markers = markers
        self.numbers = numbers
        self.site = site

    async def slots(self, number: str) -> dict[int, dict[str, Any]]:
        outcome = next(each for each in await self.outcomes() if each["number"] == number)
        return {slot["slot"]: slot for slot in outcome["slots"]}

    async def outcomes(self) -> list[Any]:
        path = f"/api/v1/essays/{self.hall.essay}/marking"
        return list((await self.hall.planner.call("GET", path))[1]["outcomes"])

    async def mark(self, number: str, slot: int, mark: int, **more: object) -> tuple[int, Any]:
        """The marker of that slot gives a mark; which reading it is, is read from the database."""
        marker = self.markers[(await self.slots(number))[slot]["marker"]]
        reading = await self.reading(number, slot)
        return await marker.call("PUT", f"{MINE}/{reading}", {"mark": mark, "comment": "Khá"} | more)

    async def reading(self, number: str, slot: int) -> str:
        def work(conn: Any) -> str:
            sql = "SELECT id FROM essay_marking WHERE number = ? AND slot = ?"
            return str(conn.exec_driver_sql(sql, (number, slot)).scalar_one())

        return await self.hall.centre.database.read(work)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with essay_hall(tmp_path, sites=2, people=6) as hall, AsyncExitStack() as stack:
        hour = plan_body(START_MS + 3600 * 1000)
        await hall.planner.call("PUT", f"/api/v1/courses/{hall.course}/essay", hour)
        site = (await hall.centre.sites.sites())[0].site.id
        numbers = [each.number for each in await hall.centre.sites.participants(site)]
        for number in numbers:
            async with hall.writer(number) as writer:
                await writer.create(docx(f"Bài của {number}"))
                await writer.send(docx(f"Bài của {number}"), 0)
                await hall.checked(writer)
        pages = [await stack.enter_async_context(hall.page(Role.MARKER, f"cham{n}")) for n in range(3)]
        markers = {page.me["person"]["id"]: page for page in pages}
        path = f"/api/v1/essays/{hall.essay}"
        named = [{"person": person} for person in markers]
        assert (await hall.planner.call("PUT", f"{path}/markers", named))[0] == 200
        assert (await hall.planner.call("POST", f"{path}/readings", {}))[1]["code"] == "not_yet"
        hall.centre.clock.advance(3601)
        status, given = await hall.planner.call("POST", f"{path}/readings", {})
        assert (status, given["readings"], given["short"]) == (200, 6, 0)
        yield Room(hall, markers, numbers, site)


async def test_a_third_is_asked_for_at_a_difference_over_one_and_not_at_exactly_one(room: Room) -> None:
    one, two, _ = room.numbers
    await room.mark(one, 1, 700)
    await room.mark(one, 2, 800)
    await room.mark(two, 1, 700)
    await room.mark(two, 2, 825)
    outcomes = {each["number"]: each for each in await room.outcomes()}
    assert (outcomes[one]["mark"], len(outcomes[one]["slots"])) == (750, 2)
    assert (outcomes[two]["mark"], len(outcomes[two]["slots"])) == (None, 3)
    markers = [slot["marker"] for slot in outcomes[two]["slots"]]
    assert len(set(markers)) == 3
    await room.mark(two, 3, 775)
    assert next(each["mark"] for each in await room.outcomes() if each["number"] == two) == 800


async def test_a_third_marker_who_is_named_later_is_given_what_nobody_was_free_for(room: Room) -> None:
    two = room.numbers[1]
    path = f"/api/v1/essays/{room.hall.essay}"
    first_two = {slot["marker"] for slot in (await room.slots(two)).values()}
    (third,) = set(room.markers) - first_two
    await room.hall.planner.call("PUT", f"{path}/markers", [{"person": person} for person in first_two])
    await room.mark(two, 1, 700)
    await room.mark(two, 2, 900)
    status, given = await room.hall.planner.call("POST", f"{path}/readings", {})
    assert (status, given["readings"], given["short"]) == (200, 0, 1)
    await room.hall.planner.call("PUT", f"{path}/markers", [{"person": person} for person in room.markers])
    status, given = await room.hall.planner.call("POST", f"{path}/readings", {})
    assert (status, given["readings"], given["essays"], given["short"]) == (200, 1, 1, 0)
    assert (await room.slots(two))[3]["marker"] == third
    assert (await room.hall.planner.call("POST", f"{path}/readings", {}))[1]["readings"] == 0
    assert (await room.mark(two, 3, 900))[0] == 200
    assert next(each["mark"] for each in await room.outcomes() if each["number"] == two) == 900


async def test_neither_marker_sees_the_other_before_both_are_in(room: Room) -> None:
    one = room.numbers[0]
    status, told = await room.mark(one, 1, 700)
    assert (status, told["others"], told["final"]) == (200, [], None)
    second = room.markers[(await room.slots(one))[2]["marker"]]
    waiting = (await second.call("GET", f"{MINE}/{await room.reading(one, 2)}"))[1]
    assert waiting["task"]["others"] == []
    assert (await room.mark(one, 2, 750))[1]["others"] == [700]
    assert (await second.call("GET", f"{MINE}/{await room.reading(one, 1)}"))[0] == 404


async def test_a_reading_says_nothing_of_whose_it_is(room: Room) -> None:
    one = room.numbers[0]
    marker = room.markers[(await room.slots(one))[1]["marker"]]
    reading = await room.reading(one, 1)
    told = (await marker.call("GET", f"{MINE}/{reading}"))[1]
    assert told.pop("text") == f"Bài của {one}\n"
    assert one not in json.dumps(told)
    async with marker.http.get(f"{room.hall.base}{MINE}/{reading}/file") as reply:
        assert one not in reply.headers["Content-Disposition"]
        assert await reply.read() == docx(f"Bài của {one}")
    assert (await marker.call("GET", f"/api/v1/essays/{room.hall.essay}/people"))[0] == 403


async def test_every_change_of_a_mark_is_kept_and_needs_a_reason_once_the_other_is_known(room: Room) -> None:
    one = room.numbers[0]
    await room.mark(one, 1, 700)
    await room.mark(one, 1, 725)
    await room.mark(one, 2, 750)
    status, told = await room.mark(one, 1, 750)
    assert (status, told["code"]) == (422, "reason_needed")
    assert (await room.mark(one, 1, 750, reason="Đọc lại phần ba"))[0] == 200
    path = f"/api/v1/essays/{room.hall.essay}/marking/{one}"
    changes = (await room.hall.planner.call("GET", path))[1]
    assert [(each["mark"], each["reason"]) for each in changes] == [
        (700, ""),
        (725, ""),
        (750, ""),
        (750, "Đọc lại phần ba"),
    ]


async def test_readings_given_out_again_stay_and_what_came_since_is_added(room: Room) -> None:
    path = f"/api/v1/essays/{room.hall.essay}"
    assert (await room.hall.planner.call("POST", f"{path}/readings", {}))[1]["readings"] == 0
    others = [each.number for each in await room.hall.centre.sites.participants() if each.number not in room.numbers]
    async with room.hall.writer(others[0]) as writer:
        await writer.ask("POST", "/api/v1/essay/text", {"text": "Đến sau"})
    assert (await room.hall.planner.call("POST", f"{path}/readings", {}))[1]["readings"] == 2


async def test_marks_become_results_and_a_list_that_anybody_can_verify(
    room: Room, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, marks in zip(room.numbers, ((900, 900), (400, 450), (700, 700)), strict=True):
        for slot, mark in enumerate(marks, 1):
            await room.mark(number, slot, mark)
    page, base = room.hall.planner, f"/api/v1/courses/{room.hall.course}"
    told = (await page.call("GET", f"{base}/results"))[1]["whole"]
    assert (told["people"], told["decided"], told["passed"], told["bands"]["xuat_sac"]) == (6, 3, 2, 1)
    people = {row["number"]: row for row in (await page.call("GET", f"{base}/people"))[1]}
    assert [people[number]["mark"] for number in room.numbers] == [900, 425, 700]
    assert (await page.call("POST", f"{base}/lists", {"sites": [room.site]}))[1]["number"] == 1
    files = {}
    for name in ("list.pdf", "list.json", "report.pdf"):
        async with page.http.get(f"{room.hall.base}{base}/sites/{room.site}/{name}") as reply:
            assert reply.status == 200, await reply.text()
            files[name] = await reply.read()
    assert files["list.pdf"][:5] == files["report.pdf"][:5] == b"%PDF-"
    good, forged = tmp_path / "list.json", tmp_path / "forged.json"
    good.write_bytes(files["list.json"])
    forged.write_bytes(files["list.json"].replace(rb"\"mark\":425", rb"\"mark\":925"))
    key = base64.b64encode(room.hall.centre.keys.exam_public()).decode()
    assert main(["course", "verify", str(good), "--key", key]) == 0
    assert "3 học viên" in capsys.readouterr().out
    assert forged.read_bytes() != good.read_bytes()
    assert main(["course", "verify", str(forged), "--key", key]) == 1
    assert main(["course", "verify", str(good), "--key", base64.b64encode(bytes(32)).decode()]) == 1


async def test_a_rule_or_a_session_that_is_none_is_refused(room: Room) -> None:
    course = {"title": "Đợt 2", "begins_ms": START_MS, "ends_ms": START_MS + DAY_MS, "rule": RULE}
    page = room.hall.planner
    assert (await page.call("POST", "/api/v1/courses", course | {"sessions": ["session-none"]}))[0] == 422
    nothing = {"exam_weight": 0, "essay_weight": 0}
    assert (await page.call("POST", "/api/v1/courses", course | {"rule": nothing}))[1]["code"] == "bad_rule"
    assert (await page.call("POST", "/api/v1/courses", course | {"ends_ms": 0}))[1]["code"] == "bad_course"


async def test_attendance_of_people_is_taken_by_number(room: Room) -> None:
    base = f"/api/v1/courses/{room.hall.course}"
    told = await room.hall.planner.call("PUT", f"{base}/attendance", {room.numbers[0]: 80, "nobody": 50})
    assert told[1]["number"] == 1
    people = {row["number"]: row for row in (await room.hall.planner.call("GET", f"{base}/people"))[1]}
    assert (people[room.numbers[0]]["attendance"], people[room.numbers[1]]["attendance"]) == (80, None)
    assert (await room.hall.planner.call("PUT", f"{base}/attendance", {"x": 101}))[0] == 422


async def test_lists_go_out_as_spreadsheets(room: Room) -> None:
    page, essay = room.hall.planner, f"{room.hall.base}/api/v1/essays/{room.hall.essay}"
    async with page.http.get(f"{essay}/people.csv?lacking=1") as reply:
        lines = (await reply.read()).decode("utf-8-sig").splitlines()
        assert len(lines) == 1 + 3
        assert "Chưa nộp" in lines[1]
    for path in (f"{essay}/people.xlsx", f"{room.hall.base}/api/v1/courses/{room.hall.course}/results.xlsx"):
        async with page.http.get(path) as reply:
            assert (await reply.read())[:2] == b"PK"
    standing = (await page.call("GET", f"/api/v1/essays/{room.hall.essay}/standing"))[1]
    assert (standing["whole"]["people"], standing["whole"]["in_time"], standing["whole"]["nothing"]) == (6, 3, 3)
    assert [site["nothing"] for site in standing["sites"]] == [0, 3]
    assert all(site["phone"] for site in standing["sites"])
