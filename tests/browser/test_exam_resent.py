"""What a page sends again by itself: answers that the school's disk refused, and hundreds that the province lacks."""

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, Request, WebSocket, expect

from tests.doubles.eventually import eventually
from tests.doubles.exam_centre import ExamCentre
from tests.doubles.exam_room import (
    DESKTOP,
    agent_with,
    answer,
    candidate_browser,
    chain,
    expect_mark,
    kept_answers,
    look,
    room_network,
    sign_in,
)
from tests.doubles.lost_answers import LostAnswers
from tests.doubles.school_network import SchoolNetwork
from tests.doubles.small_disk import small_disk
from wire.chain import EventKind

S = 1_000_000_000


@pytest.fixture
def network() -> Iterator[SchoolNetwork]:
    with room_network() as made:
        yield made


class Overheard:
    """What a page sends, whichever way it goes."""

    def __init__(self, page: Page) -> None:
        self.lines = 0
        self.answers: list[tuple[str, int]] = []
        page.on("websocket", self._socket)
        page.on("request", self._request)

    def _socket(self, socket: WebSocket) -> None:
        self.lines += 1
        socket.on("framesent", lambda text: self._take([json.loads(text)]))

    def _request(self, request: Request) -> None:
        if request.url.endswith("/exam/talk"):
            self._take(json.loads(request.post_data or "{}").get("say", []))

    def _take(self, said: list[dict[str, Any]]) -> None:
        self.answers += [(each["session"], each["client_seq"]) for each in said if each["type"] == "answer"]


def fill(disk: Path) -> Path:
    """Take all of the disk that is free; the file to take away afterwards."""
    ballast = disk / "ballast"
    with ballast.open("wb") as file:
        for size in (1 << 16, 1 << 12):
            try:
                while True:
                    os.write(file.fileno(), bytes(size))
            except OSError:
                continue
    return ballast


@pytest.mark.parametrize("way", ["WebSocket", "requests"])
async def test_answers_that_a_full_disk_refused_get_their_ticks_when_there_is_room_again(
    network: SchoolNetwork, tmp_path: Path, way: str, count_lost: LostAnswers
) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + 6 * S, duration_s=600, questions=4)
    async with (
        small_disk(tmp_path / "school", 8) as disk,
        agent_with(network, disk.path, centre) as agent,
        candidate_browser(network, tmp_path) as browser,
    ):
        page = await browser.new_page()
        heard = Overheard(page)
        if way == "requests":
            await page.add_init_script("delete window.WebSocket")
        await page.goto(agent.url + "/exam/")
        await sign_in(page, centre, "SBD001")
        await expect(page.locator(".question")).to_have_count(4, timeout=30_000)
        await answer(page, 0, 1)
        await expect_mark(page, 0, "trường đã lưu")
        ballast = fill(disk.path)
        for place in range(1, 4):
            await answer(page, place, place)
        await expect(page.get_by_text("Đĩa của máy trường đã đầy").first).to_be_visible()
        first = heard.answers[1]
        await eventually(lambda: heard.answers.count(first) >= 3, limit_s=60)
        for place in range(1, 4):
            await expect_mark(page, place, "mới ở máy này")
        await look(page, f"phone-15-disk-full-{way}")
        ballast.unlink()
        for place in range(1, 4):
            await expect_mark(page, place, "trường đã lưu")
        await expect(page.get_by_text("Đĩa của máy trường đã đầy")).to_have_count(0)
        assert heard.lines == (0 if way == "requests" else 1)
        await agent.end(signal.SIGTERM)
        kept = await kept_answers(disk.path, "SBD001")
    items = centre.papers["101"].items
    saved = {item.id: item.options[place or 1].id for place, item in enumerate(items)}
    count_lost(saved.items(), kept.items())
    assert kept == saved


@pytest.mark.timeout(240)
async def test_a_page_with_hundreds_of_unconfirmed_answers_is_never_hung_up_on(
    network: SchoolNetwork, tmp_path: Path, count_lost: LostAnswers
) -> None:
    questions, options = 140, 4
    centre = ExamCentre(t0_ns=time.time_ns() + 5 * S, duration_s=1800, questions=questions)
    async with agent_with(network, tmp_path, centre) as agent, candidate_browser(network, tmp_path, DESKTOP) as browser:
        page = await browser.new_page()
        heard = Overheard(page)
        await page.goto(agent.url + "/exam/")
        await sign_in(page, centre, "SBD001")
        await expect(page.locator(".question")).to_have_count(questions, timeout=30_000)
        # As somebody does who goes through the options by the arrow keys, with the line to the province down.
        for option in range(options):
            boxes = f".option:nth-child({option + 1}) input"
            await page.evaluate("boxes => document.querySelectorAll(boxes).forEach(box => box.click())", boxes)
            await expect(page.locator(".question-head .mark-1")).to_have_count(questions, timeout=60_000)
        unconfirmed = set(heard.answers)
        assert len(unconfirmed) == questions * options
        await agent.end(signal.SIGKILL)
        await expect(page.get_by_text("Mất kết nối với máy của trường").first).to_be_visible()
        heard.answers.clear()
        await agent.start()
        await expect(page.get_by_text("Mất kết nối với máy của trường")).to_have_count(0, timeout=30_000)
        lines = heard.lines
        await answer(page, 0, 0)
        await expect_mark(page, 0, "trường đã lưu")
        await eventually(lambda: unconfirmed <= set(heard.answers), limit_s=120)
        agent.province(there=True)
        await expect(page.locator(".question-head .mark-2")).to_have_count(questions, timeout=60_000)
        assert heard.lines == lines
    events = [event for event, _ in await chain(tmp_path, "SBD001") if event.kind is EventKind.ANSWER]
    items = centre.papers["101"].items
    acked = [(item.id, option.id) for item in items for option in item.options]
    count_lost(acked, [(event.item, event.option) for event in events])
    assert len(events) == questions * options + 1
    kept = {str(event.item): str(event.option) for event in events}
    assert kept == {item.id: item.options[-1].id for item in items} | {items[0].id: items[0].options[0].id}
