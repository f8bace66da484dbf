"""What may happen to a candidate's page without losing an answer: mistakes, odd networks, full storage, the close."""

import base64
import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from playwright.async_api import Page, Route, expect

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
from wire.chain import EventKind
from wire.ids import Assurance
from wire.rescue import open_rescue, proven

S = 1_000_000_000


@pytest.fixture
def network() -> Iterator[SchoolNetwork]:
    with room_network() as made:
        yield made


DOOR = "https://trung-tam.example/api/v1/rescue"


async def take(route: Route, door: list[bytes]) -> None:
    """The centre's door as a browser meets it: another origin, which allows any."""
    body = route.request.post_data_buffer
    assert body is not None
    door.append(body)
    assert "cookie" not in route.request.headers
    await route.fulfill(status=200, json={"held": 1, "unproven": 0}, headers={"Access-Control-Allow-Origin": "*"})


async def open_paper(page: Page, questions: int) -> None:
    await expect(page.locator(".question")).to_have_count(questions, timeout=30_000)


async def test_a_network_without_websockets_and_a_wifi_that_answers_by_itself(
    network: SchoolNetwork, tmp_path: Path
) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + 5 * S, duration_s=300, questions=4)
    async with agent_with(network, tmp_path, centre) as agent, candidate_browser(network, tmp_path) as browser:
        page = await browser.new_page()
        await page.add_init_script("delete window.WebSocket")
        await page.goto(f"{agent.url}/exam/#v={centre.slips['SBD001'][1]}")
        await open_paper(page, 4)
        await answer(page, 0, 1)
        await expect_mark(page, 0, "trường đã lưu")
        agent.province(there=True)
        await expect_mark(page, 0, "tỉnh đã nhận")
        await page.route("**/exam/talk", lambda route: route.fulfill(status=200, body="<html>Đăng nhập Wi-Fi</html>"))
        await agent.end(signal.SIGKILL)
        await answer(page, 1, 2)
        await expect(page.get_by_text("Mạng này đang trả lời thay")).to_be_visible(timeout=20_000)
        await expect_mark(page, 1, "mới ở máy này")
        await look(page, "phone-11-strange-wifi")
        await page.unroute("**/exam/talk")
        await agent.start()
        await expect_mark(page, 1, "tỉnh đã nhận")
        await expect(page.get_by_text("Mạng này đang trả lời thay")).to_have_count(0)
    items = centre.papers["101"].items
    assert await kept_answers(tmp_path, "SBD001") == {
        items[0].id: items[0].options[1].id,
        items[1].id: items[1].options[2].id,
    }


async def test_mistakes_of_a_person_and_a_full_browser(
    network: SchoolNetwork, tmp_path: Path, count_lost: LostAnswers
) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + 8 * S, duration_s=1500, questions=4)
    async with agent_with(network, tmp_path, centre) as agent, candidate_browser(network, tmp_path, DESKTOP) as browser:
        page = await browser.new_page()
        await page.goto(agent.url + "/exam/")
        await sign_in(page, centre, "SBD001")
        # A tab that is put to sleep over T0 shows the paper when it wakes.
        session = await browser.new_cdp_session(page)
        await session.send("Page.setWebLifecycleState", {"state": "frozen"})
        other = await browser.new_page()
        await other.goto(agent.url + "/exam/missing")
        await other.wait_for_timeout(max(0, (centre.t0_ns - time.time_ns()) // 1_000_000 + 500))
        await other.close()
        await session.send("Page.setWebLifecycleState", {"state": "active"})
        await open_paper(page, 4)
        # The person changes the computer's clock: the time left is the site's.
        await page.evaluate("{ const real = Date.now; Date.now = () => real() + 3600000 }")
        await answer(page, 0, 3)
        await expect_mark(page, 0, "trường đã lưu")
        await expect(page.locator(".time")).to_contain_text("Còn 25 phút")
        # The back button.
        await page.go_back()
        await expect(page.locator("#q0 .option").nth(3).locator("input")).to_be_checked()
        # A browser that keeps nothing more.
        full = "() => { throw new DOMException('', 'QuotaExceededError') }"
        await page.evaluate(f"void (Storage.prototype.setItem = {full})")
        await answer(page, 1, 1)
        await expect_mark(page, 1, "trường đã lưu")
        await expect(page.get_by_text("Trình duyệt này không giữ được bản sao").first).to_be_visible()
        await look(page, "desktop-12-full")
        # Everything of this browser is cleared in the middle of the exam.
        await page.evaluate("localStorage.clear()")
        await page.reload()
        await sign_in(page, centre, "SBD001")
        await expect(page.locator("#q0 .option").nth(3).locator("input")).to_be_checked()
        await expect(page.locator("#q1 .option").nth(1).locator("input")).to_be_checked()
    items = centre.papers["101"].items
    saved = {items[0].id: items[0].options[3].id, items[1].id: items[1].options[1].id}
    kept = await kept_answers(tmp_path, "SBD001")
    count_lost(saved.items(), kept.items())
    assert kept == saved


async def test_offline_at_the_close_there_is_a_rescue_file_and_the_next_person_may_sit_down(
    network: SchoolNetwork, tmp_path: Path, count_lost: LostAnswers
) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + 5 * S, duration_s=15, questions=3, candidates=2, extra_s=600)
    private = X25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    first, second = centre.roster
    items = centre.papers["101"].items
    async with (
        agent_with(network, tmp_path, centre, public, DOOR) as agent,
        candidate_browser(network, tmp_path, DESKTOP) as browser,
    ):
        door: list[bytes] = []
        page = await browser.new_page()
        await page.goto(f"{agent.url}/exam/#v={centre.slips[first.number][1]}")
        await open_paper(page, 3)
        await page.reload()
        await open_paper(page, 3)
        await answer(page, 0, 0)
        await expect_mark(page, 0, "trường đã lưu")
        await agent.end(signal.SIGKILL)
        await answer(page, 1, 2)
        await expect_mark(page, 1, "mới ở máy này")
        await expect(page.get_by_role("heading", name="Đã hết giờ làm bài")).to_be_visible(timeout=30_000)
        await expect(page.get_by_text("1 câu trả lời còn nằm ở máy này")).to_be_visible()
        async with page.expect_download() as saving:
            await page.get_by_role("button", name="Lưu tệp cứu bài").click()
        file = Path(await (await saving.value).path())
        await look(page, "desktop-13-offline-close")
        rescue = open_rescue(private.private_bytes_raw(), file.read_bytes())
        assert [(e.message.item, e.message.option, e.assurance) for e in proven(rescue, first.voucher_key)] == [
            (items[0].id, items[0].options[0].id, Assurance.VOUCHER),
            (items[1].id, items[1].options[2].id, Assurance.VOUCHER),
        ]
        assert proven(rescue, second.voucher_key) == []

        # The way around the school: a telephone's own line comes back, and the page brings them to the province.
        await page.route(DOOR, lambda route: take(route, door))
        await page.get_by_role("button", name="Gửi thẳng về tỉnh").click()
        await expect(page.get_by_text("Trung tâm tỉnh đã nhận 1 câu trả lời")).to_be_visible(timeout=20_000)
        await look(page, "desktop-13b-carried")
        sent = open_rescue(private.private_bytes_raw(), base64.b64decode(door[0]))
        assert proven(sent, first.voucher_key) == proven(rescue, first.voucher_key)

        await page.get_by_role("button", name="Người tiếp theo").click()
        await page.get_by_role("button", name="Đã chép mã biên nhận").click()
        await expect(page.get_by_text(f"{first.name} ({first.number}): còn 1 câu trả lời")).to_be_visible()
        await look(page, "desktop-14-next-person")
        await agent.start()
        await expect(page.get_by_text("còn 1 câu trả lời")).to_have_count(0, timeout=30_000)
        await sign_in(page, centre, second.number)
        await open_paper(page, 3)
        await expect(page.locator(".option.chosen")).to_have_count(0)
        kept = json.loads(await page.evaluate("JSON.stringify(Object.keys(localStorage))"))
        assert not [key for key in kept if first.number in key and "outbox" not in key and "name" not in key]
    events = [event for event, _ in await chain(tmp_path, first.number)]
    # The second one showed ✓ when the page let go of it: told after the close, and kept as what came late.
    saved = [(items[0].id, items[0].options[0].id), (items[1].id, items[1].options[2].id)]
    count_lost(saved, [(event.item, event.option) for event in events])
    kinds = [event.kind for event in events]
    assert kinds.count(EventKind.ANSWER) == 1
    assert kinds.count(EventKind.LATE) == 1
