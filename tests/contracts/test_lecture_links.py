"""Links into one session, on a real centre: the first browser has it, may come again, and reaches nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from demo.operator import OrderRefused
from orchestrator.access.lecture_link_routes import KEY, KEY_PATH
from tests.doubles.lecture_centre import HOTLINE, LectureCentre, knock, lecture_centre
from tests.doubles.small_day import until_told
from tests.doubles.webrtc import Publisher

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def centre(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LectureCentre]:
    async with lecture_centre(tmp_path_factory.mktemp("centre")) as running:
        yield running


async def row_of(centre: LectureCentre, link: dict[str, Any]) -> dict[str, Any]:
    rows = await centre.admin.get(f"/api/v1/sessions/{centre.session}/links")
    found: dict[str, Any] = next(row for row in rows if row["id"] == link["link"]["id"])
    return found


async def test_the_first_browser_has_the_link_and_may_come_again(centre: LectureCentre) -> None:
    made = await centre.link()
    assert made["address"].startswith(f"{centre.url}/lecturer/{centre.session}#enter=")
    assert "<svg" in made["qr"]
    assert (await row_of(centre, made))["state"] == "unopened"
    async with centre.browser(made["token"]) as mine, centre.browser() as other:
        me = (await mine.call("GET", "/api/v1/me"))[1]
        assert (me["person"]["role"], me["person"]["session"]) == ("guest_lecturer", centre.session)
        assert (await knock(mine, token=made["token"]))[0] == 200
        assert (await knock(mine, session=centre.session))[0] == 200
        status, told = await knock(other, token=made["token"])
        assert (status, told["code"]) == (409, "link_used")
        status, told = await knock(other, session=centre.session)
        assert (status, told["code"]) == (401, "no_key")
    assert (await row_of(centre, made))["state"] == "opened"


async def test_a_browser_whose_answer_was_lost_may_ask_again(centre: LectureCentre) -> None:
    made = await centre.link()
    async with centre.browser() as lost, centre.browser() as again, centre.browser() as other:
        assert (await knock(lost, token=made["token"], mark="a mark of its own"))[0] == 200
        assert (await knock(other, token=made["token"], mark="another"))[0] == 409
        assert (await knock(other, token=made["token"], mark=""))[0] == 400
        assert (await knock(again, token=made["token"], mark="a mark of its own"))[0] == 200
        assert (await knock(again, session=centre.session))[0] == 200
        # The key that went astray opens nothing any more.
        assert (await knock(lost, session=centre.session))[0] == 401


async def test_one_browser_holds_links_of_two_sessions(centre: LectureCentre) -> None:
    second = await centre.plan("Chuyên đề hai")
    first_link, second_link = await centre.link(), await centre.link(session=second)
    async with centre.browser(first_link["token"]) as mine:
        assert (await knock(mine, token=second_link["token"]))[1] == {"session": second}
        assert (await knock(mine, session=centre.session))[1] == {"session": centre.session}
        assert (await knock(mine, session=second))[1] == {"session": second}


async def test_who_came_by_a_link_lectures_in_that_session_only(centre: LectureCentre) -> None:
    second = await centre.plan("Của người khác")
    made = await centre.link()
    async with centre.browser(made["token"]) as mine:
        own = f"/api/v1/sessions/{centre.session}"
        status, view = await mine.call("GET", own)
        assert (status, view["hotline"]) == (200, HOTLINE)
        assert view["now_ms"] > 0
        assert [each["id"] for each in (await mine.call("GET", "/api/v1/sessions"))[1]] == [centre.session]
        assert (await mine.call("POST", f"{own}/orders", {"order": "open_lobby"}))[0] == 200
        assert (await mine.call("GET", f"{own}/publish"))[0] == 200
        for method, path in (
            ("GET", f"/api/v1/sessions/{second}"),
            ("GET", f"/api/v1/sessions/{second}/publish"),
            ("POST", f"/api/v1/sessions/{second}/links"),
            ("GET", "/api/v1/people"),
            ("GET", "/api/v1/sites"),
        ):
            assert (await mine.call(method, path, {} if method == "POST" else None))[0] == 403


async def test_an_assistant_neither_sends_nor_conducts(centre: LectureCentre) -> None:
    made = await centre.link("assistant")
    async with centre.browser(made["token"]) as mine:
        own = f"/api/v1/sessions/{centre.session}"
        assert (await mine.call("GET", own))[0] == 200
        assert (await mine.call("GET", f"{own}/publish"))[0] == 403
        assert (await mine.call("POST", f"{own}/orders", {"order": "end"}))[0] == 403
        assert (await mine.call("GET", f"{own}/links"))[0] == 403


async def test_a_lecturer_lets_an_assistant_in_but_no_second_lecturer(centre: LectureCentre) -> None:
    made = await centre.link()
    async with centre.browser(made["token"]) as mine:
        links = f"/api/v1/sessions/{centre.session}/links"
        assert (await mine.call("POST", links, {"kind": "lecturer"}))[0] == 403
        status, helper = await mine.call("POST", links, {"kind": "assistant", "name": "Cô Lan"})
        assert (status, helper["link"]["name"]) == (201, "Cô Lan")
        listed = (await mine.call("GET", links))[1]
        assert {each["kind"] for each in listed} == {"assistant"}
        assert (await mine.call("DELETE", f"{links}/{made['link']['id']}"))[0] == 403
        assert (await mine.call("DELETE", f"{links}/{helper['link']['id']}"))[0] == 200


async def test_a_link_taken_back_leaves_the_air_and_others_stay(tmp_path: Path) -> None:
    async with lecture_centre(tmp_path) as centre:
        path = f"/api/v1/sessions/{centre.session}"
        made, beside = await centre.link("lecturer"), await centre.link("standby")

        async def until_seats(*told: bool) -> None:
            async def there() -> bool:
                air = (await centre.admin.get(path))["air"]
                return (air["lecturer"], air["standby"]) == told

            await until_told(there, f"lecturer and standby {told}")

        async with centre.browser(made["token"]) as mine, centre.browser(beside["token"]) as other:
            await mine.call("POST", f"{path}/orders", {"order": "open_lobby"})
            ticket = (await mine.call("GET", f"{path}/publish"))[1]
            spare = (await other.call("GET", f"{path}/publish?seat=standby"))[1]
            async with (
                Publisher(ticket["whip_url"], token=ticket["token"]),
                Publisher(spare["whip_url"], token=spare["token"]),
            ):
                await until_seats(True, True)
                await centre.admin.delete(f"{path}/links/{made['link']['id']}")
                await until_seats(False, True)
                assert (await mine.call("GET", f"{path}/publish"))[0] == 401


async def test_a_link_taken_back_is_over_at_once_for_whoever_uses_it(centre: LectureCentre) -> None:
    made = await centre.link()
    path = f"/api/v1/sessions/{centre.session}/links/{made['link']['id']}"
    async with centre.browser(made["token"]) as mine, centre.browser() as other:
        for _ in range(2):
            await centre.admin.delete(path)
        assert (await mine.call("GET", "/api/v1/me"))[0] == 401
        assert (await mine.call("POST", KEY_PATH, {"session": centre.session}))[1]["code"] == "bad_link"
        assert (await knock(other, token=made["token"]))[1]["code"] == "bad_link"
    assert (await row_of(centre, made))["state"] == "taken_back"
    deeds = [each["action"] for each in await centre.admin.get("/api/v1/audit")]
    assert deeds.count("lecture_link.taken_back") >= 1
    assert {"lecture_link.made", "lecture_link.opened"} <= set(deeds)


async def test_the_key_is_for_its_own_address_and_no_script(centre: LectureCentre) -> None:
    made = await centre.link()
    async with centre.browser() as page:
        sent = {"json": {"token": made["token"]}, "headers": {"Origin": centre.url}}
        async with page.http.post(centre.url + KEY_PATH, **sent) as reply:  # type: ignore[arg-type]
            key = reply.cookies[KEY]
        assert (key["path"], key["httponly"], key["samesite"]) == (KEY_PATH, True, "Strict")
        assert made["token"] not in key.value


async def test_a_session_that_is_over_is_entered_no_more(centre: LectureCentre) -> None:
    session = await centre.plan("Đã huỷ")
    await centre.admin.post(f"/api/v1/sessions/{session}/orders", {"order": "cancel"})
    with pytest.raises(OrderRefused) as refused:
        await centre.link(session=session)
    assert refused.value.status == 409
