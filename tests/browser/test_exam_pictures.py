"""A question with images and a table on a phone, and a page that nobody looks at while the exam ends."""

import hashlib
import io
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.async_api import expect

from tests.doubles.exam_centre import ExamCentre
from tests.doubles.exam_room import agent_with, answer, candidate_browser, expect_mark, kept_answers, look, room_network
from tests.doubles.school_network import SchoolNetwork
from wire.ids import ItemId, OptionId, new_id
from wire.paper import Item, Option, Picture

S = 1_000_000_000
TEXT = """Bảng dưới đây là điểm của hai lớp; hình vẽ là biểu đồ của lớp 5A.
Lớp | Giỏi | Khá | Trung bình
5A | 12 | 15 | 3
5B | 9 | 18 | 4
[Hình 1]
Nhận xét nào đúng?"""
WORDS = ("Lớp 5A có nhiều học sinh giỏi hơn", "Biểu đồ nào đúng? [Hình 2]", "Hai lớp bằng nhau", "Lớp 5B giỏi hơn")


@pytest.fixture
def network() -> Iterator[SchoolNetwork]:
    with room_network() as made:
        yield made


def chart(width: int, height: int, bars: tuple[int, ...]) -> Picture:
    """A bar chart as a paper carries it."""
    drawn = Image.new("RGB", (width, height), "white")
    pen, step = ImageDraw.Draw(drawn), width // (len(bars) + 1)
    for place, bar in enumerate(bars, 1):
        pen.rectangle((place * step - step // 3, height - bar * height // 22, place * step + step // 3, height), "navy")
    out = io.BytesIO()
    drawn.save(out, "PNG")
    name = hashlib.sha256(out.getvalue()).hexdigest()[:16]
    return Picture(name, "image/png", width, height, out.getvalue())


def question(pictures: tuple[Picture, ...]) -> Item:
    options = tuple(Option(OptionId(new_id("opt")), words) for words in WORDS)
    return Item(ItemId(new_id("item")), TEXT, options, images=tuple(picture.id for picture in pictures))


async def test_images_and_a_table_are_seen_on_a_phone_and_a_hidden_page_tells_the_truth_after_the_close(
    network: SchoolNetwork, tmp_path: Path
) -> None:
    pictures = (chart(1200, 700, (12, 15, 3)), chart(240, 160, (9, 18, 4)))
    first = question(pictures)
    centre = ExamCentre(time.time_ns() + 5 * S, duration_s=25, questions=3, first=first, pictures=pictures)
    async with agent_with(network, tmp_path, centre) as agent, candidate_browser(network, tmp_path) as browser:
        page = await browser.new_page()
        await page.goto(f"{agent.url}/exam/#v={centre.slips['SBD001'][1]}")
        await expect(page.locator(".question")).to_have_count(3, timeout=20_000)
        cells = page.locator("#q0 .paper-table td")
        await expect(cells).to_have_text(
            ["Lớp", "Giỏi", "Khá", "Trung bình", "5A", "12", "15", "3", "5B", "9", "18", "4"]
        )
        chart_ = page.get_by_alt_text("Hình 1 của câu 1")
        await expect(chart_).to_have_js_property("naturalWidth", 1200)
        await expect(page.locator("#q0 .picture")).to_have_count(2)
        await expect(page.locator("#q0 .option img")).to_have_js_property("naturalWidth", 240)
        box = await chart_.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390
        await look(page, "phone-15-pictures")
        await chart_.click()
        enlarged = page.get_by_role("dialog").get_by_role("img")
        await expect(enlarged).to_be_visible()
        await look(page, "phone-16-enlarged")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await page.locator("#q0 .option img").click()
        await expect(enlarged).to_be_visible()
        await expect(page.locator("#q0 .option.chosen")).to_have_count(0)
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await answer(page, 0, 0)
        await expect_mark(page, 0, "trường đã lưu")

        session = await browser.new_cdp_session(page)
        await session.send("Page.setWebLifecycleState", {"state": "frozen"})
        other = await browser.new_page()
        await other.goto(agent.url + "/exam/missing")
        await other.wait_for_timeout(max(0, (centre.t0_ns - time.time_ns()) // 1_000_000 + 26_000))
        await other.close()
        await session.send("Page.setWebLifecycleState", {"state": "active"})
        await expect(page.get_by_role("heading", name="Đã hết giờ làm bài")).to_be_visible(timeout=20_000)
        await expect(page.locator(".option")).to_have_count(0)
        await look(page, "phone-17-back-after-the-close")
    assert await kept_answers(tmp_path, "SBD001") == {first.id: first.options[0].id}
