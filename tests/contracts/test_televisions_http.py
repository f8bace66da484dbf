"""Televisions over real HTTP and SQLite: let in once by a link, again by a key, until somebody takes it back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from orchestrator.access import login
from orchestrator.access.model import Role
from orchestrator.access.television_routes import KEY, KEY_PATH
from orchestrator.access.televisions import LINK_NS
from tests.doubles.centre import Centre, Page, running_centre


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    async with running_centre(tmp_path) as running:
        await running.person(Role.ADMINISTRATOR)
        await running.person(Role.OPERATOR)
        yield running


async def link(centre: Centre, name: str = "Ti-vi phòng trực") -> dict[str, Any]:
    async with centre.page("administrator") as page:
        status, made = await page.call("POST", "/api/v1/televisions", {"name": name})
        assert status == 201
        return dict(made)


async def knock(page: Page, token: str | None = None) -> tuple[int, Any]:
    return await page.call("POST", KEY_PATH, {"token": token} if token else {})


async def test_a_link_admits_one_browser_once_as_a_viewer(centre: Centre) -> None:
    made = await link(centre)
    async with centre.page() as television, centre.page() as other:
        assert (await knock(television, made["token"]))[0] == 200
        status, me = await television.call("GET", "/api/v1/me")
        assert (status, me["person"]["name"], me["person"]["role"]) == (200, "Ti-vi phòng trực", "television")
        status, told = await knock(other, made["token"])
        assert (status, told["code"]) == (401, "bad_link")


async def test_a_television_lets_itself_in_again_when_its_session_is_over(centre: Centre) -> None:
    made = await link(centre)
    async with centre.page() as television:
        await knock(television, made["token"])
        centre.clock.advance(login.LONGEST_NS / 1e9 + 1)
        assert (await television.call("GET", "/api/v1/me"))[0] == 401
        assert (await knock(television))[0] == 200
        assert (await television.call("GET", "/api/v1/me"))[0] == 200


async def test_one_that_was_taken_back_is_out_at_once_and_for_good(centre: Centre) -> None:
    made = await link(centre)
    async with centre.page() as television, centre.page("administrator") as page:
        await knock(television, made["token"])
        for _ in range(2):
            assert (await page.call("DELETE", f"/api/v1/televisions/{made['television']['id']}"))[0] == 200
        assert (await television.call("GET", "/api/v1/me"))[0] == 401
        status, told = await knock(television)
        assert (status, told["code"]) == (401, "bad_link")
        (listed,) = (await page.call("GET", "/api/v1/televisions"))[1]
        assert listed["revoked_ms"] is not None
    rows = await centre.database.read(lambda conn: centre.audit.newest(conn, 50))
    deeds = [row.action for row in rows]
    assert {"television.made", "television.entered", "television.taken_back"} <= set(deeds)
    assert deeds.count("television.taken_back") == 1


async def test_a_link_taken_back_or_too_old_admits_nobody(centre: Centre) -> None:
    back, old = await link(centre), await link(centre, "Khác")
    async with centre.page("administrator") as page, centre.page() as television:
        await page.call("DELETE", f"/api/v1/televisions/{back['television']['id']}")
        assert (await knock(television, back["token"]))[0] == 401
        centre.clock.advance(LINK_NS / 1e9)
        assert (await knock(television, old["token"]))[0] == 401


async def test_without_link_and_key_nobody_is_a_television(centre: Centre) -> None:
    async with centre.page() as page:
        status, told = await knock(page)
        assert (status, told["code"]) == (401, "no_key")


async def test_the_key_is_for_its_own_address_and_no_script(centre: Centre) -> None:
    made = await link(centre)
    async with centre.page() as television:
        async with television.http.post(
            centre.base + KEY_PATH, json={"token": made["token"]}, headers={"Origin": centre.base}
        ) as reply:
            key = reply.cookies[KEY]
        assert (key["path"], key["httponly"], key["samesite"]) == (KEY_PATH, True, "Strict")
        assert made["token"] not in key.value


async def test_an_operator_makes_no_televisions(centre: Centre) -> None:
    async with centre.page("operator") as page:
        assert (await page.call("POST", "/api/v1/televisions", {"name": "x"}))[0] == 403
        assert (await page.call("GET", "/api/v1/televisions"))[0] == 403


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "tên\u0000"])
async def test_a_name_is_a_line_of_text(centre: Centre, name: str) -> None:
    async with centre.page("administrator") as page:
        assert (await page.call("POST", "/api/v1/televisions", {"name": name}))[0] == 400
