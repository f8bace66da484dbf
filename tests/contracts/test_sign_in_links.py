"""Links that sign an officer in once, over real HTTP and SQLite."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from orchestrator.access.links import Link
from orchestrator.access.model import Role
from orchestrator.errors import Refused
from tests.doubles.centre import Centre, Page, running_centre

S = 10**9


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    async with running_centre(tmp_path) as running:
        yield running


async def made(centre: Centre, *, from_s: int = 0, until_s: int = 3600) -> Link:
    now = centre.clock.now_ns()
    return await centre.to_sign_in.make(
        "ann", "canbo1-abc", "Cán bộ 1", Role.OFFICER, now + from_s * S, now + until_s * S
    )


async def followed(page: Page, token: str, origin: str = "") -> tuple[int, Any]:
    return await page.call("POST", "/api/v1/login/link", {"token": token}, Origin=origin or page.base)


async def deeds(centre: Centre) -> list[tuple[str, str]]:
    rows = await centre.database.read(lambda conn: centre.audit.newest(conn, 50))
    return [(row.who, row.action) for row in rows]


async def test_a_link_signs_its_officer_in_once_and_both_uses_are_on_record(centre: Centre) -> None:
    link = await made(centre)
    async with centre.page() as page, centre.page() as other:
        status, me = await followed(page, link.token)
        assert (status, me["person"]["name"], me["actions"], me["must_change"]) == (
            200, "Cán bộ 1", ["exams.release"], False,
        )  # fmt: skip
        assert (await page.call("GET", "/api/v1/me"))[0] == 200
        status, told = await followed(other, link.token)
        assert (status, told["code"]) == (401, "bad_link")
    assert {("ann", "link.made"), ("canbo1-abc", "link.used"), ("?", "link.refused")} <= set(await deeds(centre))


async def test_an_early_link_stays_good_and_an_expired_one_is_refused(centre: Centre) -> None:
    link = await made(centre, from_s=60, until_s=120)
    async with centre.page() as page:
        assert (await followed(page, link.token))[1]["code"] == "too_early"
        centre.clock.advance(61)
        assert (await followed(page, link.token))[0] == 200
        late = await made(centre, until_s=10)
        centre.clock.advance(10)
        assert (await followed(page, late.token))[1]["code"] == "bad_link"
        with pytest.raises(Refused, match="expired"):
            await made(centre, until_s=0)


async def test_a_new_link_takes_the_place_of_the_one_before_and_ends_its_session(centre: Centre) -> None:
    first = await made(centre)
    second = await made(centre)
    async with centre.page() as page:
        assert (await followed(page, first.token))[0] == 401
        assert (await followed(page, second.token))[0] == 200
        await made(centre)
        assert (await page.call("GET", "/api/v1/me"))[0] == 401


async def test_a_foreign_page_cannot_follow_a_link_and_a_guesser_is_slowed(centre: Centre) -> None:
    link = await made(centre)
    async with centre.page() as page:
        assert (await followed(page, link.token, origin="http://elsewhere.example"))[0] == 403
        codes = {(await followed(page, f"guess {n}"))[0] for n in range(31)}
        assert codes == {401, 429}


async def test_a_link_never_signs_in_somebody_of_another_role(centre: Centre) -> None:
    await centre.person(Role.PLANNER)
    with pytest.raises(Refused, match="username_taken"):
        await centre.to_sign_in.make("ann", "planner", "Kẻ khác", Role.OFFICER, 0, centre.clock.now_ns() + S)
