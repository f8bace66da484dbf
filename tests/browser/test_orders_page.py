"""The page of orders: how many sites an order is for, how many of them are away, undone in time, withdrawn after."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, ViewportSize, expect

from tests.doubles.axe import serious_faults
from tests.doubles.browsers import chromium, picture
from tests.doubles.linked_province import LinkedProvince, linked_province
from tests.doubles.operators import WIDE, operator
from tests.doubles.small_day import until_told

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]

AWAY, THERE = "Huyện Yên Hà", "Huyện Phú Vân"
PHONE = ViewportSize(width=390, height=844)
SOON_MS = 20_000


class Desk:
    """An operator before the page of orders, while two of three sites are away."""

    def __init__(self, province: LinkedProvince, page: Page) -> None:
        self.province, self.page = province, page

    async def open(self) -> None:
        await self.page.goto(f"{self.province.url}/wall")
        await self.page.goto(f"{self.province.url}/console#orders")
        await expect(self.page.get_by_role("button", name="Ra lệnh (3)")).to_be_visible(timeout=SOON_MS)

    async def order_the_away(self) -> None:
        """Restart the screens of the district that is away, up to the click that sends it."""
        await self.page.get_by_label("Huyện, thành phố").select_option(AWAY)
        await self.page.get_by_role("button", name="Ra lệnh (2)").click()
        await self.page.get_by_label("Khởi động lại màn hình").check()

    async def newest(self) -> dict[str, Any]:
        orders = await self.province.admin.get("/api/v1/orders")
        found: dict[str, Any] = orders[0]
        return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("province")
    async with (
        linked_province(folder, {AWAY: 2, THERE: 1}, {}) as province,
        chromium() as browser,
        AsyncExitStack() as stack,
    ):
        province.lines[AWAY].partition()

        async def one_is_there() -> bool:
            return len((await province.admin.get("/api/v1/orders/reached"))["linked"]) == 1

        await until_told(one_is_there, "two sites that are away")
        page = await stack.enter_async_context(operator(browser, province.admin, province.url, "lan"))
        yield Desk(province, page)


async def test_an_order_says_for_how_many_sites_it_is_and_how_many_of_them_are_away(desk: Desk) -> None:
    page, dialog = desk.page, desk.page.get_by_role("dialog")
    await desk.open()
    await page.get_by_role("button", name="Ra lệnh (3)").click()
    await expect(dialog).to_contain_text("Gửi tới 3 điểm cầu · Tất cả")
    await expect(dialog).to_contain_text("2 đang mất kết nối")
    faults = await serious_faults(page)
    await picture(page, "orders-away")
    await page.set_viewport_size(PHONE)
    faults += await serious_faults(page)
    await picture(page, "orders-away-phone")
    await page.set_viewport_size(WIDE)
    assert "\n".join(faults) == ""
    await dialog.get_by_role("button", name="Đóng").click()
    await page.get_by_label("Huyện, thành phố").select_option(THERE)
    await page.get_by_role("button", name="Ra lệnh", exact=True).click()
    await expect(dialog).to_contain_text("Gửi tới 1 điểm cầu")
    await expect(dialog).not_to_contain_text("đang mất kết nối")


async def test_within_five_seconds_an_order_is_undone_with_one_click(desk: Desk) -> None:
    page, dialog = desk.page, desk.page.get_by_role("dialog")
    await desk.open()
    await desk.order_the_away()
    await expect(dialog).to_contain_text("Có 5 giây để hoàn tác sau khi bấm.")
    await dialog.get_by_role("button", name="Gửi tới 2 điểm cầu").click()
    # Its own click, as soon as it is there: the five seconds are not spent on waiting for frames.
    await dialog.get_by_role("button", name="Hoàn tác").dispatch_event("click")
    await expect(dialog).to_contain_text("Đã hoàn tác, không điểm cầu nào nhận lệnh.")
    await picture(page, "orders-undone")
    order = await desk.newest()
    assert (order["kind"], order["scope"], order["counts"]) == ("restart_screen", AWAY, {"undone": 2})
    await dialog.get_by_role("link", name="Xem ai đã trả lời").click()
    await expect(page.locator("tbody tr")).to_have_count(2)
    await expect(page.locator("tbody")).to_contain_text("hoàn tác trong 5 giây")


async def test_what_has_left_is_withdrawn_from_those_who_are_away(desk: Desk) -> None:
    page, dialog = desk.page, desk.page.get_by_role("dialog")
    await desk.open()
    await desk.order_the_away()
    await dialog.get_by_role("button", name="Gửi tới 2 điểm cầu").click()
    await dialog.get_by_role("link", name="Xem ai đã trả lời").click()
    await expect(page.locator(".standing")).to_contain_text("Chờ kết nối 2", timeout=SOON_MS)
    await page.get_by_role("button", name="Thôi lệnh này").click()
    await expect(dialog).to_contain_text("Những điểm cầu chưa kết nối sẽ không nhận lệnh nữa.")
    await dialog.get_by_role("button", name="Thôi lệnh này").click()
    await expect(page.locator(".standing")).to_contain_text("Đã huỷ 2")
    assert (await desk.newest())["counts"] == {"undone": 2}
