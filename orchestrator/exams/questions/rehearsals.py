"""A rehearsal for every site with one order: planned, sealed and armed at once, with the built-in paper and a T0 of its
own. It stands in no results and leaves the lists when it is over."""

import msgspec
from aiohttp import web

from orchestrator.errors import Refused
from orchestrator.exams.choice import ExamKind
from orchestrator.exams.model import Action, Exam
from orchestrator.exams.planning import ExamWish
from orchestrator.exams.questions.rehearsal import REHEARSAL_QUESTIONS, REHEARSAL_TITLE
from orchestrator.exams.service import Exams
from orchestrator.exams.views import ExamView, exam_view
from orchestrator.web.kit import Routes, body, json, post, who
from wire.ids import PersonId, SiteId

SHORTEST_S, LONGEST_S = 5.0, 7 * 24 * 3600.0
"""How soon and how late a rehearsal may begin."""
LATE_CAP_S = 2 * 3600.0
"""A site may still open that long after T0: schools start their computers when they can."""


class RehearsalWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a planner may say of a rehearsal; nothing need be said. `sites` None means all."""

    starts_in_s: float = 600.0
    duration_s: int = 600
    sites: list[SiteId] | None = None


class Rehearsals:
    """Orders rehearsals."""

    def __init__(self, exams: Exams) -> None:
        self._exams = exams

    async def hold(self, by: str, person: PersonId | None, wish: RehearsalWish) -> Exam:
        """Plan, seal and arm a rehearsal. A fault on the way cancels it and is told."""
        if not SHORTEST_S <= wish.starts_in_s <= LONGEST_S:
            raise Refused("bad_exam", "Thi thử bắt đầu sau 5 giây đến 7 ngày. / Starts in 5 s to 7 days.", 422)
        exam = await self._exams.create(by, person, self._planned(wish), kind=ExamKind.REHEARSAL)
        try:
            await self._exams.order(by, exam.id, Action.SEAL)
            return await self._exams.order(by, exam.id, Action.ARM)
        except Refused:
            await self._exams.order(by, exam.id, Action.CANCEL)
            raise

    def _planned(self, wish: RehearsalWish) -> ExamWish:
        return ExamWish(
            title=REHEARSAL_TITLE,
            starts_ms=self._exams.now_ns() // 1_000_000 + round(wish.starts_in_s * 1000),
            duration_s=wish.duration_s,
            questions=len(REHEARSAL_QUESTIONS),
            sites=wish.sites,
            sign_in_lead_s=wish.starts_in_s,
            release_lead_s=min(60.0, wish.starts_in_s / 2),
            late_cap_s=LATE_CAP_S,
        )


def routes(rehearsals: Rehearsals) -> Routes:
    """The one order."""

    async def hold(request: web.Request) -> web.Response:
        asker = who(request)
        wish = await body(request, RehearsalWish)
        exam = await rehearsals.hold(asker.username, PersonId(asker.person), wish)
        return json(exam_view(exam, 0, []), 201)

    return [
        post(
            "/api/v1/rehearsals",
            hold,
            action="exams.conduct",
            summary="A rehearsal for every site",
            body=RehearsalWish,
            reply=ExamView,
        )
    ]
