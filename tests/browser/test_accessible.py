"""Every page with real contents: axe finds nothing serious or critical on it, in light and in dark."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from playwright.async_api import Browser, FilePayload, Page, expect

from demo.candidates import sit_all
from demo.day import Pace, plan_exam, slips_of
from demo.stage import Stage
from orchestrator.sites.centre_keys import load_keys
from tests.doubles.axe import serious_faults
from tests.doubles.browsers import chromium, log_in, page_of
from tests.doubles.bundled_page import DASHBOARD
from tests.doubles.grounds import PHONE, WIDE, in_both_grounds, look
from tests.doubles.linked_province import sites_csv
from tests.doubles.slide_files import pdf
from tests.doubles.small_day import live_session, small_day, until_exam, until_exam_at, until_told
from wire.rescue import MAGIC, Rescue, RescuedMessage, Root
from wire.seal import seal_to
from wire.voucher import message_mark

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

TOPIC = "Đổi mới kiểm tra, đánh giá"
PACE = Pace(12.0, 6, 0.05, 600.0, 4.0, 1.0, 5.0)
UP_MS = 60_000
LINKS = ("lecturer", "assistant")
LOOKED_AT = {
    *("login", "console", "wall", "site", "duty", "readiness", "board", "results", "portal", "officers", "essay"),
    *("lecturer", "floor", "recordings", "screen", "desk", "guide", "invigilate", "phone", "exam"),
}
TABS = (
    "sessions",
    "attendance",
    "exams",
    "questions",
    "courses",
    "marking",
    "alarms",
    "orders",
    "chats",
    "sites",
    "people",
    "audit",
)


class Day:
    """A centre with one site, where an exam has been sat and marked, and another site that was never connected."""

    def __init__(self, stage: Stage, browser: Browser, exam: dict[str, Any]) -> None:
        self.stage = stage
        self.browser = browser
        self.exam = exam

    async def marked(self) -> str:
        """The exam, once it has marks."""
        await until_exam(self.stage, self.exam["id"], "marked")
        return str(self.exam["id"])

    async def on_the_screen(self, language: str) -> None:
        """Choose at the site's desk what its big screen speaks."""
        url = self.stage.schools[0].screen_url.removesuffix("/screen")
        chosen = {"language": language}
        async with self.stage.admin.http.post(f"{url}/local/language", json=chosen, headers={"Origin": url}) as reply:
            reply.raise_for_status()

    async def enter(self, page: Page, path: str) -> None:
        """The administrator at this page of the centre."""
        await page.goto(f"{self.stage.url}{path}")
        await log_in(page, "admin", self.stage.accounts["admin"])
        await expect(page.locator(".topbar")).to_be_visible(timeout=UP_MS)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def day(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Day]:
    async with small_day(tmp_path_factory.mktemp("day"), candidates=3) as stage, chromium() as browser:
        await live_session(stage, TOPIC, stage.schools)
        await stage.admin.upload("/api/v1/sites/import?filename=moi.csv", sites_csv({"Huyện Sông Mã": 1}))
        exam = await plan_exam(stage, PACE)
        await until_exam_at(stage, stage.schools[0], "ready", "sign_in", "released", "open")
        await sit_all((await slips_of(stage, exam["id"]))[:2], lambda _number, _question: 0, pace_s=PACE.answer_s)
        yield Day(stage, browser, exam)


async def test_the_pages_of_those_who_conduct(day: Day) -> None:
    exam = day.exam["id"]
    faults: list[str] = []
    async with page_of(day.browser) as page:
        await page.goto(f"{day.stage.url}/login")
        await expect(page.get_by_label("Tên đăng nhập")).to_be_visible()
        faults += await look(page, "login")
        await day.enter(page, "/console")
        for tab in TABS:
            await page.goto(f"{day.stage.url}/console#{tab}")
            await expect(page.locator(".tabs [aria-current=page]")).to_be_visible(timeout=UP_MS)
            await page.wait_for_load_state("networkidle")
            faults += await in_both_grounds(page, f"console-{tab}")
        await page.goto(f"{day.stage.url}/console#exams")
        await page.get_by_role("button", name=re.compile(day.exam["title"])).click()
        await expect(page.get_by_text("Mã đề").first).to_be_visible()
        await page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
        await page.wait_for_load_state("networkidle")
        steps = page.get_by_role("button", name=re.compile(r"^\d\. "))
        for step in range(await steps.count()):
            await steps.nth(step).click()
            await page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
            await page.wait_for_load_state("networkidle")
            faults += await in_both_grounds(page, f"console-exam-{step + 1}")
        await page.goto(f"{day.stage.url}/wall")
        await expect(page.locator(".tile.face-idle")).to_contain_text("Chưa nối")
        await expect(page.locator(".tile")).to_have_count(2)
        faults += await in_both_grounds(page, "wall")
        await page.goto(f"{day.stage.url}/duty")
        await expect(page.get_by_text("Việc còn mở của tôi")).to_be_visible()
        faults += await in_both_grounds(page, "duty")
        await page.goto(f"{day.stage.url}/wall?view=pictures")
        await expect(page.locator(".plate img")).to_be_visible(timeout=30_000)
        faults += await in_both_grounds(page, "wall-rooms")
        await page.goto(f"{day.stage.url}/readiness")
        await expect(page.locator(".ready-row, .ready-well").first).to_be_visible()
        faults += await in_both_grounds(page, "readiness")
        await page.goto(f"{day.stage.url}/readiness#rehearsals")
        await page.get_by_role("button", name="Lên lịch tổng duyệt").click()
        await expect(page.get_by_label("Tên", exact=True)).to_be_visible()
        faults += await look(page, "readiness-plan")
        await page.keyboard.press("Escape")
        faults += await in_both_grounds(page, "readiness-rehearsals")
        await page.goto(f"{day.stage.url}/board/{exam}")
        await expect(page.locator("main")).to_be_visible()
        await page.wait_for_timeout(500)
        faults += await in_both_grounds(page, "board")
    assert "\n".join(faults) == ""


async def test_the_pages_of_a_lecture(day: Day) -> None:
    session = (await day.stage.admin.get("/api/v1/sessions"))[0]["id"]
    links = f"/api/v1/sessions/{session}/links"
    lecturer, assistant = [(await day.stage.admin.post(links, {"kind": kind}))["address"] for kind in LINKS]
    faults: list[str] = []
    async with page_of(day.browser) as page, page_of(day.browser) as room:
        await page.goto(lecturer)
        await expect(page.get_by_role("button", name="LÊN SÓNG")).to_be_enabled(timeout=UP_MS)
        faults += await in_both_grounds(page, "lecturer")
        deck = FilePayload(name="Bài giảng.pdf", mimeType="application/pdf", buffer=pdf(2))
        await page.locator(".slides input[type=file]").set_input_files(deck)
        await page.get_by_role("button", name="CHIẾU LÊN CÁC PHÒNG").click(timeout=UP_MS)
        await expect(page.get_by_role("button", name="Trang sau")).to_be_visible(timeout=UP_MS)
        await room.goto(day.stage.schools[0].screen_url)
        await expect(room.locator("button.hand")).to_be_visible(timeout=UP_MS)
        await room.keyboard.press("F2")
        await expect(page.locator(".hands li")).to_be_visible(timeout=UP_MS)
        faults += await in_both_grounds(page, "lecturer-slides")
        faults += await in_both_grounds(room, "screen-slides", day.on_the_screen)
        await page.context.clear_cookies()
        await page.goto(assistant)
        await expect(page.get_by_role("button", name="Trang sau")).to_be_visible(timeout=UP_MS)
        faults += await in_both_grounds(page, "assistant")
    async with page_of(day.browser) as page:
        await day.enter(page, "/console#sessions")
        await page.get_by_role("button", name=TOPIC).click()
        await page.get_by_text("Thông báo lên màn hình các phòng").wait_for()
        await page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
        faults += await in_both_grounds(page, "console-session")
        await page.get_by_role("button", name="Thêm nguồn hình").click()
        faults += await look(page, "console-source")
        await page.goto(f"{day.stage.url}/floor/{session}")
        await expect(page.locator(".hands li")).to_be_visible()
        faults += await in_both_grounds(page, "floor")
        await page.goto(f"{day.stage.url}/recordings")
        await expect(page.locator("h1")).to_be_visible()
        await page.wait_for_load_state("networkidle")
        faults += await in_both_grounds(page, "recordings")
    assert "\n".join(faults) == ""


async def test_the_page_of_one_site_at_a_desk_and_on_a_phone(day: Day) -> None:
    faults: list[str] = []
    for size, name in ((WIDE, "site"), (PHONE, "site-phone")):
        async with page_of(day.browser, size) as page:
            await day.enter(page, "/wall")
            await page.locator(f".tile[data-site='{day.stage.schools[0].id}']").click()
            await page.get_by_role("link", name="Xem đủ").click()
            presence = page.get_by_role("img", name=re.compile("Có mặt: .*Trực tuyến"))
            await expect(presence).to_be_visible()
            await expect(page.get_by_role("img", name=re.compile("Camera: .*Tốt"))).to_be_visible()
            await page.get_by_role("button", name="1 giờ").click()
            await expect(page.get_by_role("button", name="1 giờ")).to_have_attribute("aria-pressed", "true")
            await page.wait_for_load_state("networkidle")
            box = await presence.bounding_box()
            assert box is not None
            await presence.click(position={"x": box["width"] - 0.5, "y": box["height"] / 2})
            await expect(page.locator("figcaption")).to_contain_text("trung tâm thấy")
            wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{name} scrolls sideways by {wide} px"
            await page.evaluate("scrollTo(0, 0)")
            faults += await in_both_grounds(page, name)
    assert "\n".join(faults) == ""


async def test_the_pages_of_attendance(day: Day) -> None:
    session = (await day.stage.admin.get("/api/v1/sessions"))[0]["id"]
    call = await day.stage.admin.post(f"/api/v1/sessions/{session}/roll-calls", {"frames": 3, "span_ms": 500})
    plan = {"at_start": True, "after_break": True, "at_random": 1, "settle_s": 300, "apart_s": 600}
    await day.stage.admin.put(f"/api/v1/sessions/{session}/roll-plan", plan)

    async def answered() -> bool:
        told = await day.stage.admin.get(f"/api/v1/roll-calls/{call['id']}/numbers")
        return bool(told["total"]["answered"])

    await until_told(answered, "the count")
    faults: list[str] = []
    async with page_of(day.browser) as page:
        await day.enter(page, f"/console#attendance/{session}")
        for view in ("numbers", "plan", "pictures", "presence", "proof"):
            await page.goto(f"{day.stage.url}/console#attendance/{session}/{view}/{call['id']}")
            await expect(page.locator(f".stack .tabs [href*='/{view}/'][aria-current=page]")).to_be_visible()
            await page.wait_for_load_state("networkidle")
            faults += await in_both_grounds(page, f"attendance-{view}")
        await page.goto(f"{day.stage.url}/console#attendance/{session}/numbers/{call['id']}")
        await page.get_by_role("button", name=re.compile("^Mở ")).click()
        faults += await look(page, "attendance-room")
    assert "\n".join(faults) == ""


async def test_the_pages_of_results(day: Day) -> None:
    exam = await day.marked()
    faults: list[str] = []
    async with page_of(day.browser) as page:
        await day.enter(page, "/results")
        await expect(page.locator("a.choice")).to_have_count(1)
        faults += await in_both_grounds(page, "results-choose")
        for tab in ("results", "reach", "revise", "analysis"):
            await page.goto(f"{day.stage.url}/results/{exam}#{tab}")
            await expect(page.locator(".tabs [aria-current=page]")).to_be_visible(timeout=UP_MS)
            await page.wait_for_load_state("networkidle")
            faults += await in_both_grounds(page, f"results-{tab}")
        await page.goto(f"{day.stage.url}/results/{exam}")
        place = await page.locator("a[href*='/places/']").first.get_attribute("href")
        await page.goto(f"{day.stage.url}{place}")
        await expect(page.locator("h1")).to_be_visible()
        await page.wait_for_load_state("networkidle")
        faults += await in_both_grounds(page, "results-place")
    assert "\n".join(faults) == ""


async def test_the_pages_that_need_no_account(day: Day) -> None:
    faults: list[str] = []
    async with page_of(day.browser, PHONE) as page:
        for path, name in ((f"/portal/{await day.marked()}", "portal"), ("/officers", "officers"), ("/essay", "essay")):
            await page.goto(f"{day.stage.url}{path}")
            await expect(page.locator("h1, h2").first).to_be_visible()
            faults += await in_both_grounds(page, name)
    assert "\n".join(faults) == ""


async def test_a_rescue_file_is_taken_in_with_a_clear_result(day: Day) -> None:
    folder, candidate = day.stage.folder, (await slips_of(day.stage, day.exam["id"]))[0]
    public = X25519PrivateKey.from_private_bytes(load_keys(folder / "centre").box).public_key().public_bytes_raw()
    key = "ab" * 32
    said = RescuedMessage("answer", "s1", 1, message_mark(key, "answer", "s1", 1, "item-1", "opt-1"), "item-1", "opt-1")
    rescue = Rescue(day.exam["id"], candidate.number, time.time() * 1000, [Root("s1", key=key)], [said])
    blob = MAGIC + seal_to(public, msgspec.json.encode(rescue))
    async with page_of(day.browser) as page:
        await day.enter(page, "/console#exams")
        await page.get_by_role("button", name=re.compile(day.exam["title"])).click()
        await page.get_by_text("Việc cần người quyết định").click()
        chosen = page.get_by_label("Nhập tệp cứu bài")
        await chosen.set_input_files(FilePayload(name="cuu-bai", mimeType="application/octet-stream", buffer=b"x" * 90))
        await expect(page.get_by_role("alert")).to_be_visible()
        await chosen.set_input_files(FilePayload(name="cuu-bai", mimeType="application/octet-stream", buffer=blob))
        await expect(page.get_by_text("1 câu trả lời mới, chờ người quyết định")).to_be_visible()
        await expect(page.get_by_text("vào bằng mã PIN: cần đối chiếu danh tính")).to_be_visible()
        await expect(page.locator("tr", has_text=candidate.number).first).to_be_visible()
        await page.get_by_text("1 câu trả lời mới").scroll_into_view_if_needed()
        assert await look(page, "rescue") == []
        await chosen.set_input_files(FilePayload(name="cuu-bai", mimeType="application/octet-stream", buffer=blob))
        await expect(page.get_by_text("1 câu trung tâm đã có")).to_be_visible()


async def test_no_page_is_left_out() -> None:
    """Each page of the dashboard is looked at above (one recording: in test_recordings_page)."""
    assert {each.stem for each in DASHBOARD.glob("src/*.html")} == LOOKED_AT


LOSE_THE_SWITCHES = """for (const each of document.querySelectorAll('button'))
  if (/^(English|Nền sáng|Nền tối)$/.test(each.textContent.trim())) each.remove()"""


async def test_a_page_that_lost_its_switches_would_be_found(day: Day) -> None:
    async with page_of(day.browser) as page:
        await page.goto(f"{day.stage.url}/officers")
        await expect(page.get_by_role("button", name="English", exact=True)).to_be_visible()
        await page.evaluate(LOSE_THE_SWITCHES)
        assert await in_both_grounds(page, "officers") == [
            "officers-1920-vi: no switch to English in sight",
            "officers-1920: no switch of grounds in sight",
            "officers-390-vi: no switch to English in sight",
            "officers-390: no switch of grounds in sight",
        ]


async def test_a_button_without_a_name_would_be_found(day: Day) -> None:
    async with page_of(day.browser) as page:
        await page.goto(f"{day.stage.url}/officers")
        await expect(page.locator("h1, h2").first).to_be_visible()
        await page.evaluate("document.querySelector('main').append(document.createElement('button'))")
        assert [fault.split(":")[0] for fault in await serious_faults(page)] == ["button-name"]


async def test_the_pages_of_a_site(day: Day) -> None:
    (school,) = day.stage.schools
    here = school.screen_url.removesuffix("/screen")
    faults: list[str] = []
    for path, name, shown in (
        ("/screen", "screen", "body"),
        ("/desk", "desk", "h1, h2"),
        ("/guide", "guide", ".finding"),
        ("/invigilate", "invigilate", "h1, h2, form"),
        (f"{school.desk_url}phone", "phone", "h1"),
        (school.desk_url, "exam", "h1, h2"),
    ):
        async with page_of(day.browser) as page:
            await page.goto(path if path.startswith("http") else f"{here}{path}")
            await expect(page.locator(shown).first).to_be_visible()
            await page.wait_for_timeout(500)
            faults += await in_both_grounds(page, name, day.on_the_screen if name == "screen" else None)
    assert "\n".join(faults) == ""
