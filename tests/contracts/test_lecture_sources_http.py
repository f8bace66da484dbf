"""Sources of a session over the centre's own HTTP: keys, films, cameras, who may, and what is never told again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from demo.operator import Operator
from tests.doubles.films import film, sending
from tests.doubles.source_day import SourceDay, source_day
from tests.doubles.tus import TusRefused, begin_upload
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


async def test_an_encoder_pushes_by_srt_and_the_wall_names_it_and_says_when_it_is_gone(day: SourceDay) -> None:
    made = await day.add(way="srt_in", name="Máy mã hoá", encrypt=True)
    assert made["secret"]
    assert made["secret"] not in str(await day.board())
    url = f"{await day.srt_url()}?streamid={made['key']}&passphrase={made['secret']}"
    wall = await day.admin.wall()
    with sending(url, form="mpegts"):
        async with await day.viewer() as viewer:
            await viewer.see(200)
        source = await day.until_on_wall(wall, lambda source: bool(source["way"] == "srt_in"))
        assert (source["name"], source["trouble"]) == ("Máy mã hoá", "")
        with sending(url, form="mpegts") as second:
            assert await asyncio.to_thread(second.wait, 30) != 0
        assert (await day.told(made["id"]))["state"] == "running"
    gone = await day.until_on_wall(wall, lambda source: bool(source["trouble"]))
    assert (gone["trouble"], gone["troubled"]) == ("not_sending", "Máy mã hoá")
    await day.admin.delete(f"{day.path}/{made['id']}")
    with sending(url, form="mpegts") as revoked:
        assert await asyncio.to_thread(revoked.wait, 30) != 0
    await day.until_on_wall(wall, lambda source: not source["trouble"])
    await wall.close()


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


async def test_a_film_is_sent_by_pieces_looked_at_played_on_air_and_taken_away(day: SourceDay, tmp_path: Path) -> None:
    content = film(tmp_path / "topic.mp4", brightness=120, seconds=25, size="160x90").read_bytes()
    half, clips = len(content) // 2, f"{day.path.rpartition('/')[0]}/clips"
    upload = await begin_upload(day.admin, clips, "Chuyên đề 1.mp4", len(content))
    assert await upload.piece(0, content[:half]) == 204
    assert await upload.piece(0, content) == 409
    told = next(each for each in (await day.board())["clips"] if each["id"] == upload.id)
    assert (told["state"], told["arrived"]) == ("uploading", half)
    assert await upload.offset() == half
    assert await upload.piece(half, content[half:]) == 204
    told = await day.settled(upload.id)
    assert (told["state"], told["converted"], told["sound"]) == ("ready", "", "AAC 44100 Hz")
    assert told["length_s"] == pytest.approx(25, abs=0.2)
    source = await day.source_of(upload.id)
    await day.order(source, "start")
    async with await day.viewer() as viewer:
        await viewer.see(120)
    air = f"{day.path.rpartition('/')[0]}/air"
    assert (await day.admin.get(air))["now"]["want"] == "standby"
    await day.until_told(source, lambda told: bool(told["at_s"] > 0.5 and abs(told["length_s"] - 25) < 0.2))
    await day.admin.delete(f"{clips}/{upload.id}")
    board = await day.board()
    assert upload.id not in str(board)
    now = (await day.admin.get(air))["now"]
    assert (now["want"], now["standby_armed"]) == ("auto", False)
    await day.until_off_air()
    assert not [file for file in (day.folder / "centre" / "clips").rglob("*") if file.is_file()]


async def test_what_is_no_film_is_refused_with_its_reason_and_leaves_nothing(day: SourceDay) -> None:
    told = await day.send_film("giả.mp4", b"<html>" * 900)
    assert (told["state"], "không phải phim" in told["reason"]) == ("refused", True)
    assert not [file for file in (day.folder / "centre" / "clips").rglob("*") if file.is_file()]
    clips = f"{day.path.rpartition('/')[0]}/clips"
    for name, size, status in (("ảnh.png", 9, 415), ("to.mp4", 5 << 40, 413), ("trống.mp4", 0, 422)):
        with pytest.raises(TusRefused) as refusal:
            await begin_upload(day.admin, clips, name, size)
        assert refusal.value.status == status
    await day.admin.delete(f"{clips}/{told['id']}")


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
