"""The training day in miniature: lecture, roll call, exam, results, in the order of a real one."""

from __future__ import annotations

import asyncio
import json
import random
import time
from importlib import resources
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from demo.candidates import Sat, Shown, Slip, sit_all
from demo.figures import Figures, expected_marks, key_of, lost_answers, open_skew_ms, stored_answers
from demo.stage import Say, School, Stage, start_publisher

RIGHT_SHARE = 0.7
QUESTIONS = 12
"""The bank has 24: a paper, and a reserve of other questions."""
GRANT_AFTER_S = 30.0


class Pace(msgspec.Struct, frozen=True):
    """How fast the day goes, in seconds."""

    exam_in_s: float
    exam_s: int
    answer_s: float
    sign_in_lead_s: float
    release_lead_s: float
    upload_jitter_s: float
    late_cap_s: float


# A site that a busy computer opens late must sit all the same; a day on time never waits for the cap.
CHECK = Pace(24.0, 14, 0.05, 12.0, 5.0, 1.0, 30.0)
SHOWN = Pace(90.0, 600, 6.0, 80.0, 20.0, 2.0, 60.0)


def bank() -> str:
    """The demo's own questions, in GIFT."""
    return (resources.files("demo") / "bank" / "dao_tao.gift").read_text(encoding="utf-8")


async def follow_wall(stage: Stage, tiles: dict[str, dict[str, Any]]) -> None:
    """Keep ``tiles`` as an operator's page would: snapshot, then deltas. Runs until cancelled; comes back by itself."""
    while True:
        try:
            async with await stage.admin.wall() as feed:
                async for message in feed:
                    told = json.loads(message.data)
                    if told["type"] == "snapshot":
                        tiles.clear()
                    tiles.update({tile["code"]: tile for tile in told["sites"]})
        except (aiohttp.ClientError, OSError):
            await asyncio.sleep(0.5)


async def try_sounds(stage: Stage) -> None:
    """Press "try the loudspeaker" in every room, as its teacher would the day before: only then is it known."""
    await asyncio.gather(*(_try_sound(stage, school) for school in stage.schools))


async def _try_sound(stage: Stage, school: School) -> None:
    origin = school.screen_url.removesuffix("/screen")
    wish = {"names": ["speaker", "microphone"], "loud": True}
    async with stage.admin.http.post(f"{origin}/local/readiness/look", json=wish, headers={"Origin": origin}) as reply:
        reply.raise_for_status()


async def open_session(stage: Stage, cache: Path) -> dict[str, Any]:
    """Plan a session for every site, open it, put the lecture on air."""
    now_ms = time.time_ns() // 1_000_000
    lecturer = await stage.admin.post(
        "/api/v1/people", {"username": "giangvien", "name": "TS. Nguyễn Thị Ánh Tuyết", "role": "lecturer"}
    )
    stage.accounts["giangvien"] = lecturer["password"]
    operator = await stage.admin.post(
        "/api/v1/people", {"username": "truchoi", "name": "Trần Văn Trực", "role": "operator"}
    )
    stage.accounts["truchoi"] = operator["password"]
    plan = {
        "topic": "Chuyển đổi số trong dạy học và kiểm tra, đánh giá",
        "lecturer": lecturer["id"],
        "starts_ms": now_ms,
        "ends_ms": now_ms + 4 * 3600 * 1000,
    }
    session: dict[str, Any] = await stage.admin.post("/api/v1/sessions", plan)
    await stage.admin.post(f"/api/v1/sessions/{session['id']}/orders", {"order": "open_lobby"})
    await stage.admin.post(f"/api/v1/sessions/{session['id']}/orders", {"order": "go_live"})
    ticket = await stage.admin.get(f"/api/v1/sessions/{session['id']}/publish")
    await start_publisher(stage, cache, ticket)
    return session


async def call_roll(stage: Stage, session: str, *, frames: int, span_ms: int) -> str:
    """Order a roll call; every school's manager declares the number too, and how many signed the list."""
    wish = {"lead_ms": 2000, "frames": frames, "span_ms": span_ms}
    call = await stage.admin.post(f"/api/v1/sessions/{session}/roll-calls", wish)
    for school in stage.schools:
        await _declare(stage, school)
    return str(call["id"])


async def _declare(stage: Stage, school: School) -> None:
    origin = school.screen_url.removesuffix("/screen")
    async with stage.admin.http.post(
        f"{origin}/local/declared", json={"number": school.people, "listed": school.people}, headers={"Origin": origin}
    ) as reply:
        reply.raise_for_status()


async def counts_of(stage: Stage, session: str, call: str) -> dict[str, int | None]:
    """Site code -> counted people, for the sites whose count has come in."""
    calls = await stage.admin.get(f"/api/v1/sessions/{session}/roll-calls")
    mine = next(each for each in calls if each["id"] == call)
    return {room["code"]: room["count"] for room in mine["sites"] if room["received_ms"] is not None}


async def plan_exam(stage: Stage, pace: Pace) -> dict[str, Any]:
    """Import the bank, plan, seal and arm an exam of all sites."""
    await stage.admin.upload("/api/v1/bank/import?format=gift", bank().encode())
    wish = {
        "title": "Bài kiểm tra cuối đợt bồi dưỡng",
        "starts_ms": time.time_ns() // 1_000_000 + round(pace.exam_in_s * 1000),
        "duration_s": pace.exam_s,
        "questions": QUESTIONS,
        "codes": 2,
        "reserve": True,
        "release_lead_s": pace.release_lead_s,
        "sign_in_lead_s": pace.sign_in_lead_s,
        "upload_jitter_s": pace.upload_jitter_s,
        "late_cap_s": pace.late_cap_s,
    }
    exam: dict[str, Any] = await stage.admin.post("/api/v1/exams", wish)
    for order in ("seal", "arm"):
        exam = await stage.admin.post(f"/api/v1/exams/{exam['id']}/orders", {"order": order})
    return exam


async def give_a_minute(stage: Stage, exam: dict[str, Any]) -> None:
    """One minute more for the first school once it sits, as the province grants it, for the ledger to show."""
    await asyncio.sleep(max(0.0, exam["starts_ms"] / 1000 + GRANT_AFTER_S - time.time()))
    wish = {
        "scope": "site",
        "site": stage.schools[0].id,
        "minutes": 1,
        "cause": "disturbance",
        "text": "Loa của trường bên cạnh át tiếng giám thị lúc đọc nội quy.",
    }
    await stage.admin.post(f"/api/v1/exams/{exam['id']}/credits", wish)


async def slips_of(stage: Stage, exam: str) -> list[Slip]:
    """What the candidates hold: every second one a voucher, the others number and PIN."""
    desks = {school.site.code: school.desk_url for school in stage.schools}
    printed = await stage.admin.get(f"/api/v1/exams/{exam}/vouchers")
    return [
        Slip(desks[each["site"]], exam, each["number"], each["pin"])
        if index % 2
        else Slip(desks[each["site"]], exam, each["number"], voucher=each["voucher"])
        for index, each in enumerate(printed)
    ]


class Script:
    """Which option each candidate picks: right in seven of ten questions, repeatable."""

    def __init__(self) -> None:
        self.key = key_of(bank())

    def choose(self, number: str, question: Shown) -> int:
        chance = random.Random(f"{number}|{question['text']}")
        texts = [option["text"] for option in question["options"]]
        right = texts.index(self.key[question["text"]])
        if chance.random() < RIGHT_SHARE:
            return right
        return chance.choice([index for index in range(len(texts)) if index != right])


async def sit(slips: list[Slip], script: Script, pace: Pace) -> list[Sat]:
    """All candidates at once, from sign-in to receipt."""
    return await sit_all(slips, script.choose, pace_s=pace.answer_s)


async def results_after_close(stage: Stage, exam: dict[str, Any]) -> tuple[dict[str, Any], float]:
    """Wait for final marks; returns them and the seconds they came after the close."""
    close_s = exam["starts_ms"] / 1000 + exam["duration_s"]
    while True:
        state = (await stage.admin.get(f"/api/v1/exams/{exam['id']}"))["state"]
        if state == "marked":
            results = await stage.admin.get(f"/api/v1/exams/{exam['id']}/results")
            if not results["provisional"] or results["received"] == results["expected"]:
                return results, round(max(0.0, time.time() - close_s), 1)
        await asyncio.sleep(0.25)


async def checked_day(stage: Stage, cache: Path, say: Say) -> Figures:
    """The whole day unattended; the figures, not yet judged."""
    figures, tiles = Figures(), dict[str, dict[str, Any]]()
    async with asyncio.TaskGroup() as tasks:
        following = tasks.create_task(follow_wall(stage, tiles))
        session = await open_session(stage, cache)
        say("Lên sóng; chờ các phòng thấy hình, nghe tiếng…")
        await _watched(tiles, len(stage.schools))
        say("Điểm danh…")
        call = await call_roll(stage, session["id"], frames=3, span_ms=1000)
        counts = await _counted(stage, session["id"], call)
        placed = {school.site.code: school.people for school in stage.schools}
        figures.roll_call_received = len(counts)
        figures.roll_call_count_error = max((abs((counts.get(c) or 0) - n) for c, n in placed.items()), default=0)
        say("Niêm phong đề, hẹn giờ thi…")
        exam = await plan_exam(stage, CHECK)
        script = Script()
        sittings = await sit(await slips_of(stage, exam["id"]), script, CHECK)
        say("Chờ kết quả…")
        results, figures.results_seconds_after_close = await results_after_close(stage, exam)
        figures.exam_opened, figures.exam_open_skew_ms = open_skew_ms(sittings)
        figures.answers_acked = sum(len(sat.choices) for sat in sittings)
        stored = await asyncio.to_thread(stored_answers, stage.folder / "centre" / "diemcau.sqlite3", exam["id"])
        figures.answers_lost = lost_answers(sittings, stored)
        given = {each["number"]: each["correct"] for each in results["candidates"]}
        figures.marks_match = given == expected_marks(sittings, script.key)
        figures.sites_online = sum(tile["state"] == "online" for tile in tiles.values())
        figures.frames_decoded = {code: tile["stream"]["frames"] for code, tile in sorted(tiles.items())}
        figures.audio_level = {code: tile["stream"]["audio_dbfs"] for code, tile in sorted(tiles.items())}
        following.cancel()
    return figures


async def _watched(tiles: dict[str, dict[str, Any]], sites: int, limit_s: float = 20.0) -> None:
    """Until every room plays with sound, or long enough: the figures tell who did not."""
    try:
        async with asyncio.timeout(limit_s):
            while True:
                playing = [tile for tile in tiles.values() if tile["stream"]["state"] == "playing"]
                if len([tile for tile in playing if tile["stream"]["audio_dbfs"] is not None]) >= sites:
                    return
                await asyncio.sleep(0.25)
    except TimeoutError:
        return


async def _counted(stage: Stage, session: str, call: str, limit_s: float = 25.0) -> dict[str, int | None]:
    counts: dict[str, int | None] = {}
    try:
        async with asyncio.timeout(limit_s):
            while len(counts) < len(stage.schools):
                counts = await counts_of(stage, session, call)
                await asyncio.sleep(0.25)
    except TimeoutError:
        return counts
    return counts
