"""One rehearsal from the import of the province to the marks."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from demo.candidates import Slip
from demo.children import Child, Children
from demo.drill import machine
from demo.drill.crowd import HAND_IN_S, SPARE_S, Orders, Seen
from demo.drill.figures import DrillFigures, in_journals, quantile_ms
from demo.drill.paper import gift
from demo.figures import stored_answers
from demo.operator import Operator
from demo.province import make_province, workbook
from demo.stage import until

QUESTIONS, CODES = 50, 2
RELEASE_LEAD_S = 8.0
SETTLE_S = 5.0
"""From the last sign-in to T0."""
SIGN_INS_PER_S = 250.0
LATE_CAP_S = 60.0
UPLOAD_JITTER_S = 20.0
UP_LIMIT_S = 240.0
RESULTS_LIMIT_S = 150.0
SECOND = 10**9

NOTE = (
    "The window is shorter than a real one: everybody answers at {speed:g} times the real pace of 50 questions in "
    "120 minutes for as long as it lasts, then hands in within its last 10 s. Candidates, agents and centre share "
    "this computer."
)


class Wish(msgspec.Struct, frozen=True):
    """What is to be rehearsed. `pace_s`: seconds from one answer of a candidate to the next."""

    sites: int
    candidates: int
    central: bool
    speed: float
    pace_s: float
    window_s: int
    agent_processes: int
    crowd_processes: int


class Rehearsal:
    """Made with a centre that is up; :meth:`hold` once."""

    def __init__(
        self,
        wish: Wish,
        children: Children,
        admin: Operator,
        url: str,
        folder: Path,
        centre_pid: int | None,
        database: Path | None,
        say: Callable[[str], None],
    ) -> None:
        self._wish = wish
        self._children = children
        self._admin = admin
        self._url = url
        self._folder = folder
        self._centre_pid = centre_pid
        self._database = database
        self._say = say
        self._agents: list[Child] = []

    async def hold(self) -> DrillFigures:
        """Hold it and tell what was seen."""
        wish = self._wish
        figures = DrillFigures(
            sites=wish.sites,
            candidates=wish.candidates,
            central=wish.central,
            speed=wish.speed,
            window_s=wish.window_s,
            answers_per_second_asked=round(wish.candidates / wish.pace_s, 1),
            note=NOTE.format(speed=wish.speed),
        )
        await self._raise_sites()
        exam = await self._plan()
        crowds = await self._seat(exam)
        await self._until_s(exam["starts_ms"] / 1000 - 1)
        before = self._costs(crowds)
        self._say("Mở đề…")
        closes = exam["starts_ms"] / 1000 + exam["duration_s"]
        await self._until_s(closes - 1.5)  # a crowd that is through may end before the close
        self._count_costs(figures, before, self._costs(crowds))
        figures.load_average = machine.load()
        await self._until_s(closes)
        self._say("Hết giờ, chờ kết quả…")
        await self._results(figures, exam["id"], closes)
        seen = await self._seen(crowds)
        await self._compare(figures, exam["id"], seen)
        return figures

    # --- before ----------------------------------------------------------------------------------------------------

    async def _raise_sites(self) -> None:
        wish = self._wish
        self._say(f"Nhập {wish.sites} điểm cầu, {wish.candidates} thí sinh…")
        province = await asyncio.to_thread(make_province, wish.sites, wish.candidates)
        await self._admin.upload("/api/v1/sites/import?filename=tinh.xlsx", await asyncio.to_thread(workbook, province))
        known = await self._admin.get("/api/v1/sites")
        codes = [
            (await self._admin.post(f"/api/v1/sites/{site['id']}/pairing-code"))["code"] for site in known[: wish.sites]
        ]
        self._say("Ghép nối và khởi động các máy điểm cầu…")
        for place in range(wish.agent_processes):
            file, homes = self._folder / f"codes-{place}.txt", self._folder / f"homes-{place}"
            await asyncio.to_thread(file.write_text, "\n".join(codes[place :: wish.agent_processes]), "ascii")
            arguments = ["site_agent.drill", "--server", self._url, "--codes", str(file), "--homes", str(homes)]
            arguments += ["--pages", str(wish.candidates)] if wish.central else []
            self._agents.append(await self._children.add(f"agents-{place}", arguments))
        await until(self._all_up, "all agents' start", UP_LIMIT_S)

    def _all_up(self) -> bool:
        self._children.check()
        return len(self._desks()) == self._wish.sites

    def _desks(self) -> dict[str, str]:
        """Site code → address of its exam desk."""
        logs = [self._folder / f"agents-{place}.log" for place in range(len(self._agents))]
        lines = [
            line for log in logs for line in log.read_text("utf-8", "replace").splitlines() if '"agent_up"' in line
        ]
        return {line["site"]: line["desk"] for line in map(json.loads, lines)}

    async def _plan(self) -> dict[str, Any]:
        wish = self._wish
        await self._admin.upload("/api/v1/bank/import?format=gift", gift(QUESTIONS).encode())
        self._say("Niêm phong đề, hẹn giờ thi…")
        lead_s = 14 + wish.sites / 8 + wish.candidates / SIGN_INS_PER_S + wish.candidates / 500
        exam: dict[str, Any] = await self._admin.post(
            "/api/v1/exams",
            {
                "title": "Diễn tập",
                "starts_ms": round((time.time() + lead_s) * 1000),
                "duration_s": wish.window_s,
                "questions": QUESTIONS,
                "codes": CODES,
                "release_lead_s": RELEASE_LEAD_S,
                "sign_in_lead_s": 3600.0,
                "upload_jitter_s": UPLOAD_JITTER_S,
                "late_cap_s": LATE_CAP_S,
            },
        )
        for order in ("seal", "arm"):
            exam = await self._admin.post(f"/api/v1/exams/{exam['id']}/orders", {"order": order})
        return exam

    async def _seat(self, exam: dict[str, Any]) -> list[Child]:
        desks = self._desks()
        printed = await self._admin.get(f"/api/v1/exams/{exam['id']}/vouchers")
        slips = [Slip(desks[each["site"]], exam["id"], each["number"], "", each["voucher"]) for each in printed]
        await self._until_ready(exam["id"])
        starts = exam["starts_ms"] / 1000
        self._say(f"{len(slips)} thí sinh đăng nhập, {starts - time.time():.0f} s trước giờ mở…")
        crowds = []
        for place in range(self._wish.crowd_processes):
            orders = Orders(
                slips=slips[place :: self._wish.crowd_processes],
                signed_in_by=starts - SETTLE_S,
                t0=starts,
                closes=starts + exam["duration_s"],
                pace_s=self._wish.pace_s,
                received_within_s=UPLOAD_JITTER_S + 20,
            )
            file = self._folder / f"orders-{place}.json"
            await asyncio.to_thread(file.write_bytes, msgspec.json.encode(orders))
            arguments = ["demo.drill.crowd", str(file), str(self._result(place))]
            crowds.append(await self._children.add(f"crowd-{place}", arguments))
        return crowds

    async def _until_ready(self, exam: str) -> None:
        """Until every site has said that it holds plan and papers."""
        async with asyncio.timeout(UP_LIMIT_S):
            while True:
                told = await self._admin.get(f"/api/v1/exams/{exam}")
                if all(site["package"] == "ready" for site in told["sites"]):
                    return
                await asyncio.sleep(0.5)

    def _result(self, place: int) -> Path:
        return self._folder / f"seen-{place}.json"

    async def _until_s(self, unix_s: float) -> None:
        while (left := unix_s - time.time()) > 0:
            for agent in self._agents:  # a crowd that is through may end
                agent.check()
            await asyncio.sleep(min(1.0, left))

    # --- what it cost ----------------------------------------------------------------------------------------------

    def _costs(self, crowds: Sequence[Child]) -> tuple[float, list[float]]:
        pids = [self._centre_pid or 0, *(child.pid for child in (*self._agents, *crowds))]
        return time.monotonic(), [machine.cpu_s(pid) for pid in pids]

    def _count_costs(
        self,
        figures: DrillFigures,
        before: tuple[float, list[float]],
        after: tuple[float, list[float]],
    ) -> None:
        span_s = after[0] - before[0]
        shares = [100 * (late - early) / span_s for early, late in zip(before[1], after[1], strict=True)]
        agents = 1 + len(self._agents)
        figures.centre_cpu_percent = _told(shares[0])
        figures.agents_cpu_percent = _told(sum(shares[1:agents]))
        figures.candidates_cpu_percent = _told(sum(shares[agents:]))
        figures.centre_most_mb = _told(machine.most_mb(self._centre_pid)) if self._centre_pid else None
        figures.agents_most_mb = _told(sum(machine.most_mb(child.pid) for child in self._agents))

    # --- after -----------------------------------------------------------------------------------------------------

    async def _results(self, figures: DrillFigures, exam: str, closes: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(RESULTS_LIMIT_S):
                await self._final(exam)
                figures.results_seconds_after_close = round(max(0.0, time.time() - closes), 1)
        if figures.results_seconds_after_close is None:
            awaited = (await self._admin.get(f"/api/v1/exams/{exam}/waiting"))["sites"]
            figures.sites_awaited = [site["code"] for site in awaited]
        if (await self._admin.get(f"/api/v1/exams/{exam}"))["state"] == "marked":
            figures.received = (await self._admin.get(f"/api/v1/exams/{exam}/results"))["received"]
        sites = (await self._admin.get(f"/api/v1/exams/{exam}"))["sites"]
        opened = [site for site in sites if site["opened_lo_ms"] is not None]
        t0_ms = (closes - self._wish.window_s) * 1000
        figures.sites_opened = len(opened)
        figures.first_site_opened_ms = min((round(site["opened_lo_ms"] - t0_ms, 1) for site in opened), default=None)
        figures.last_site_opened_ms = max((round(site["opened_hi_ms"] - t0_ms, 1) for site in opened), default=None)

    async def _final(self, exam: str) -> None:
        """Until the results are provisional no longer."""
        while True:
            marked = (await self._admin.get(f"/api/v1/exams/{exam}"))["state"] == "marked"
            if marked and not (await self._admin.get(f"/api/v1/exams/{exam}/results"))["provisional"]:
                return
            await asyncio.sleep(0.5)

    async def _seen(self, crowds: Sequence[Child]) -> list[Seen]:
        for crowd in crowds:
            await crowd.finished(RESULTS_LIMIT_S)
        files = [self._result(place) for place in range(len(crowds))]
        return [msgspec.json.decode(await asyncio.to_thread(file.read_bytes), type=Seen) for file in files]

    async def _compare(self, figures: DrillFigures, exam: str, seen: list[Seen]) -> None:
        acked = [answer for crowd in seen for answer in crowd.acked]
        papers = [seconds for crowd in seen for seconds in crowd.papers_s]
        saved = [seconds for crowd in seen for seconds in crowd.saved_s]
        figures.answers_acked = len(acked)
        figures.answers_never_acked = sum(crowd.unacked for crowd in seen)
        figures.papers_opened, figures.last_paper_ms = len(papers), quantile_ms(papers, 1.0)
        figures.paper_p50_ms, figures.paper_p99_ms = quantile_ms(papers, 0.5), quantile_ms(papers, 0.99)
        figures.saved_p50_ms, figures.saved_p99_ms = quantile_ms(saved, 0.5), quantile_ms(saved, 0.99)
        figures.saved_most_ms = quantile_ms(saved, 1.0)
        settled = _settled(seen, max(papers, default=0.0), self._wish.window_s - HAND_IN_S - SPARE_S)
        figures.saved_settled_p50_ms, figures.saved_settled_p99_ms = (
            quantile_ms(settled, 0.5),
            quantile_ms(settled, 0.99),
        )
        for name in ("messages_saved", "messages_confirmed", "handed_in", "unfinished"):
            setattr(figures, name, sum(getattr(crowd, name) for crowd in seen))
        figures.closed_without_handing_in = sum(crowd.closed for crowd in seen)
        troubles: Counter[str] = Counter()
        for crowd in seen:
            troubles.update(crowd.troubles)
        figures.troubles = dict(troubles)
        await self._count_lost(figures, exam, acked)

    async def _count_lost(self, figures: DrillFigures, exam: str, acked: list[tuple[str, str, str]]) -> None:
        stored: set[tuple[str, str, str]] = set()
        if self._database is not None:
            stored = await asyncio.to_thread(stored_answers, self._database, exam)
            figures.missing_at_the_centre = sum(answer not in stored for answer in acked)
        self._say("Dừng các máy điểm cầu, đọc sổ của chúng…")
        await asyncio.gather(*(child.stop() for child in self._agents))
        homes = [home.parent for home in self._folder.glob("homes-*/*/journal.sqlite3")]
        kept = await asyncio.to_thread(in_journals, homes)
        figures.missing_in_the_journals = sum(answer not in kept for answer in acked)
        figures.answers_lost = sum(answer not in kept and answer not in stored for answer in acked)


def _settled(seen: Sequence[Seen], from_s: float, until_s: float) -> list[float]:
    """Seconds to ✓ of what was said between these times after T0."""
    return [
        seconds
        for crowd in seen
        for seconds, said_s in zip(crowd.saved_s, crowd.said_s, strict=True)
        if from_s < said_s < until_s
    ]


def _told(number: float) -> float | None:
    return None if math.isnan(number) else round(number, 1)
