"""HTTP of what comes after the close, and of the portal that needs no account."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone
from pathlib import Path

import msgspec
from aiohttp import web

from orchestrator.access.model import may
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.exams.bands import Scheme, VoidRule, faults, lowest_counts
from orchestrator.exams.outcome.places import PlaceResults
from orchestrator.exams.outcome.portal import Portal, PortalAnswer, PortalExam, PortalQuestion
from orchestrator.exams.outcome.reconcile import Closed, Reconciliation
from orchestrator.exams.outcome.rekey import Difference, ItemChange, Proposal
from orchestrator.exams.outcome.service import Marking, Outcome
from orchestrator.exams.outcome.summary import Letterhead, Summary, place_summary, province_summary
from orchestrator.exams.outcome.waiting import Waiting, without_reasons
from orchestrator.exams.reading import ExamReading
from orchestrator.printing.sheets import pdf
from orchestrator.web.kit import Routes, body, get, json, post, put, who
from wire.ids import ExamId, SiteId

TEMPLATE = Path(__file__).parent / "templates" / "summary.typ"
LONGEST_FIELD = 200
VIETNAM = timezone(timedelta(hours=7))


class SiteClosing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A site closed by protocol; `present`: people present by that protocol."""

    how: Closed
    reason: str
    present: int = 0


class KeyWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Items to void (no `accept`) or to accept other options for."""

    changes: list[ItemChange]
    reason: str
    void: VoidRule = VoidRule.DROP


class ProposalView(msgspec.Struct, frozen=True):
    """A proposal with what it does to the marks."""

    proposal: Proposal
    difference: Difference


class BandCheck(msgspec.Struct, frozen=True):
    """Whether bands can be used: `faults` says why not, `begins` where each would begin."""

    faults: list[str]
    begins: dict[str, int]


def routes(outcome: Outcome, reading: ExamReading, portal: Portal, clock: Clock) -> Routes:
    """All routes of the feature."""
    pages, door = _Pages(outcome, reading, clock), _Door(portal)
    exam = "/api/v1/exams/{exam}"
    wish = f"{exam}/key/proposals"
    one = f"{wish}/{{proposal}}"
    return [
        get(f"{exam}/reconciliation", pages.reconciliation, action="results.see", summary="What each site has sent",
            reply=Reconciliation),
        get(f"{exam}/waiting", pages.waiting, action="wall.see", summary="Which sites results wait for", reply=Waiting),
        post(f"{exam}/sites/{{site}}/closing", pages.close, action="exams.conduct",
             summary="Close a site by protocol", body=SiteClosing, reply=Reconciliation),
        get(f"{exam}/marking", pages.marking, action="results.see", summary="Bands, keys, publications", reply=Marking),
        put(f"{exam}/bands", pages.bands, action="exams.plan", summary="Set bands", body=Scheme, reply=Marking),
        post(f"{exam}/bands/check", pages.check, action="exams.plan", summary="Check bands", body=Scheme,
             reply=BandCheck),
        post(wish, pages.propose, action="results.revise", summary="Propose a revised key", body=KeyWish,
             reply=ProposalView),
        get(one, pages.preview, action="results.items", summary="A proposal and its difference", reply=ProposalView),
        post(f"{one}/apply", pages.apply, action="results.revise", summary="Apply a proposal", reply=Proposal),
        post(f"{one}/withdraw", pages.withdraw, action="results.revise", summary="Drop a proposal", reply=Proposal),
        get(f"{exam}/places/{{place}}", pages.place, action="results.see", summary="Results of a place or site",
            reply=PlaceResults),
        get(f"{exam}/places/{{place}}/summary.pdf", pages.place_pdf, action="results.see",
            summary="Summary of a place as PDF"),
        get(f"{exam}/results.pdf", pages.summary_pdf, action="results.see", summary="Summary as PDF"),
        get("/api/v1/portal", door.exams, action=None, summary="Exams on the portal", reply=list[PortalExam]),
        get("/api/v1/portal/{exam}", door.exam, action=None, summary="An exam on the portal", reply=PortalExam),
        post("/api/v1/portal/{exam}", door.ask, action=None, summary="One's own result, by number and receipt",
             body=PortalQuestion, reply=PortalAnswer),
    ]  # fmt: skip


class _Pages:
    def __init__(self, outcome: Outcome, reading: ExamReading, clock: Clock) -> None:
        self._outcome = outcome
        self._reading = reading
        self._clock = clock

    async def reconciliation(self, request: web.Request) -> web.Response:
        return json(await self._outcome.reconciliation(_exam(request)))

    async def waiting(self, request: web.Request) -> web.Response:
        told = await self._outcome.waiting(_exam(request))
        # A wall in a corridor shows this as well: why a site was closed is for those who conduct.
        return json(told if may(who(request).role, "exams.conduct") else without_reasons(told))

    async def close(self, request: web.Request) -> web.Response:
        told = await body(request, SiteClosing)
        site, by = SiteId(request.match_info["site"]), who(request).username
        return json(await self._outcome.close_site(by, _exam(request), site, told.how, told.present, told.reason))

    async def marking(self, request: web.Request) -> web.Response:
        return json(await self._outcome.marking(_exam(request)))

    async def bands(self, request: web.Request) -> web.Response:
        scheme = await body(request, Scheme)
        return json(await self._outcome.set_scheme(who(request).username, _exam(request), scheme))

    async def check(self, request: web.Request) -> web.Response:
        scheme = await body(request, Scheme)
        maximum = (await self._outcome.marking(_exam(request))).maximum
        return json(BandCheck(faults(scheme), lowest_counts(scheme, maximum)))

    async def propose(self, request: web.Request) -> web.Response:
        wish = await body(request, KeyWish)
        by = who(request).username
        made = await self._outcome.propose(by, _exam(request), wish.changes, wish.void, wish.reason)
        return json(ProposalView(*made), 201)

    async def preview(self, request: web.Request) -> web.Response:
        return json(ProposalView(*await self._outcome.preview(_exam(request), _proposal(request))))

    async def apply(self, request: web.Request) -> web.Response:
        return json(await self._outcome.apply(who(request).username, _exam(request), _proposal(request)))

    async def withdraw(self, request: web.Request) -> web.Response:
        return json(await self._outcome.withdraw(who(request).username, _exam(request), _proposal(request)))

    async def place(self, request: web.Request) -> web.Response:
        return json(await self._reading.place(_exam(request), request.match_info["place"]))

    async def place_pdf(self, request: web.Request) -> web.Response:
        place = request.match_info["place"]
        told = await self._reading.place(_exam(request), place)
        return await self._printed(place_summary(told, _letterhead(request), self._date()), f"{told.exam}-{place}")

    async def summary_pdf(self, request: web.Request) -> web.Response:
        told = await self._reading.results(_exam(request))
        summary = await asyncio.to_thread(province_summary, told, _letterhead(request), self._date())
        return await self._printed(summary, told.exam)

    async def _printed(self, summary: Summary, name: str) -> web.Response:
        headers = {"Content-Disposition": f'inline; filename="tong-hop-{name}.pdf"'}
        return web.Response(body=await pdf(TEMPLATE, summary), content_type="application/pdf", headers=headers)

    def _date(self) -> str:
        today = datetime.fromtimestamp(self._clock.now_ns() / 1e9, VIETNAM)
        return f"ngày {today.day:02d} tháng {today.month:02d} năm {today.year}"


class _Door:
    def __init__(self, portal: Portal) -> None:
        self._portal = portal

    async def exams(self, _request: web.Request) -> web.Response:
        return json(await self._portal.exams())

    async def exam(self, request: web.Request) -> web.Response:
        return json(await self._portal.exam(_exam(request)))

    async def ask(self, request: web.Request) -> web.Response:
        question = await body(request, PortalQuestion)
        return json(await self._portal.ask(request.remote or "?", _exam(request), question))


def _exam(request: web.Request) -> ExamId:
    return ExamId(request.match_info["exam"])


def _proposal(request: web.Request) -> int:
    told = request.match_info["proposal"]
    if not (told.isascii() and told.isdigit() and len(told) < 10):
        raise Refused("no_such_proposal", "Không có đề nghị này. / No such proposal.", 404)
    return int(told)


def _letterhead(request: web.Request) -> Letterhead:
    asked = request.query
    return Letterhead(**{name: asked.get(name, "")[:LONGEST_FIELD] for name in Letterhead.__struct_fields__})
