"""Access over the real HTTP kit and SQLite."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import sqlalchemy as sa
from aiohttp import web

from orchestrator.access.model import Role
from orchestrator.access.store import Connection
from orchestrator.storage.schema.access import audit as audit_table
from orchestrator.storage.schema.access import logins
from orchestrator.web.kit import get, json, post, who
from tests.doubles.centre import PASSWORD, Centre, running_centre

HOUR = 3600.0


async def feed(request: web.Request) -> web.StreamResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    await socket.send_str(who(request).username)
    await socket.close()
    return socket


async def poke(request: web.Request) -> web.StreamResponse:
    return json({"by": who(request).username})


EXTRA = [get("/wall/feed", feed, action="wall.see"), post("/api/v1/poke", poke, action="bank.edit")]


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    async with running_centre(tmp_path, EXTRA) as running:
        yield running


# --- signing in ----------------------------------------------------------------------------------------------------


async def test_signing_in_tells_who_one_is_and_what_one_may_do(centre: Centre) -> None:
    username = await centre.person(Role.VIEWER)
    async with centre.page() as page:
        assert await page.sign_in(" Viewer ", PASSWORD) == 200
        assert page.me["person"] | {"id": ""} == {
            "id": "",
            "username": username,
            "name": "Viewer",
            "role": "viewer",
            "must_change": False,
            "session": "",
        }
        assert "wall.see" in page.me["actions"]
        assert "audit.see" not in page.me["actions"]
        assert await page.call("GET", "/api/v1/me") == (200, page.me)


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_pages(centre: Centre) -> None:
    await centre.person(Role.VIEWER)
    async with aiohttp.ClientSession() as http:
        given = {"username": "viewer", "password": PASSWORD}
        async with http.post(centre.base + "/api/v1/login", json=given) as reply:
            cookie = reply.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Secure" not in cookie


@pytest.mark.parametrize(("username", "password"), [("viewer", "sai mật khẩu"), ("nobody", PASSWORD), ("", "x")])
async def test_a_wrong_login_is_refused_without_saying_what_was_wrong(
    centre: Centre, username: str, password: str
) -> None:
    await centre.person(Role.VIEWER)
    async with centre.page() as page:
        status, reply = await page.call("POST", "/api/v1/login", {"username": username or " ", "password": password})
        assert (status, reply["code"]) == (401, "wrong_login")
        assert (await page.call("GET", "/api/v1/me"))[0] == 401


async def test_too_many_wrong_logins_must_wait_even_with_the_right_password(centre: Centre) -> None:
    await centre.person(Role.VIEWER)
    async with centre.page() as page:
        for _ in range(10):
            assert await page.sign_in("viewer", "sai mật khẩu") == 401
        assert await page.sign_in("viewer", PASSWORD) == 429
        assert page.me["code"] == "too_many_attempts"
        assert page.me["retry_after_s"] == 900
        centre.clock.advance(899)
        assert await page.sign_in("viewer", PASSWORD) == 429
        centre.clock.advance(1)
        assert await page.sign_in("viewer", PASSWORD) == 200


async def test_a_crowd_of_guesses_at_once_is_counted_like_one_after_another(centre: Centre) -> None:
    await centre.person(Role.VIEWER)
    async with centre.page() as page:
        given = {"username": "viewer", "password": "sai mật khẩu"}
        replies = await asyncio.gather(*(page.call("POST", "/api/v1/login", given) for _ in range(40)))
    statuses = [status for status, _ in replies]
    assert statuses.count(401) <= 11
    assert statuses.count(401) + statuses.count(429) == 40


async def test_a_crowd_of_good_logins_at_once_is_let_in(centre: Centre) -> None:
    await centre.person(Role.VIEWER)
    async with centre.page() as page:
        given = {"username": "viewer", "password": PASSWORD}
        replies = await asyncio.gather(*(page.call("POST", "/api/v1/login", given) for _ in range(40)))
    assert {status for status, _ in replies} == {200}


async def test_one_address_may_not_try_many_names(centre: Centre) -> None:
    await centre.person(Role.VIEWER)
    async with centre.page() as page:
        for at in range(30):
            assert await page.sign_in(f"guess{at}", "sai mật khẩu") == 401
        assert await page.sign_in("viewer", PASSWORD) == 429


async def test_a_session_ends_after_twelve_idle_hours(centre: Centre) -> None:
    await centre.person(Role.VIEWER)
    async with centre.page("viewer") as page:
        centre.clock.advance(11 * HOUR)
        assert (await page.call("GET", "/api/v1/me"))[0] == 200
        centre.clock.advance(11 * HOUR)
        assert (await page.call("GET", "/api/v1/me"))[0] == 200
        centre.clock.advance(12 * HOUR)
        assert (await page.call("GET", "/api/v1/me"))[1]["code"] == "signed_out"


async def test_signing_out_ends_the_session_for_whoever_kept_the_cookie(centre: Centre) -> None:
    await centre.person(Role.VIEWER)
    async with centre.page("viewer") as page:
        kept = {cookie.key: cookie.value for cookie in page.http.cookie_jar}
        assert (await page.call("POST", "/api/v1/logout"))[0] == 200
        assert (await page.call("GET", "/api/v1/me"))[0] == 401
        page.http.cookie_jar.update_cookies(kept)
        assert (await page.call("GET", "/api/v1/me"))[0] == 401


async def test_the_database_holds_no_token_that_would_sign_in(centre: Centre) -> None:
    await centre.person(Role.VIEWER)
    async with centre.page("viewer") as page:
        token = next(cookie.value for cookie in page.http.cookie_jar)
    kept = await centre.database.read(lambda conn: conn.scalars(sa.select(logins.c.token_hash)).all())
    assert len(kept) == 1
    assert token.encode() not in kept[0]


# --- the gate ------------------------------------------------------------------------------------------------------


async def test_a_role_without_the_right_is_forbidden(centre: Centre) -> None:
    await centre.person(Role.VIEWER)
    await centre.person(Role.PLANNER)
    async with centre.page("viewer") as page:
        assert (await page.call("POST", "/api/v1/poke"))[1]["code"] == "forbidden"
    async with centre.page("planner") as page:
        assert await page.call("POST", "/api/v1/poke") == (200, {"by": "planner"})


@pytest.mark.parametrize("told", ["", "wrong", "ăn cắp"])
async def test_a_deed_without_the_csrf_token_is_refused(centre: Centre, told: str) -> None:
    await centre.person(Role.PLANNER)
    async with centre.page("planner") as page:
        status, reply = await page.call("POST", "/api/v1/poke", X_CSRF_Token=told)
        assert (status, reply["code"]) == (403, "csrf")


async def test_the_csrf_token_of_another_session_is_refused(centre: Centre) -> None:
    await centre.person(Role.PLANNER)
    async with centre.page("planner") as mine, centre.page("planner") as other:
        status, reply = await mine.call("POST", "/api/v1/poke", X_CSRF_Token=other.csrf)
        assert (status, reply["code"]) == (403, "csrf")


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1", "http://[bad"])
async def test_another_page_is_refused_whatever_it_knows(centre: Centre, origin: str) -> None:
    await centre.person(Role.PLANNER)
    async with centre.page("planner") as page:
        for path, given in (("/api/v1/poke", None), ("/api/v1/login", {"username": "planner", "password": PASSWORD})):
            status, reply = await page.call("POST", path, given, Origin=origin)
            assert (status, reply["code"]) == (403, "wrong_origin")


async def test_a_program_without_an_origin_is_let_in_but_a_cross_site_page_is_not(centre: Centre) -> None:
    await centre.person(Role.PLANNER)
    async with centre.page("planner") as page:
        assert (await page.call("POST", "/api/v1/poke", Origin=""))[0] == 200
        assert (await page.call("POST", "/api/v1/poke", Origin="", Sec_Fetch_Site="cross-site"))[0] == 403


async def test_a_websocket_opens_for_our_own_page_only(centre: Centre) -> None:
    await centre.person(Role.VIEWER)
    async with centre.page("viewer") as page:
        async with page.http.ws_connect(centre.base + "/wall/feed", headers={"Origin": centre.base}) as socket:
            assert await socket.receive_str() == "viewer"
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await page.http.ws_connect(centre.base + "/wall/feed", headers={"Origin": "http://evil.example"})
        assert refused.value.status == 403


async def test_a_websocket_without_a_session_is_refused(centre: Centre) -> None:
    async with centre.page() as page:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await page.http.ws_connect(centre.base + "/wall/feed")
        assert refused.value.status == 401


# --- passwords and people ------------------------------------------------------------------------------------------


async def test_the_first_administrator_must_change_the_one_time_password_before_anything_else(centre: Centre) -> None:
    async with centre.page() as page:
        assert await page.sign_in("admin", centre.one_time) == 200
        assert page.me["must_change"] is True
        assert (await page.call("GET", "/api/v1/people"))[1]["code"] == "must_change"
        change = {"current": centre.one_time, "new": PASSWORD}
        assert (await page.call("POST", "/api/v1/me/password", change))[0] == 200
        assert (await page.call("GET", "/api/v1/me"))[1]["must_change"] is False
        assert (await page.call("GET", "/api/v1/people"))[0] == 200
        assert await page.sign_in("admin", centre.one_time) == 401


async def test_the_first_password_lies_in_a_file_only_its_owner_reads(centre: Centre, tmp_path: Path) -> None:
    file = tmp_path / "first-password.txt"
    assert file.read_text(encoding="utf-8") == f"admin {centre.one_time}\n"
    assert file.stat().st_mode & 0o777 == 0o600


async def test_changing_the_password_ends_the_other_sessions(centre: Centre) -> None:
    await centre.person(Role.VIEWER)
    async with centre.page("viewer") as mine, centre.page("viewer") as other:
        wrong = {"current": "sai mật khẩu", "new": "mật khẩu mới toanh"}
        assert (await mine.call("POST", "/api/v1/me/password", wrong))[1]["code"] == "wrong_password"
        weak = {"current": PASSWORD, "new": "ngắn"}
        assert (await mine.call("POST", "/api/v1/me/password", weak))[1]["code"] == "weak_password"
        right = {"current": PASSWORD, "new": "mật khẩu mới toanh"}
        assert (await mine.call("POST", "/api/v1/me/password", right))[0] == 200
        assert (await mine.call("GET", "/api/v1/me"))[0] == 200
        assert (await other.call("GET", "/api/v1/me"))[0] == 401


async def test_a_created_person_gets_a_one_time_password_once(centre: Centre) -> None:
    await centre.person(Role.ADMINISTRATOR)
    async with centre.page("administrator") as page:
        given = {"username": "Co.Lan", "name": "  Cô   Lan ", "role": "lecturer"}
        status, made = await page.call("POST", "/api/v1/people", given)
        assert (status, made["username"], made["name"], made["role"]) == (201, "co.lan", "Cô Lan", "lecturer")
        assert (await page.call("POST", "/api/v1/people", given))[1]["code"] == "username_taken"
        listed = (await page.call("GET", "/api/v1/people"))[1]
        assert "password" not in str(listed)
        async with centre.page() as lecturer:
            assert await lecturer.sign_in("co.lan", made["password"]) == 200
            assert lecturer.me["must_change"] is True


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "x"),
        ("username", "có dấu"),
        ("name", " "),
        ("name", "a\u0000"),
        ("role", "root"),
        ("password", "1"),
    ],
)
async def test_a_person_that_cannot_be_is_refused(centre: Centre, field: str, value: str) -> None:
    await centre.person(Role.ADMINISTRATOR)
    async with centre.page("administrator") as page:
        given = {"username": "binh", "name": "Bình", "role": "viewer"} | {field: value}
        assert (await page.call("POST", "/api/v1/people", given))[0] == 400
        assert len((await page.call("GET", "/api/v1/people"))[1]) == 2


async def test_a_reset_password_ends_the_sessions_and_must_be_changed(centre: Centre) -> None:
    await centre.person(Role.ADMINISTRATOR)
    await centre.person(Role.VIEWER)
    async with centre.page("administrator") as page, centre.page("viewer") as viewer:
        person = viewer.me["person"]["id"]
        status, reply = await page.call("POST", f"/api/v1/people/{person}/reset")
        assert status == 200
        assert (await viewer.call("GET", "/api/v1/me"))[0] == 401
        assert await viewer.sign_in("viewer", reply["password"]) == 200
        assert viewer.me["must_change"] is True
        assert (await page.call("POST", "/api/v1/people/person-nobody/reset"))[0] == 404


# --- the audit trail -----------------------------------------------------------------------------------------------


async def test_deeds_are_told_newest_first_and_verify(centre: Centre) -> None:
    await centre.person(Role.ADMINISTRATOR)
    async with centre.page("administrator") as page:
        rows = (await page.call("GET", "/api/v1/audit?limit=2"))[1]
        assert [(row["who"], row["action"]) for row in rows] == [("administrator", "login"), ("test", "person.created")]
        verdict = (await page.call("GET", "/api/v1/audit/verify"))[1]
        assert verdict == {"rows": rows[0]["seq"], "broken_at": None}


@pytest.mark.parametrize(
    ("limit", "status"),
    [("0", 200), ("999999999", 200), ("9" * 5000, 400), ("x", 400), ("-1", 400), ("", 400), ("%C2%B2", 400)],
)
async def test_a_limit_that_is_no_number_is_refused_and_a_large_one_cut(
    centre: Centre, limit: str, status: int
) -> None:
    await centre.person(Role.ADMINISTRATOR)
    async with centre.page("administrator") as page:
        told = await page.call("GET", f"/api/v1/audit?limit={limit}")
    assert (told[0], "code" in told[1]) == (status, status == 400)


@pytest.mark.parametrize("statement", ["UPDATE audit SET who = 'nobody'", "DELETE FROM audit"])
async def test_the_database_itself_refuses_to_change_the_trail(centre: Centre, statement: str) -> None:
    with pytest.raises(sa.exc.DatabaseError, match="append-only"):
        await centre.database.write(lambda conn: conn.execute(sa.text(statement)).rowcount)


async def test_whoever_takes_the_guard_away_is_found_out_by_the_chain(centre: Centre) -> None:
    await centre.person(Role.VIEWER)

    def forge(conn: Connection) -> None:
        conn.execute(sa.text("DROP TRIGGER audit_no_update"))
        conn.execute(audit_table.update().where(audit_table.c.seq == 1).values(who="nobody"))

    await centre.database.write(forge)
    verdict = await centre.database.read(centre.audit.verify)
    assert verdict.broken_at == 1


async def test_a_deed_that_fails_leaves_no_trace_in_the_trail(centre: Centre) -> None:
    def deed(conn: Connection) -> None:
        centre.audit.record(conn, "test", "half.done")
        raise ZeroDivisionError

    before = await centre.database.read(centre.audit.verify)
    with pytest.raises(ZeroDivisionError):
        await centre.database.write(deed)
    assert await centre.database.read(centre.audit.verify) == before


async def test_a_planner_may_choose_a_lecturer_without_seeing_accounts(tmp_path: Path) -> None:
    async with running_centre(tmp_path) as centre:
        lecturer = await centre.person(Role.LECTURER)
        planner = await centre.person(Role.PLANNER)
        async with centre.page(planner) as page:
            status, told = await page.call("GET", "/api/v1/lecturers")
            assert (status, [set(each) for each in told]) == (200, [{"id", "name"}])
            assert (await page.call("GET", "/api/v1/people"))[0] == 403
        async with centre.page(lecturer) as page:
            assert (await page.call("GET", "/api/v1/lecturers"))[0] == 403
