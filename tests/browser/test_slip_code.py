"""The printed code of a slip typed at the door, as somebody types it who has no camera and is tired."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.doubles.exam_centre import ExamCentre
from tests.doubles.exam_room import DESKTOP, PHONE, Screen, agent_with, candidate_browser, look, room_network
from tests.doubles.school_network import SchoolNetwork

S = 1_000_000_000


@pytest.fixture
def network() -> Iterator[SchoolNetwork]:
    with room_network() as made:
        yield made


async def typed(page: Page, text: str) -> None:
    """Into the field that is there, and entered."""
    await page.get_by_label("Mã phiếu").fill(text)
    await page.get_by_role("button", name="Vào bằng mã phiếu").click()


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=lambda screen: screen.name)
async def test_a_code_is_read_however_it_is_typed_and_counts_as_the_slip_itself(
    network: SchoolNetwork, tmp_path: Path, screen: Screen
) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + 60 * S, questions=4)
    printed = centre.slips["SBD002"][1]
    async with agent_with(network, tmp_path, centre) as agent, candidate_browser(network, tmp_path, screen) as browser:
        page = await browser.new_page()
        await page.goto(agent.url)
        await page.get_by_role("button", name="Nhập mã phiếu").click()
        await expect(page.get_by_label("Mã phiếu")).to_be_focused()
        await typed(page, printed[:-2])
        await expect(page.get_by_role("alert")).to_contain_text("Mã còn thiếu 2 ký tự")
        await look(page, f"{screen.name}-slip-code-1-few")
        await typed(page, printed.replace(printed[0], "Á", 1))
        await expect(page.get_by_role("alert")).to_contain_text("tắt bộ gõ")
        await typed(page, printed.lower().replace("-", " ").replace("0", "o").replace("1", "l"))
        await expect(page.locator("header")).to_contain_text("SBD002")
        await expect(page.locator(".amber")).to_have_count(0)
        assert printed not in page.url


async def test_a_mistyped_code_and_one_of_another_exam_are_told_apart_and_the_door_stays(
    network: SchoolNetwork, tmp_path: Path
) -> None:
    centre, other = (ExamCentre(t0_ns=time.time_ns() + 60 * S, questions=4) for _ in range(2))
    strange = other.slips["SBD001"][1]
    async with agent_with(network, tmp_path, centre) as agent, candidate_browser(network, tmp_path, DESKTOP) as browser:
        page = await browser.new_page()
        said: list[str] = []
        async with page.expect_event("websocket") as opening:
            await page.goto(agent.url)
        line = await opening.value
        line.on("framesent", lambda frame: said.append(str(frame)))
        await page.get_by_role("button", name="Nhập mã phiếu").click()
        sign = next(each for each in "23456789" if each != strange[5])
        await typed(page, strange[:5] + sign + strange[6:])
        await expect(page.get_by_role("alert")).to_contain_text("Có ký tự gõ nhầm")
        await typed(page, strange)
        told = page.get_by_text("không thuộc bài thi đang mở ở đây")
        await expect(told).to_be_visible()
        # Once and for all: what the desk tells next changes nothing of it.
        for _ in range(2):
            await line.wait_for_event("framereceived", lambda frame: "welcome" in str(frame))
        assert sum('"voucher"' in each for each in said) == 1
        await expect(told).to_be_visible()
        await look(page, "slip-code-2-other-exam")
        await typed(page, centre.slips["SBD001"][1])
        await expect(page.locator("header")).to_contain_text("SBD001")
