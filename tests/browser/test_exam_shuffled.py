"""Two candidates with the same code, side by side in real browsers, in an exam that is shuffled for each of them."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.doubles.exam_centre import ExamCentre
from tests.doubles.exam_room import DESKTOP, agent_with, answer, candidate_browser, expect_mark, look, room_network
from tests.doubles.exam_room import kept_answers as kept
from tests.doubles.school_network import SchoolNetwork
from wire.ids import ItemId, OptionId, new_id
from wire.paper import Item, Option, Paper, Plan, Shuffle

S = 1_000_000_000
QUESTIONS = 6
NONE_OF_THEM = "Không có đáp án nào đúng"


@pytest.fixture
def network() -> Iterator[SchoolNetwork]:
    with room_network() as made:
        yield made


def with_a_pinned_end() -> Item:
    """A question whose last option keeps its place."""
    texts = ("Một", "Hai", "Ba", NONE_OF_THEM)
    options = tuple(Option(OptionId(new_id("opt")), text) for text in texts)
    return Item(ItemId(new_id("item")), "Câu có phương án ghim: số nguyên tố nào chẵn?", options, (options[3].id,))


async def seen(page: Page) -> list[tuple[str, list[str]]]:
    """Questions and options as they stand on the page, by their texts."""
    await expect(page.locator(".question")).to_have_count(QUESTIONS, timeout=20_000)
    found: list[tuple[str, list[str]]] = await page.evaluate(
        """() => [...document.querySelectorAll(".question")].map(question => [
             question.innerText, [...question.querySelectorAll(".option")].map(option => option.innerText)])"""
    )
    return found


def fits(shown: list[tuple[str, list[str]]], paper: Paper) -> bool:
    """Whether the page shows this paper in this order."""
    return len(shown) == len(paper.items) and all(
        item.text in text and all(option.text in each for option, each in zip(item.options, options, strict=True))
        for (text, options), item in zip(shown, paper.items, strict=True)
    )


async def test_two_candidates_of_one_code_see_different_orders_which_a_reload_keeps_and_their_answers_are_by_id(
    network: SchoolNetwork, tmp_path: Path
) -> None:
    plan = Plan(3600.0, 60.0, 1800.0, 0.0, shuffle=Shuffle.WHOLE)
    centre = ExamCentre(
        t0_ns=time.time_ns() + 8 * S, duration_s=120, questions=QUESTIONS, plan=plan, first=with_a_pinned_end()
    )
    people = ("SBD001", "SBD003")
    own = {number: centre.own_paper(number) for number in people}
    async with agent_with(network, tmp_path, centre) as agent, candidate_browser(network, tmp_path, DESKTOP) as browser:
        assert browser.browser is not None
        second = await browser.browser.new_context(locale="vi-VN")
        pages = {"SBD001": await browser.new_page(), "SBD003": await second.new_page()}
        for number, page in pages.items():
            await page.goto(f"{agent.url}/exam/#v={centre.slips[number][1]}")
            await expect(page.locator("header")).to_contain_text(number)
        for number, page in pages.items():
            shown = await seen(page)
            assert fits(shown, own[number]), shown
            pinned = next(options for text, options in shown if "phương án ghim" in text)
            assert NONE_OF_THEM in pinned[3]
            await look(page, f"shuffled-{number}")
        assert own["SBD001"].items != own["SBD003"].items

        for page in pages.values():
            for place in range(QUESTIONS):
                await answer(page, place, place % 4)
                await expect_mark(page, place, "trường đã lưu")
            await page.reload()
        for number, page in pages.items():
            assert fits(await seen(page), own[number])
            for place in range(QUESTIONS):
                await expect(page.locator(f"#q{place} .option").nth(place % 4).locator("input")).to_be_checked()

        device = await browser.browser.new_context(locale="vi-VN")
        elsewhere = await device.new_page()
        await elsewhere.goto(f"{agent.url}/exam/#v={centre.slips['SBD003'][1]}")
        assert fits(await seen(elsewhere), own["SBD003"])
        await expect(elsewhere.locator("#q1 .option").nth(1).locator("input")).to_be_checked()
    for number in people:
        chosen = {str(item.id): str(item.options[place % 4].id) for place, item in enumerate(own[number].items)}
        assert await kept(tmp_path, number) == chosen
