"""A real browser sits the exam over plain HTTP from a non-loopback address, where browsers give no WebCrypto."""

import json
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.doubles.exam_centre import ExamCentre
from tests.doubles.exam_room import (
    DESKTOP,
    PHONE,
    Screen,
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
from wire.chain import EventKind, receipt

S = 1_000_000_000
QUESTIONS = 50


@pytest.fixture
def network() -> Iterator[SchoolNetwork]:
    with room_network() as made:
        yield made


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=lambda screen: screen.name)
async def test_fifty_questions_are_sat_through_two_killed_agents(
    network: SchoolNetwork, tmp_path: Path, screen: Screen, count_lost: LostAnswers
) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + 30 * S, duration_s=600, questions=QUESTIONS)
    name = screen.name
    async with agent_with(network, tmp_path, centre) as agent, candidate_browser(network, tmp_path, screen) as browser:
        page = await browser.new_page()
        await page.goto(agent.url + "/exam/")
        assert await page.evaluate("isSecureContext") is False
        await expect(page.get_by_label("Số báo danh")).to_be_visible()
        await look(page, f"{name}-1-door")
        await sign_in(page, centre, "SBD001")
        await expect(page.get_by_text("Đề mở lúc")).to_be_visible()
        await expect(page.locator(".amber")).to_be_visible()
        # Over plain HTTP no page may keep the screen on.
        await expect(page.get_by_text("Màn hình có thể tự tắt")).to_be_visible()
        assert await page.locator(".question").count() == 0
        await look(page, f"{name}-2-waiting")

        await expect(page.locator(".question")).to_have_count(QUESTIONS, timeout=40_000)
        await expect(page.get_by_role("status").first).to_contain_text("Đề đã mở. Còn 10 phút.")
        await answer(page, 0, 1)
        await expect_mark(page, 0, "trường đã lưu")
        await look(page, f"{name}-3-open")
        agent.province(there=True)
        await expect_mark(page, 0, "tỉnh đã nhận")
        agent.province(there=False)

        for round_, first in enumerate((1, 20)):
            await agent.end(signal.SIGKILL)
            await expect(page.get_by_text("Mất kết nối với máy của trường")).to_be_visible()
            for place in range(first, first + 5):
                await answer(page, place, place % 4)
                await expect_mark(page, place, "mới ở máy này")
            await expect_mark(page, 0, "tỉnh đã nhận")
            await look(page, f"{name}-4-agent-down-{round_}")
            await agent.start()
            for place in range(first, first + 5):
                await expect_mark(page, place, "trường đã lưu")
            await expect(page.get_by_text("Mất kết nối với máy của trường")).to_have_count(0)

        for place in [*range(6, 20), *range(25, QUESTIONS)]:
            await answer(page, place, place % 4)
        agent.province(there=True)
        for place in range(QUESTIONS):
            await expect_mark(page, place, "tỉnh đã nhận")
        await page.locator("#q7 .flag").click()
        if screen.touch:
            await page.get_by_role("button", name="Tổng quan").click()
        await look(page, f"{name}-5-overview")
        await page.locator(".side").get_by_role("button", name="Nộp bài").click()
        await look(page, f"{name}-6-ask")
        await page.get_by_role("dialog").get_by_role("button", name="Nộp bài").click()
        await expect(page.get_by_role("heading", name="Đã nộp bài")).to_be_visible()
        shown = (await page.locator("#receipt").inner_text()).strip()
        await look(page, f"{name}-7-receipt")
    events = await chain(tmp_path, "SBD001")
    answers = [event for event, _ in events if event.kind is EventKind.ANSWER]
    items = centre.papers["101"].items
    chosen = {item.id: item.options[1 if place == 0 else place % 4].id for place, item in enumerate(items)}
    # Every place has shown ✓✓ on the page.
    count_lost(chosen.items(), {(event.item, event.option) for event in answers})
    assert {event.item: event.option for event in answers} == chosen
    assert len(answers) == QUESTIONS
    assert events[-1][0].kind is EventKind.HAND_IN
    assert shown == receipt(events[-1][1])


async def test_a_forged_and_a_replayed_message_change_nothing(network: SchoolNetwork, tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + 5 * S, duration_s=120, questions=4)
    heard: list[dict[str, Any]] = []
    async with agent_with(network, tmp_path, centre) as agent, candidate_browser(network, tmp_path) as browser:
        page = await browser.new_page()
        page.on("websocket", lambda ws: ws.on("framesent", lambda text: heard.append(json.loads(text))))
        await page.goto(f"{agent.url}/exam/#v={centre.slips['SBD002'][1]}")
        await expect(page.locator(".question")).to_have_count(4, timeout=20_000)
        for option in (3, 1):
            await answer(page, 0, option)
            await expect_mark(page, 0, "trường đã lưu")
        first = next(frame for frame in heard if frame["type"] == "answer")
        listener = await browser.new_page()
        await listener.goto(agent.url + "/exam/missing")
        other = centre.papers["102"].items[0].options[0].id
        forged = {**first, "client_seq": 3, "option": other}
        assert (await said(listener, forged))["code"] == "mac_refused"
        assert (await said(listener, {**first, "option": other}))["code"] == "mac_refused"
        assert (await said(listener, first))["type"] == "saved"
        await listener.close()
        await page.reload()
        await expect(page.locator("#q0 .option").nth(1).locator("input")).to_be_checked()
    events = [event for event, _ in await chain(tmp_path, "SBD002") if event.kind is EventKind.ANSWER]
    options = centre.papers["102"].items[0].options
    assert [event.option for event in events] == [options[3].id, options[1].id]


async def said(page: Page, frame: dict[str, Any]) -> dict[str, Any]:
    """What the desk answers to a frame from a connection where nobody sits."""
    told: dict[str, Any] = await page.evaluate(
        """frame => new Promise(done => {
             const socket = new WebSocket(`ws://${location.host}/exam/ws`);
             socket.onopen = () => socket.send(JSON.stringify(frame));
             socket.onmessage = event => { socket.close(); done(JSON.parse(event.data)); };
           })""",
        frame,
    )
    return told


async def test_a_reload_and_a_second_tab_go_on_where_the_first_was(
    network: SchoolNetwork, tmp_path: Path, count_lost: LostAnswers
) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + 5 * S, duration_s=120, questions=4)
    async with agent_with(network, tmp_path, centre) as agent, candidate_browser(network, tmp_path, DESKTOP) as browser:
        page = await browser.new_page()
        await page.goto(f"{agent.url}/exam/#v={centre.slips['SBD002'][1]}")
        await expect(page.locator("header")).to_contain_text("SBD002")
        await expect(page.locator(".amber")).to_have_count(0)
        assert "#v" not in page.url
        await expect(page.locator(".question")).to_have_count(4, timeout=20_000)
        await answer(page, 0, 3)
        await expect_mark(page, 0, "trường đã lưu")
        await page.locator("#q2 .flag").click()
        await page.reload()
        await expect(page.locator("#q0 .option.chosen")).to_have_count(1)
        await expect_mark(page, 0, "trường đã lưu")
        await expect(page.locator("#q2 .flag")).to_have_attribute("aria-pressed", "true")

        second = await browser.new_page()
        await second.goto(agent.url + "/exam/")
        await expect(second.locator("#q0 .option.chosen")).to_have_count(1)
        await expect(page.get_by_role("heading", name="Bài thi đang mở ở nơi khác")).to_be_visible()
        await look(page, "desktop-8-elsewhere")
        await answer(second, 1, 0)
        await expect_mark(second, 1, "trường đã lưu")
        await page.get_by_role("button", name="Làm tiếp ở đây").click()
        await expect(page.locator("#q1 .option.chosen")).to_have_count(1)
        await answer(page, 1, 2)
        await expect_mark(page, 1, "trường đã lưu")
        await expect(second.get_by_role("heading", name="Bài thi đang mở ở nơi khác")).to_be_visible()
    events = [event for event, _ in await chain(tmp_path, "SBD002") if event.kind is EventKind.ANSWER]
    first, item = centre.papers["102"].items[:2]
    saved = [(first.id, first.options[3].id), (item.id, item.options[0].id), (item.id, item.options[2].id)]
    count_lost(saved, [(event.item, event.option) for event in events])
    assert [event.option for event in events if event.item == item.id] == [item.options[0].id, item.options[2].id]


async def test_everything_goes_by_keyboard_in_large_type_on_a_dark_ground(
    network: SchoolNetwork, tmp_path: Path
) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + 5 * S, duration_s=120, questions=4)
    async with agent_with(network, tmp_path, centre) as agent, candidate_browser(network, tmp_path) as browser:
        page = await browser.new_page()
        await page.goto(f"{agent.url}/exam/#v={centre.slips['SBD001'][1]}")
        await page.get_by_role("button", name="Cỡ chữ, nền").click()
        await page.get_by_role("button", name="Rất lớn").click()
        await page.get_by_role("button", name="Tối").click()
        await look(page, "phone-9-tools-dark")
        await page.get_by_role("button", name="Xong").click()
        await expect(page.locator(".question")).to_have_count(4, timeout=20_000)
        # The paper may have opened before the panel was closed or after it; a reload is like the opening.
        await page.reload()
        await expect(page.locator("#q0")).to_be_focused(timeout=20_000)
        await page.get_by_role("button", name="Cỡ chữ, nền").click()
        await page.get_by_role("button", name="Xong").click()
        await expect(page.get_by_role("button", name="Cỡ chữ, nền")).to_be_focused()
        await page.reload()
        await expect(page.locator("#q0")).to_be_focused(timeout=20_000)
        for key in ("2", "ArrowRight", "c", "Enter", "D", "ArrowRight", "1", "ArrowLeft", "a"):
            await page.keyboard.press(key)
        for place, option in enumerate((1, 2, 0, 0)):
            await expect(page.locator(f"#q{place} input").nth(option)).to_be_checked()
            await expect_mark(page, place, "trường đã lưu")
        await look(page, "phone-10-large-dark")
        for box in await page.locator(".option, .button, .cell").all():
            size = await box.bounding_box()
            assert size is None or size["height"] >= 48
        await page.reload()
        await expect(page.locator("#q2")).to_be_focused()
        assert await page.evaluate("document.documentElement.style.fontSize") == "25px"
    kept = await kept_answers(tmp_path, "SBD001")
    assert kept == {
        item.id: item.options[option].id for item, option in zip(centre.papers["101"].items, (1, 2, 0, 0), strict=True)
    }


SKIPPING = """{
  let ahead = 0;
  const real = performance.now.bind(performance);
  performance.now = () => real() + ahead;
  window.skip = minutes => { ahead += minutes * 60000; };
  // The desk's next word would set the page's clock back.
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (text) { if (!String(text).includes('"ping"')) send.call(this, text); };
}"""


async def test_the_time_may_be_hidden_and_is_still_announced_politely(network: SchoolNetwork, tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + 5 * S, duration_s=31 * 60, questions=2)
    async with agent_with(network, tmp_path, centre) as agent, candidate_browser(network, tmp_path) as browser:
        page = await browser.new_page()
        await page.add_init_script(SKIPPING)
        await page.goto(f"{agent.url}/exam/#v={centre.slips['SBD001'][1]}")
        said = page.locator("p[role=status][aria-live=polite]")
        await expect(said).to_have_text("Đề đã mở. Còn 31 phút.", timeout=20_000)
        await expect(page.locator(".time")).to_have_text("Còn 31 phút")
        await page.get_by_role("button", name="Ẩn giờ").click()
        await expect(page.locator(".time")).to_have_count(0)
        for minutes, words in (
            (1.2, "Còn 30 phút."),
            (20, "Còn 10 phút."),
            (5, "Còn 5 phút."),
            (4, "Còn 1 phút cuối."),
        ):
            await page.evaluate("minutes => skip(minutes)", minutes)
            await expect(said).to_have_text(words)
            await expect(page.locator(".warning-line")).to_have_text(words)
            await expect(page.locator(".time")).to_have_count(0)
        await look(page, "phone-10b-last-minute")
        await page.get_by_role("button", name="Hiện giờ").click()
        await expect(page.locator(".time.low")).to_have_text(re.compile(r"Còn 0:[0-4]\d"))
