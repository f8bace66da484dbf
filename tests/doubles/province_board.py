"""The centre's board page over a province that is drawn, not run: real views of as many sites as a test wants."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from demo.province import make_province
from orchestrator.exams.invigilation.board import BoardView, Named, Row
from orchestrator.exams.invigilation.store import Incident
from orchestrator.web import pages
from orchestrator.web.kit import Identity, Route, get, json
from orchestrator.web.server import application, listening_socket, serving
from wire.ids import ExamId, SiteId

EXAM = ExamId("exam-1")
T0_MS = 1_795_000_000_000
_WORDS = {0: ("stopped", 0), 1: ("late", 1), 2: ("never", 1), 3: ("silent", 3), 4: ("open_late", 4), 5: ("open", 2)}


class Everybody:
    """A gate that knows one person."""

    async def admit(self, request: web.Request, route: Route) -> Identity | None:
        """Lets in whoever asks."""
        del request
        return None if route.action is None else Identity("person-ann", "ann", "Ann", "planner")


def drawn(sites: int, version: int) -> BoardView:
    """A board half an hour into an exam: most sites are well, the first few are not."""
    chance = random.Random(7)
    province = make_province(sites, sites * 60)
    rows, named = [], []
    for at, school in enumerate(province.sites):
        word, rank = _WORDS.get(at, ("open", 8))
        here = word not in ("never", "late")
        registered = chance.randint(30, 80)
        signed_in = registered - chance.randint(0, 3) if here else 0
        site = SiteId(f"site-{at}")
        rows.append(
            Row(
                site=site,
                word=word,
                rank=rank,
                linked=word not in ("never", "silent"),
                silent_s=140 if word == "silent" else None,
                late_s=1800 if not here else 96 if word == "open_late" else 0,
                clock=None if word == "never" else "blind" if at == 1 else "loose" if at == 6 else "synced",
                registered=registered,
                signed_in=signed_in,
                started=signed_in,
                answered=signed_in * 17,
                handed_in=chance.randint(0, signed_in // 3) if here else 0,
                received=0,
                trouble=2 if at == 5 else 0,
                opened_ms=T0_MS if here else None,
                extra_s=300 if at == 4 else 0,
                unheld=0,
                incidents=1 if at in (0, 5) else 0,
                proposals=1 if at == 4 else 0,
            )
        )
        named.append(Named(site, school.code, school.name, school.district, school.contact, school.phone))
    return BoardView(
        exam=EXAM,
        title="Bồi dưỡng thường xuyên 2026, bài kiểm tra cuối đợt",
        stage="open",
        starts_ms=T0_MS,
        duration_s=7200,
        questions=50,
        centre_ms=T0_MS + 1_800_000,
        boot="boot-1",
        version=version,
        release_trouble="Chưa chép được tệp mở đề. / The release is not copied.",
        whole=version == 1,
        rows=rows if version == 1 else [],
        named=named if version == 1 else [],
        incidents=[_note(0, "stopped", "Báo cháy tầng hai, đã sơ tán"), _note(5, "device", "Hỏng hai chuột máy tính")],
    )


def _note(site: int, kind: str, text: str) -> Incident:
    return Incident(
        id=f"note-{site}",
        exam=EXAM,
        site=SiteId(f"site-{site}"),
        candidate=None,
        kind=kind,
        text=text,
        who="Lò Thị Hà",
        at_ns=(T0_MS + 1_700_000) * 1_000_000,
        received_ns=0,
    )


@asynccontextmanager
async def province_board(sites: int) -> AsyncIterator[str]:
    """The address of the board's page."""

    async def me(_: web.Request) -> web.Response:
        person = {"id": "person-ann", "username": "ann", "name": "Ann", "role": "planner"}
        actions = ["wall.see", "exams.credit", "exams.conduct"]
        return json({"person": person, "csrf": "x", "actions": actions, "must_change": False})

    async def board(request: web.Request) -> web.Response:
        return json(drawn(sites, 1 if request.query.get("since", "0") == "0" else 2))

    async def ledger(_: web.Request) -> web.Response:
        common = {"exam": EXAM, "candidate": None, "who": "", "text": "", "decision": "", "too_late": False}
        at = {"from_ms": T0_MS + 60_000, "at_ms": T0_MS + 400_000}
        asked = {"id": "a", "site": "site-4", "cause": "agent", "source": "measured", "state": "proposed"}
        given = {"id": "b", "site": "site-6", "cause": "power", "source": "province", "state": "approved"}
        line = {"id": "c", "site": "site-3", "cause": "line", "source": "measured", "state": "noted"}
        open_ = {"decided_by": None, "decided_ms": None, "held_ms": None}
        done = {"decided_by": "ann", "decided_ms": T0_MS + 500_000, "held_ms": T0_MS + 500_300}
        return json(
            [
                {**common, **at, **asked, **open_, "minutes": 6, "seconds": 360, "measured_ms": 340_000},
                {**common, **at, **given, **done, "minutes": 5, "seconds": 300, "measured_ms": None},
                {**common, **at, **line, **open_, "minutes": 0, "seconds": 0, "measured_ms": 840_000},
            ]
        )

    told = [
        *pages.routes(),
        get("/api/v1/me", me, action="any"),
        get("/api/v1/exams/{exam}/board", board, action="any"),
        get("/api/v1/exams/{exam}/credits", ledger, action="any"),
    ]
    bound = listening_socket("127.0.0.1", 0)
    base = f"http://127.0.0.1:{bound.getsockname()[1]}"
    async with serving(application(told, Everybody()), bound):
        yield f"{base}/board/{EXAM}"
