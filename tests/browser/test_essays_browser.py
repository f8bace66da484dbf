"""Essays in a real browser: a phone whose line breaks, a marker at a desk, an operator who sees who lacks."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, FilePayload, Page, ViewportSize, expect

from orchestrator.access.model import Role
from orchestrator.essays.rights import EssayKeys, receipt
from tests.doubles.browsers import chromium, log_in, page_of, picture
from tests.doubles.centre import PASSWORD
from tests.doubles.essay_files import docx, with_parts
from tests.doubles.essay_hall import START_MS, Hall, essay_hall, plan_body

pytestmark = pytest.mark.asyncio(loop_scope="module")

PHONE = ViewportSize(width=390, height=780)
NUMBER = "10001"
PHOTO = bytes(range(256)) * 24_000
"""About 6 MB: at the phone's speed it takes long enough to be cut."""
LARGE = with_parts(docx("Bài thu hoạch của người có điện thoại."), {"word/media/image1.bmp": PHOTO})


def _stored() -> bytes:
    """The photo as it is: packed it would be too small to be cut."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(LARGE)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return out.getvalue()


FILE = _stored()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with essay_hall(tmp_path, sites=3, people=9) as hall:
        yield hall


async def enter(page: Page, hall: Hall, number: str = NUMBER) -> None:
    await page.goto(f"{hall.base}/essay")
    await page.get_by_label("Số báo danh").fill(number)
    await page.get_by_label("Mã nộp bài").fill(EssayKeys(hall.centre.keys.at_rest).code(hall.essay, number, 0))
    await page.get_by_role("button", name="Vào nộp bài").click()
    await expect(page.get_by_role("heading", name="Bồi dưỡng hè")).to_be_visible()


async def sign_in(page: Page, hall: Hall, role: Role, path: str) -> None:
    if role is not Role.PLANNER:
        await hall.centre.access.create_person("test", role.value, role.value.title(), role, PASSWORD)
    await page.goto(hall.base + path)
    await log_in(page, role.value, PASSWORD)
    await page.wait_for_url(lambda url: "/login" not in url)


async def test_a_phone_loses_its_line_in_the_middle_and_gets_its_receipt(hall: Hall, browser: Browser) -> None:
    async with page_of(browser, PHONE) as page:
        await enter(page, hall)
        line = await page.context.new_cdp_session(page)
        slow = {"offline": False, "latency": 40, "downloadThroughput": 500_000, "uploadThroughput": 400_000}
        await line.send("Network.enable")
        await line.send("Network.emulateNetworkConditions", slow)
        file = FilePayload(name="bai thu hoach.docx", mimeType="application/octet-stream", buffer=FILE)
        await page.locator("input[type=file]").set_input_files(file)
        await expect(page.get_by_text(re.compile(r"Đang gửi: [2-9]\d %"))).to_be_visible(timeout=60_000)
        await line.send("Network.emulateNetworkConditions", slow | {"offline": True})
        await expect(page.get_by_text("Mất mạng ở")).to_be_visible(timeout=40_000)
        await picture(page, "essay-phone-cut")
        await line.send("Network.emulateNetworkConditions", slow | {"uploadThroughput": -1})
        given = receipt(hall.essay, NUMBER, hashlib.sha256(FILE).digest())
        await expect(page.locator(".receipt .huge")).to_have_text(given, timeout=40_000)
        await expect(page.locator(".receipt .chip")).to_have_text("Đã nhận", timeout=20_000)
        await picture(page, "essay-phone-receipt")
        await page.reload()
        await expect(page.locator(".receipt .huge")).to_have_text(given)
        await page.get_by_role("button", name="Thoát").click()
        await page.get_by_role("button", name="Kiểm tra biên nhận").click()
        await page.get_by_label("Số báo danh").fill(NUMBER)
        await page.get_by_label("Biên nhận").fill(given)
        await page.locator("form .primary").click()
        await expect(page.locator(".receipt .huge")).to_have_text(given)


async def test_a_reload_in_the_middle_goes_on_with_the_same_file(hall: Hall, browser: Browser) -> None:
    async with page_of(browser, PHONE) as page:
        await enter(page, hall)
        line = await page.context.new_cdp_session(page)
        slow = {"offline": False, "latency": 40, "downloadThroughput": 500_000, "uploadThroughput": 400_000}
        await line.send("Network.enable")
        await line.send("Network.emulateNetworkConditions", slow)
        file = FilePayload(name="bai.docx", mimeType="application/octet-stream", buffer=FILE)
        await page.locator("input[type=file]").set_input_files(file)
        await expect(page.get_by_text(re.compile(r"Đang gửi: [4-9]\d %"))).to_be_visible(timeout=60_000)
        page.on("dialog", lambda dialog: dialog.accept())
        await page.reload()
        await line.send("Network.emulateNetworkConditions", slow | {"uploadThroughput": -1})
        await expect(page.get_by_text("Còn bài gửi dở: bai.docx")).to_be_visible()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.method) if "/uploads" in request.url else None)
        await page.locator("input[type=file]").set_input_files(file)
        await expect(page.locator(".receipt .huge")).to_be_visible(timeout=40_000)
        assert "HEAD" in asked
        assert "POST" not in asked


async def test_text_survives_a_reload_and_is_handed_in(hall: Hall, browser: Browser) -> None:
    async with page_of(browser, PHONE) as page:
        await enter(page, hall, "10002")
        await page.get_by_role("textbox", name="Viết bài tại đây").fill("Tôi đã học được rất nhiều điều.")
        await expect(page.get_by_text("Đã lưu lúc")).to_be_visible()
        await page.reload()
        await expect(page.get_by_role("textbox", name="Viết bài tại đây")).to_have_value(re.compile("rất nhiều"))
        await page.get_by_role("button", name="Nộp bài viết này").click()
        await page.get_by_role("dialog").get_by_role("button", name="Nộp bài viết này").click()
        await expect(page.locator(".receipt .huge")).to_be_visible()
        await picture(page, "essay-phone-text")


async def test_an_operator_sees_who_lacks_and_a_marker_marks(hall: Hall, browser: Browser) -> None:
    rubric = {"criteria": [{"name": "Nội dung", "most": 600}, {"name": "Vận dụng", "most": 400}]}
    hour = plan_body(START_MS + 3600 * 1000, **rubric)
    assert (await hall.planner.call("PUT", f"/api/v1/courses/{hall.course}/essay", hour))[0] == 200
    async with hall.writer(NUMBER) as writer:
        await writer.create(docx("Bài có đủ ba phần."))
        await writer.send(docx("Bài có đủ ba phần."), 0)
        await hall.checked(writer)
    async with page_of(browser) as page:
        await sign_in(page, hall, Role.OPERATOR, "/console#courses")
        await page.get_by_role("button", name=re.compile("Bồi dưỡng hè")).click()
        await expect(page.get_by_text("Chưa nộp 8")).to_be_visible()
        await page.locator("table button", has_text="TH0001").click()
        await expect(page.locator("ul li")).to_have_count(2)
        await expect(page.locator("a[href^='tel:']").first).to_be_visible()
        await picture(page, "essay-operator")
    hall.centre.clock.advance(3601)
    async with page_of(browser) as marker, page_of(browser) as planner:
        await sign_in(marker, hall, Role.MARKER, "/console")
        await hall.centre.access.create_person("test", "cham2", "Cham2", Role.MARKER, PASSWORD)
        await sign_in(planner, hall, Role.PLANNER, "/console#courses")
        await planner.get_by_role("button", name=re.compile("Bồi dưỡng hè")).click()
        for name in ("Marker", "Cham2"):
            await planner.get_by_label(name, exact=True).check()
        async with planner.expect_response(lambda reply: reply.url.endswith("/markers") and reply.ok) as saved:
            await planner.get_by_role("button", name="Lưu người chấm").click()
        assert (await saved.value).ok
        await planner.get_by_role("button", name="Chia bài cho người chấm").click()
        await expect(planner.get_by_text("Đã chia 2 lượt chấm")).to_be_visible()
        await picture(planner, "essay-planner")
        await marker.reload()
        await expect(marker.get_by_text("Đã chấm 0 / 1")).to_be_visible()
        await marker.get_by_role("button", name=re.compile("Bài 1")).click()
        await expect(marker.get_by_text("Bài có đủ ba phần.")).to_be_visible()
        await marker.get_by_label("Nội dung").fill("5")
        await marker.get_by_label("Vận dụng").fill("3.25")
        await marker.get_by_role("button", name="Ghi điểm").click()
        await expect(marker.get_by_text("Đã ghi điểm.")).to_be_visible()
        await expect(marker.get_by_text("8,25")).to_be_visible()
        assert NUMBER not in await marker.content()
        await picture(marker, "essay-marker")
