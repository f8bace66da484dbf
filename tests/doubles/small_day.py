"""A training day with few sites, made of the demo's own processes, whose parts a test may kill and start again."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import aiohttp
import msgspec

from demo.candidates import Candidate, Sat
from demo.children import Children
from demo.day import QUESTIONS, Pace, Script, results_after_close, slips_of
from demo.figures import expected_marks, stored_answers
from demo.stage import School, Stage, raise_stage, until
from tests.doubles.lean import LEAN
from tests.doubles.servers import free_port

LIMIT_S = 40.0
LOOK_S = 0.2

T = TypeVar("T")


@asynccontextmanager
async def small_day(
    folder: Path,
    *,
    sites: int = 1,
    candidates: int = 3,
    configured: Mapping[str, str] = MappingProxyType({}),
    desk_bind: str = "127.0.0.1",
    agents: Mapping[str, str] = MappingProxyType({}),
) -> AsyncIterator[Stage]:
    """A centre (with what is ``configured`` in its environment) and its agents, all on ports that they keep when they
    are started again."""
    async with aiohttp.ClientSession() as http, Children(folder, {}) as children:
        yield await raise_stage(
            children,
            http,
            folder,
            sites=sites,
            candidates=candidates,
            port=free_port(),
            say=lambda _text: None,
            agent_port=free_port,
            configured={**LEAN, **configured},
            desk_bind=desk_bind,
            agents=agents,
        )


async def until_told(ask: Callable[[], Awaitable[T | None]], what: str, limit_s: float = LIMIT_S) -> T:
    """Ask again and again until the answer is true; fails naming ``what``."""
    try:
        async with asyncio.timeout(limit_s):
            while True:
                if told := await ask():
                    return told
                await asyncio.sleep(LOOK_S)
    except TimeoutError:
        raise AssertionError(f"{what} did not happen within {limit_s:.0f} s") from None


# --- killing and starting again ----------------------------------------------------------------------------------


async def start_centre_again(stage: Stage) -> None:
    """The killed centre, on its port and folder; returns when it answers at its old address."""
    line = await _started_again(stage.centre, stage.folder / "centre.log", "centre_up")
    assert line["url"] == stage.url


async def start_agent_again(stage: Stage, school: School) -> None:
    """The killed agent, with its home; returns when its desk answers at its old address."""
    line = await _started_again(school.agent, stage.folder / f"agent-{school.site.code}.log", "agent_up")
    assert (line["screen"], line["desk"]) == (school.screen_url, school.desk_url)


async def _started_again(child: Any, log: Path, event: str) -> dict[str, Any]:
    before = len(_lines(log, event))
    await child.start()

    def up() -> list[dict[str, Any]]:
        child.check()
        return _lines(log, event)[before:]

    lines: list[dict[str, Any]] = await until(up, f"another {event}")
    return lines[-1]


def _lines(log: Path, event: str) -> list[dict[str, Any]]:
    text = log.read_text(encoding="utf-8", errors="replace")
    return [json.loads(line) for line in text.splitlines() if f'"{event}"' in line]


# --- looking ------------------------------------------------------------------------------------------------------


async def local_state(stage: Stage, school: School) -> dict[str, Any]:
    """What the site's own pages are told."""
    async with stage.admin.http.get(school.screen_url.removesuffix("/screen") + "/local/state") as reply:
        reply.raise_for_status()
        told: dict[str, Any] = await reply.json()
        return told


async def until_exam_at(stage: Stage, school: School, *states: str) -> None:
    """Until the site's own page says that its exam is in one of these states."""

    async def there() -> bool:
        exam = (await local_state(stage, school))["exam"]
        return exam is not None and exam["state"] in states

    await until_told(there, f"{school.site.code} at {states}")


async def until_exam(stage: Stage, exam: str, *states: str) -> dict[str, Any]:
    """Until the centre has the exam in one of these states; returns it."""

    async def there() -> dict[str, Any] | None:
        told: dict[str, Any] = await stage.admin.get(f"/api/v1/exams/{exam}")
        return told if told["state"] in states else None

    return await until_told(there, f"the exam in {states}")


async def card_of(stage: Stage, school: School, exam: str) -> dict[str, Any]:
    """The exam as the desk shows it to a page that comes in: its state and when it closes."""
    origin = school.desk_url.rstrip("/")
    async with stage.admin.http.ws_connect(f"{origin}/exam/ws", headers={"Origin": origin}) as desk:
        await desk.send_json({"type": "hello"})
        welcome = await desk.receive_json()
    cards: list[dict[str, Any]] = welcome["exams"]
    return next(card for card in cards if card["exam"] == exam)


class WallReader:
    """An operator's page: snapshot, then deltas; it comes back by itself. ``run`` until cancelled."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.tiles: dict[str, dict[str, Any]] = {}
        self.exams: dict[str, dict[str, Any]] = {}
        self.sessions: dict[str, dict[str, Any]] = {}
        self.snapshots = 0
        self.gaps = 0

    async def run(self) -> None:
        while True:
            try:
                async with await self._stage.admin.wall() as feed:
                    expected = 0
                    async for message in feed:
                        told = json.loads(message.data)
                        self.gaps += told["n"] != expected
                        expected = told["n"] + 1
                        self._take(told)
            except (aiohttp.ClientError, OSError):
                await asyncio.sleep(LOOK_S)

    def _take(self, told: dict[str, Any]) -> None:
        if told["type"] == "snapshot":
            self.snapshots += 1
            self.tiles.clear()
        self.tiles.update({tile["code"]: tile for tile in told["sites"]})
        if "exams" in told:
            self.exams = {strip["id"]: strip for strip in told["exams"]}
        if "sessions" in told:
            self.sessions = {strip["id"]: strip for strip in told["sessions"]}

    @property
    def online(self) -> int:
        return sum(tile["state"] == "online" for tile in self.tiles.values())

    def handed_in(self, exam: str) -> int:
        """Of all sites, as the exam's strip says."""
        return int(self.exams[exam]["handed_in"]) if exam in self.exams else 0

    def shows(self, exam: str, *, sites: int, handed_in: int) -> bool:
        """Whether so many sites are online and so many candidates have handed in, on the strip and on the tiles."""
        on_tiles = [tile["exam"]["handed_in"] for tile in self.tiles.values() if tile["exam"]]
        return self.online == sites and self.handed_in(exam) == handed_in == sum(on_tiles)


# --- conducting ---------------------------------------------------------------------------------------------------


async def live_session(stage: Stage, topic: str, schools: list[School]) -> dict[str, Any]:
    """A session of these schools that is live, without a lecture on air."""
    session = await planned_session(stage, topic, schools)
    live: dict[str, Any] = await stage.admin.post(f"/api/v1/sessions/{session['id']}/orders", {"order": "go_live"})
    return live


async def planned_session(stage: Stage, topic: str, schools: list[School]) -> dict[str, Any]:
    """A session of these schools, for now."""
    now_ms = time.time_ns() // 1_000_000
    plan = {"topic": topic, "starts_ms": now_ms, "ends_ms": now_ms + 3_600_000, "sites": [each.id for each in schools]}
    session: dict[str, Any] = await stage.admin.post("/api/v1/sessions", plan)
    return session


# --- sitting ------------------------------------------------------------------------------------------------------


class Crowd:
    """Candidates who sit at once; a test looks at how far they are. Made inside a task group that it shares."""

    def __init__(self, candidates: list[Candidate], sittings: list[asyncio.Task[Sat]]) -> None:
        self._candidates = candidates
        self._sittings = sittings

    async def each_answered(self, questions: int) -> None:
        """Until everybody has answered so many questions, or all."""
        wanted = min(questions, QUESTIONS)
        await until(lambda: self.fewest >= wanted, f"{wanted} answers of everybody", LIMIT_S)

    async def each_has_paper(self) -> None:
        """Until everybody has the paper on the screen."""
        await until(
            lambda: all(each.sat.paper_after_s is not None for each in self._candidates), "everybody's paper", LIMIT_S
        )

    @property
    def fewest(self) -> int:
        """Answers of whoever has the fewest."""
        return min(len(each.sat.choices) for each in self._candidates)

    @property
    def anybody_has_paper(self) -> bool:
        return any(each.sat.paper_after_s is not None for each in self._candidates)

    async def all_sat(self) -> list[Sat]:
        """Until everybody has handed in and has ✓✓ on everything, or has waited for it long enough."""
        return await asyncio.gather(*self._sittings)


async def seat_all(
    tasks: asyncio.TaskGroup,
    stage: Stage,
    exam: str,
    script: Script,
    pace: Pace,
    *,
    received_within_s: float = LIMIT_S,
) -> Crowd:
    """Everybody to the desks, once each desk knows the exam; ✓✓ is waited for so long after the hand-in."""
    for school in stage.schools:
        await until_exam_at(stage, school, "ready", "sign_in", "released", "open")
    slips = await slips_of(stage, exam)
    candidates = [Candidate(slip, script.choose, pace.answer_s) for slip in slips]
    return Crowd(candidates, [tasks.create_task(each.sit(received_within_s)) for each in candidates])


Answer = tuple[str, str, str]


def ticked(sittings: list[Sat]) -> set[Answer]:
    """What showed ✓: (number, item, option)."""
    return {(sat.slip.number, item, option) for sat in sittings for item, option in sat.saved_answers}


class Outcome(msgspec.Struct, frozen=True):
    """What became of the answers. ``acked``: those that showed ✓, as (number, item, option); ``kept``: those that the
    centre has."""

    acked: set[Answer]
    kept: set[Answer]
    confirmed: bool
    """Every message of every candidate showed ✓✓."""
    given: dict[str, int]
    expected: dict[str, int]
    results: dict[str, Any]

    @property
    def fault(self) -> str:
        """Empty when nothing was lost and every mark is right."""
        lost = len(self.acked - self.kept)
        faults = [f"{lost} of {len(self.acked)} ✓ lost"] if lost else []
        faults += ["not everything showed ✓✓"] if not self.confirmed else []
        wrong = {n: (self.given.get(n), mark) for n, mark in self.expected.items() if self.given.get(n) != mark}
        return "; ".join([*faults, f"marks (given, expected): {wrong}"] if wrong else faults)


async def outcome(stage: Stage, exam: dict[str, Any], script: Script, sittings: list[Sat]) -> Outcome:
    """Wait for the results and compare them with what the candidates did, past the centre's own reading."""
    results, _ = await results_after_close(stage, exam)
    database = stage.folder / "centre" / "diemcau.sqlite3"
    return Outcome(
        acked=ticked(sittings),
        kept=await asyncio.to_thread(stored_answers, database, exam["id"]),
        confirmed=all(sat.received == sat.acked for sat in sittings),
        given={each["number"]: each["correct"] for each in results["candidates"]},
        expected=expected_marks(sittings, script.key),
        results=results,
    )
