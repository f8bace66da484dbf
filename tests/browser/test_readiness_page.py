"""The board of readiness in Chromium: what a site says while a lecture runs."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import ViewportSize, expect

from tests.doubles.axe import serious_faults
from tests.doubles.browsers import SIGNED_MS, chromium, log_in, page_of, picture
from tests.doubles.ready_agents import ready_province
from wire.readiness import Check, CheckName, CheckState

pytestmark = pytest.mark.timeout(120)

WIDE = ViewportSize(width=1920, height=1080)
PUT_OFF = {CheckName.COUNTING: "Đếm người", CheckName.SPEAKER: "Loa", CheckName.FLUSH: "Ghi chắc xuống đĩa"}
WHY = "Hoãn vì đang học hoặc đang thi"


async def test_why_checks_are_put_off_is_said_once_and_each_of_them_can_be_waived(tmp_path: Path) -> None:
    async with (
        ready_province(tmp_path, sites=1) as province,
        chromium() as browser,
        page_of(browser, WIDE) as page,
        AsyncExitStack() as stack,
        asyncio.TaskGroup() as tasks,
    ):
        agent = await province.join(stack, tasks, province.sites[0])
        dark = Check(name=CheckName.CAMERA, state=CheckState.BAD, reason="dark")
        later = [Check(name=name, state=CheckState.WAITING, reason="not_now") for name in PUT_OFF]
        await agent.certify(dark, *later)
        await page.goto(f"{province.url}/readiness")
        await log_in(page, "admin", province.accounts["admin"])
        row = page.locator(".ready-row")
        await expect(row.get_by_text(WHY)).to_have_count(1, timeout=SIGNED_MS)
        await expect(row.get_by_text("Sẽ tự kiểm tra lại sau buổi học")).to_have_count(1)
        for name in PUT_OFF.values():
            await expect(row.locator(".postponed").get_by_text(name)).to_be_visible()
        await expect(row.locator(".postponed").get_by_role("button", name="Miễn")).to_have_count(len(PUT_OFF))
        await expect(page.locator(".ready-kinds").get_by_text(WHY)).to_have_count(1)
        faults = await serious_faults(page)
        await picture(page, "readiness-put-off")
        await page.get_by_role("button", name="Lịch sử").click()
        history = page.get_by_role("dialog")
        await expect(history.get_by_text(WHY)).to_have_count(1)
        await expect(history.get_by_text(", ".join(PUT_OFF.values()))).to_be_visible()
        await picture(page, "readiness-put-off-history")
        assert faults == []
        await stack.aclose()
