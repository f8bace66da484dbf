"""The alarm strip of the wall in a real browser: what is new stands out, two clicks take it, axe finds nothing."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator

import msgspec
import pytest
import pytest_asyncio
from playwright.async_api import Browser, ViewportSize, expect

from orchestrator.alarms.views import AlarmView, WorkView
from tests.doubles.alarm_wall import Drawn, alarm, alarm_wall, held_by
from tests.doubles.axe import serious_faults
from tests.doubles.browsers import chromium, page_of, picture

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(90)]

SIZES = (ViewportSize(width=1920, height=1080), ViewportSize(width=390, height=844))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as made:
        yield made


def bad_day() -> tuple[Drawn, list[AlarmView], list[WorkView]]:
    """A district gone, some rooms in trouble of their own, some of it in somebody's hands, work elsewhere."""
    drawn = Drawn(80)
    districts = sorted({card.district for card in drawn.known.values()})
    gone = drawn.of(districts[0])
    drawn.silent = set(gone)
    now_ms = time.time_ns() // 1_000_000
    district = {"scope": "district", "name": districts[0], "sites": gone, "most": len(gone), "of": len(gone)}
    alarms = [
        alarm(1, **district, severity=3, since_ms=now_ms - 9_000),
        alarm(2, severity=3, trouble="exam", taken=held_by("Bình", 30, "đã gọi")),
        alarm(3, trouble="sound", loud=True, level=1),
        *(alarm(number, trouble="camera", severity=1) for number in range(4, 11)),
    ]
    works = [WorkView("work-1", "district", districts[1], 0, now_ms + 3_600_000, "ha", "Thay cáp", gone[:5])]
    return drawn, alarms, works


async def test_what_is_new_and_who_has_it_is_seen_at_once(browser: Browser) -> None:
    drawn, alarms, works = bad_day()
    async with alarm_wall(drawn, alarms, works) as (url, _):
        for size in SIZES:
            async with page_of(browser, size) as page:
                await page.goto(url)
                strip = page.get_by_role("region", name="Báo động")
                await expect(strip.get_by_text("MỚI")).to_have_count(1)
                await expect(strip.get_by_text("CHƯA AI NHẬN").first).to_be_visible()
                await expect(strip.get_by_text(re.compile(r"Còn \d+ báo động"))).to_be_visible()
                await expect(strip.get_by_text("Thay cáp")).to_be_visible()
                faces = await strip.locator(".alarm-card:not(.rest)").evaluate_all(
                    "all => all.map(one => one.className)"
                )
                reds = ["of-bad" in face for face in faces]
                assert reds == sorted(reds, reverse=True), faces
                assert reds.count(True) == 2
                assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
                faults = await serious_faults(page)
                await picture(page, f"alarms-{size['width']}")
                await page.get_by_role("button", name="Nền sáng").click()
                faults += await serious_faults(page, ("color-contrast",))
                await picture(page, f"alarms-{size['width']}-light")
                assert "\n".join(faults) == ""


async def test_two_clicks_take_an_alarm(browser: Browser) -> None:
    drawn, alarms, _ = bad_day()
    async with alarm_wall(drawn, alarms[:1]) as (url, asked), page_of(browser, SIZES[0]) as page:
        await page.goto(url)
        await page.get_by_role("button", name=re.compile("CHƯA AI NHẬN")).click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        await expect(page.locator(".under li")).to_have_count(len(alarms[0].sites))
        faults = await serious_faults(page)
        await page.get_by_role("button", name="30 phút").click()
        await expect(page.get_by_role("dialog")).to_have_count(0)
        assert asked == [(alarms[0].id, {"for_s": 1800, "sticky": False, "word": ""})]
        assert "\n".join(faults) == ""


async def test_what_a_colleague_has_is_taken_over_from_them_by_name(browser: Browser) -> None:
    drawn, alarms, _ = bad_day()
    async with alarm_wall(drawn, alarms[1:2]) as (url, asked), page_of(browser, SIZES[0]) as page:
        await page.goto(url)
        await page.get_by_role("button", name=re.compile(r"Bình đang xử lý đến \d\d:\d\d")).click()
        await expect(page.get_by_role("button", name="30 phút")).to_have_count(0)
        await page.get_by_role("button", name="Nhận thay Bình").click()
        await page.get_by_role("button", name="30 phút").click()
        await expect(page.get_by_role("dialog")).to_have_count(0)
        assert asked == [(alarms[1].id, {"for_s": 1800, "sticky": False, "word": "", "instead_of": "bình"})]


async def test_a_number_is_shown_as_it_was_written_and_dialled_without_its_spaces(browser: Browser) -> None:
    drawn, alarms, _ = bad_day()
    site = alarms[1].sites[0]
    drawn.known[site] = msgspec.structs.replace(drawn.known[site], phone="+84 912 345 678")
    async with alarm_wall(drawn, alarms[1:2]) as (url, _), page_of(browser, SIZES[0]) as page:
        await page.goto(url)
        await page.get_by_role("button", name=re.compile("Bình đang xử lý")).click()
        number = page.locator(".under a", has_text="+84 912 345 678")
        await expect(number).to_have_attribute("href", "tel:+84912345678")


async def test_a_calm_wall_says_that_there_are_no_alarms(browser: Browser) -> None:
    async with alarm_wall(Drawn(20), []) as (url, _), page_of(browser, SIZES[0]) as page:
        await page.goto(url)
        await expect(page.get_by_text("Không có báo động")).to_be_visible()


async def test_a_television_shows_the_sites_in_trouble_and_no_grouping_hides_any(browser: Browser) -> None:
    drawn, alarms, _ = bad_day()
    async with alarm_wall(drawn, alarms) as (url, _), page_of(browser, SIZES[0]) as page:
        await page.goto(url)
        await expect(page.locator(".loudest h2 .button")).to_be_visible()
        await page.evaluate("document.documentElement.classList.add('kiosk')")
        await expect(page.locator(".loudest h2 .button")).to_be_hidden()
        await expect(page.locator(".loud-tiles .tile.face-bad").first).to_be_visible()
        await page.goto(f"{url}?by=none")
        await expect(page.locator(".band-tiles .tile")).to_have_count(len(drawn.known))
