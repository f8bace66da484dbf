"""Sources of a session over the centre's own HTTP: keys, films, cameras, who may, and what is never told again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from demo.operator import Operator
from tests.doubles.films import sending
from tests.doubles.source_day import SourceDay, source_day
from tests.doubles.webrtc import Publisher, bearer, offer_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def day(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SourceDay]:
    async with source_day(tmp_path_factory.mktemp("sources")) as one:
        yield one


async def refused(operator: Operator, path: str, wish: dict[str, object]) -> str:
    """The word with which a wish is refused."""
    try:
        await operator.post(path, wish)
    except Exception as refusal:
        return str(refusal)
    raise AssertionError("it was not refused")


async def test_an_encoder_with_a_key_is_seen_until_the_key_is_revoked(day: SourceDay) -> None:
    made = await day.add(way="rtmp", name="OBS của thầy Bình")
    assert made["key"].startswith("dc-")
    board = await day.board()
    assert made["key"] not in str(board)
    url = await day.rtmp_url()
    with sending(f"{url}/{made['key']}") as encoder:
        async with await day.viewer() as viewer:
            await viewer.see(200)
        told = await day.until_told(made["id"], lambda told: bool(told["state"] == "running"))
        assert told["passes"]
        await day.admin.delete(f"{day.path}/{made['id']}")
        await asyncio.to_thread(encoder.wait, 30)
    with sending(f"{url}/{made['key']}") as encoder:
        assert await asyncio.to_thread(encoder.wait, 30) != 0
    deeds = [row["action"] for row in await day.admin.get("/api/v1/audit")]
    assert {"source.added", "source.removed"} <= set(deeds)


async def test_the_key_is_a_bearer_token_of_whip_too_until_it_is_revoked(day: SourceDay) -> None:
    made = await day.add(way="rtmp", name="OBS bằng WHIP")
    url = f"{day.url}/whip/{day.session['stream']}"
    async with Publisher(url, brightness=120, token=made["key"]), await day.viewer() as viewer:
        await viewer.see(120)
        assert (await day.told(made["id"]))["state"] == "running"
        await day.admin.delete(f"{day.path}/{made['id']}")
        await day.until_off_air()
    headers = {"Content-Type": "application/sdp", **bearer(made["key"])}
    async with day.http.post(url, data=await offer_of("sendonly"), headers=headers) as reply:
        assert (reply.status, (await reply.json())["code"]) == (401, "bad_key")


async def test_a_film_is_played_held_and_stopped(day: SourceDay) -> None:
    assert [film["name"] for film in await day.admin.get("/api/v1/lecture-films")] == ["chuyen-de.mp4"]
    made = await day.add(way="file", file="chuyen-de.mp4")
    await day.order(made["id"], "start")
    async with await day.viewer() as viewer:
        await viewer.see(60)
    await day.order(made["id"], "pause")
    for state in ("paused", "stopped"):
        for _ in range(300):
            if (await day.told(made["id"]))["state"] == state:
                break
            await asyncio.sleep(0.05)
        else:
            raise AssertionError(f"never {state}")
        if state == "paused":
            await day.order(made["id"], "stop")


async def test_a_camera_keeps_its_password_to_itself(day: SourceDay) -> None:
    made = await day.add(way="rtsp", address="rtsp://thay:matkhau@127.0.0.1:9/live?token=bimat")
    await day.order(made["id"], "start")
    for _ in range(300):
        if (await day.told(made["id"]))["why"] == "unreachable":
            break
        await asyncio.sleep(0.05)
    board = await day.board()
    log = (day.folder / "centre.log").read_text(encoding="utf-8")
    stored = (day.folder / "centre" / "diemcau.sqlite3").read_bytes()
    assert "rtsp://127.0.0.1:9/live?…" in str(board)
    for secret in ("matkhau", "bimat"):
        assert secret not in str(board)
        assert secret not in log
        assert secret.encode() not in stored
    await day.order(made["id"], "stop")


@pytest.mark.parametrize(
    ("wish", "word"),
    [
        ({"way": "rtsp", "address": "http://camera/"}, "bad_address"),
        ({"way": "rtsp", "address": "file:///etc/passwd"}, "bad_address"),
        ({"way": "rtsp", "address": "rtsp://"}, "bad_address"),
        ({"way": "srt", "address": "srt://camera"}, "bad_address"),
        ({"way": "srt", "address": "srt://camera:9000?mode=listener"}, "bad_address"),
        ({"way": "file", "file": "../diemcau.sqlite3"}, "no_film"),
        ({"way": "rtmp", "seat": "slate"}, "bad_seat"),
        ({"way": "rtmp", "name": "x" * 100}, "bad_name"),
    ],
)
async def test_what_cannot_be_is_refused_with_its_word(day: SourceDay, wish: dict[str, object], word: str) -> None:
    assert word in await refused(day.admin, day.path, wish)


async def test_a_lecturer_touches_the_own_session_only_and_adds_no_addresses(day: SourceDay) -> None:
    person = await day.admin.post("/api/v1/people", {"username": "gv1", "name": "Cô Hoa", "role": "lecturer"})
    plan = {"topic": "Của cô Hoa", "starts_ms": day.session["starts_ms"], "ends_ms": day.session["ends_ms"]}
    own = await day.admin.post("/api/v1/sessions", plan | {"lecturer": person["id"]})
    lecturer = Operator(day.http, day.url)
    await lecturer.sign_in("gv1", person["password"])
    await lecturer.change_password(person["password"], "mật khẩu của cô Hoa")
    assert "not_yours" in await refused(lecturer, day.path, {"way": "rtmp"})
    path = f"/api/v1/sessions/{own['id']}/sources"
    assert "not_for_lecturers" in await refused(lecturer, path, {"way": "rtsp", "address": "rtsp://camera/"})
    made = await lecturer.post(path, {"way": "rtmp"})
    assert made["key"]
