"""Behind a firewall that lets no UDP through, everything goes over coturn: pages over TCP, an agent over TLS; behind
one that lets one port of UDP through, an agent goes over that."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Page, WebSocket, expect

from tests.doubles.blocked_day import KEEP_PEERS, BlockedDay, blocked_day, paths
from tests.doubles.browsers import SIZE, picture, sign_in
from tests.doubles.floor_day import UP_MS, until_loud, until_quiet
from tests.doubles.small_day import local_state, until_told

LONG_S = 90.0


@pytest.mark.timeout(300)
async def test_where_udp_is_blocked_a_lecture_is_sent_and_seen_and_a_room_speaks_and_is_spoken_to(
    tmp_path: Path,
) -> None:
    async with blocked_day(tmp_path) as day:
        day.firewall.open_udp(day.turn.port)
        await until_told(lambda: agent_plays(day, "turn"), "the agent over the one open port of UDP", LONG_S)
        day.firewall.close_udp(day.turn.port)
        room, office = [await page_behind(day) for _ in range(2)]
        told: list[str | bytes] = []
        room.on("websocket", lambda line: keep_sent(line, told))
        await asyncio.gather(room.goto(day.school.screen_url), office.goto(f"{day.stage.url}/lecturer/{day.session}"))
        await lecture(day, room, office)
        await until_told(over_tcp(told), "the page's word of its way", LONG_S)
        await floor(room, office)
        for page in (room, office):
            assert set(await paths(page)) == {"relay tcp"}
        await private_word(day, room, office)
        for page in (room, office):
            assert set(await paths(page)) == {"relay tcp"}
        # Where not even TURN over TCP passes, TLS does; the agent of a room without a screen watches by itself.
        day.firewall.block_tcp(day.turn.port)
        await until_told(lambda: agent_plays(day, "tls"), "the agent over TLS", LONG_S)
        await office.goto(f"{day.stage.url}/wall")
        await office.locator(f".tile[data-site='{day.school.id}']").click()
        await expect(office.locator(".panel")).to_contain_text("đường vòng TLS", timeout=UP_MS)


async def page_behind(day: BlockedDay) -> Page:
    page = await (await day.browser.new_context(viewport=SIZE, locale="vi-VN")).new_page()
    await page.add_init_script(KEEP_PEERS)
    page.on("dialog", lambda dialog: dialog.accept())
    return page


def keep_sent(line: WebSocket, told: list[str | bytes]) -> None:
    def keep(frame: str | bytes) -> None:
        told.append(frame)

    line.on("framesent", keep)


def over_tcp(told: list[str | bytes]) -> Callable[[], Awaitable[bool]]:
    """Whether the screen page told its agent so."""

    async def said() -> bool:
        return any('"path":"tcp"' in str(one) for one in told)

    return said


async def agent_plays(day: BlockedDay, path: str) -> bool:
    screen = (await local_state(day.stage, day.school))["screen"]
    return bool(screen["state"] == "playing" and screen["path"] == path)


async def lecture(day: BlockedDay, room: Page, office: Page) -> None:
    """An operator lectures from the office; the school's screen plays it."""
    operator = await day.stage.admin.post(
        "/api/v1/people", {"username": "dieuhanh", "name": "Nguyễn Thị Lan", "role": "operator"}
    )
    await sign_in(office, "dieuhanh", operator["password"])
    await office.get_by_role("button", name="LÊN SÓNG").click(timeout=UP_MS)
    await expect(office.get_by_role("status").filter(has_text="ĐANG PHÁT")).to_be_visible(timeout=UP_MS)
    await until_loud(room, ".picture video")


async def floor(room: Page, office: Page) -> None:
    """The room asks for the floor, gets it, is heard, and is silent again."""
    await room.keyboard.press("F2")
    await office.get_by_role("button", name="phát biểu").click(timeout=UP_MS)
    await expect(room.locator(".on-air")).to_contain_text("ĐANG PHÁT BIỂU", timeout=UP_MS)
    await until_loud(office, ".room-voice")
    await office.get_by_role("button", name="Dừng phát biểu").click()
    await until_quiet(office, ".room-voice")


async def private_word(day: BlockedDay, room: Page, office: Page) -> None:
    """The operator leaves the lecture for a word with the room: each hears the other."""
    await office.goto(f"{day.stage.url}/floor/{day.session}")
    await office.locator(".floor-page select").select_option(day.school.id)
    await office.get_by_role("button", name="Nói riêng").click()
    await expect(room.locator(".on-air")).to_contain_text("TRAO ĐỔI RIÊNG", timeout=UP_MS)
    await until_loud(office, ".speaks .room-voice")
    await until_loud(room, ".floor .centre")
    await picture(room, "blocked-aside")
