"""Two sessions at once: what belongs to one never reaches the rooms of the other."""

from __future__ import annotations

import secrets
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from demo.day import counts_of
from demo.operator import OrderRefused
from demo.stage import School, Stage, logged
from tests.doubles.light_peer import offer
from tests.doubles.small_day import live_session, local_state, planned_session, small_day, until_told

pytestmark = pytest.mark.timeout(240)
"""A dozen processes are started; on a busy machine that alone may take a minute."""
SDP = offer("recvonly", "ufrag", secrets.token_hex(16), ":".join(["AB"] * 32))


async def test_two_live_sessions_with_different_sites_never_mix(tmp_path: Path) -> None:
    async with small_day(tmp_path, sites=3) as stage:
        first, second, third = stage.schools
        one = await live_session(stage, "Buổi một", [first, third])
        two = await live_session(stage, "Buổi hai", [second])
        mine = [(first, one), (third, one), (second, two)]
        tickets = [await _lecture(stage, school, session["id"]) for school, session in mine]
        for (_, session), ticket in zip(mine, tickets, strict=True):
            assert (ticket["stream"], ticket["title"]) == (session["stream"], session["topic"])
            assert ticket["whep_url"].endswith(f"/whep/{session['stream']}")
        await _a_token_opens_only_its_own_stream(stage, tickets[0], tickets[2])
        await _a_busy_site_is_refused(stage, first, one)
        await _a_roll_call_reaches_its_own_rooms(stage, one, two, [first, third])
        assert logged(tmp_path / f"agent-{second.site.code}.log", "room_counted") is None
        await _a_notice_reaches_its_own_rooms(stage, two, [second], [first, third])
        await _ending_one_leaves_the_other_on_screen(stage, one, [first, third], second, two)


async def _lecture(stage: Stage, school: School, session: str) -> dict[str, Any]:
    async def there() -> dict[str, Any] | None:
        lecture: dict[str, Any] | None = (await local_state(stage, school))["lecture"]
        return lecture if lecture and lecture["session"] == session else None

    return await until_told(there, f"{session} on the screen of {school.site.code}")


async def _a_token_opens_only_its_own_stream(stage: Stage, ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    assert await _ask_whep(stage, ours["whep_url"], ours["token"]) == (201, "")
    assert await _ask_whep(stage, theirs["whep_url"], ours["token"]) == (403, "token_other")
    assert await _ask_whep(stage, ours["whep_url"], theirs["token"]) == (403, "token_other")
    publish = ours["whep_url"].replace("/whep/", "/whip/")
    assert await _ask_whep(stage, publish, ours["token"]) == (403, "token_other")


async def _ask_whep(stage: Stage, url: str, token: str) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/sdp"}
    async with stage.admin.http.post(url, data=SDP, headers=headers) as reply:
        return reply.status, (await reply.json())["code"] if reply.status >= 400 else ""


async def _a_busy_site_is_refused(stage: Stage, school: School, holder: dict[str, Any]) -> None:
    third = await planned_session(stage, "Buổi ba", [school])
    for order in ("open_lobby", "go_live"):
        with pytest.raises(OrderRefused) as refused:
            await stage.admin.post(f"/api/v1/sessions/{third['id']}/orders", {"order": order})
        assert refused.value.status == 409
        assert isinstance(refused.value.reply, dict)
        told = {key: refused.value.reply[key] for key in ("code", "session", "sites")}
        assert told == {"code": "site_busy", "session": holder["id"], "sites": [school.id]}
    assert (await stage.admin.get(f"/api/v1/sessions/{third['id']}"))["state"] == "planned"
    assert (await local_state(stage, school))["lecture"]["session"] == holder["id"]


async def _a_roll_call_reaches_its_own_rooms(
    stage: Stage, one: dict[str, Any], two: dict[str, Any], rooms: list[School]
) -> None:
    wish = {"lead_ms": 500, "frames": 3, "span_ms": 300}
    call = await stage.admin.post(f"/api/v1/sessions/{one['id']}/roll-calls", wish)

    async def all_in() -> dict[str, int | None] | None:
        counts = await counts_of(stage, one["id"], call["id"])
        return counts if len(counts) == len(rooms) else None

    assert await until_told(all_in, "the counts") == {room.site.code: room.people for room in rooms}
    (told,) = await stage.admin.get(f"/api/v1/sessions/{one['id']}/roll-calls")
    assert {site["code"] for site in told["sites"]} == {room.site.code for room in rooms}
    assert await stage.admin.get(f"/api/v1/sessions/{two['id']}/roll-calls") == []


async def _a_notice_reaches_its_own_rooms(
    stage: Stage, session: dict[str, Any], rooms: list[School], others: list[School]
) -> None:
    wish = {"text_vi": "Nghỉ mười phút", "text_en": "Ten minutes' break"}
    sent = await stage.admin.post(f"/api/v1/sessions/{session['id']}/notice", wish)
    assert sent["sites"] == len(rooms)
    for room in rooms:
        await until_told(partial(_notices, stage, room), "the notice")
        assert await _notices(stage, room) == ["Nghỉ mười phút"]
    for other in others:
        assert await _notices(stage, other) == []


async def _notices(stage: Stage, school: School) -> list[str]:
    return [notice["text_vi"] for notice in (await local_state(stage, school))["notices"]]


async def _ending_one_leaves_the_other_on_screen(
    stage: Stage, one: dict[str, Any], rooms: list[School], other: School, two: dict[str, Any]
) -> None:
    await stage.admin.post(f"/api/v1/sessions/{one['id']}/orders", {"order": "end"})
    for room in rooms:
        await until_told(partial(_dark, stage, room), "an empty screen")
    assert (await local_state(stage, other))["lecture"]["session"] == two["id"]
    assert (await stage.admin.get(f"/api/v1/sessions/{two['id']}"))["state"] == "live"


async def _dark(stage: Stage, school: School) -> bool:
    return (await local_state(stage, school))["lecture"] is None
