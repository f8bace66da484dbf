"""HTTP of the shift: claiming a site, writing down what a call came to, reading the book."""

from __future__ import annotations

from typing import Annotated

import msgspec
from aiohttp import web

from orchestrator.duty.model import CLAIM_NS, NOTE_LIMIT, OUTCOMES, Claim, Entry, Matter, Outcome
from orchestrator.duty.service import Duty
from orchestrator.web.kit import Routes, body, delete, get, json, post, who
from wire.ids import SiteId

MS = 1_000_000
SEE, ACT = "wall.see", "duty.call"
_Note = Annotated[str, msgspec.Meta(max_length=2 * NOTE_LIMIT)]


class OutcomeView(msgspec.Struct, frozen=True):
    """An outcome that a call may have; `again_min`: minutes after which somebody looks again."""

    key: str
    closes: bool
    again_min: int


class ClaimView(msgspec.Struct, frozen=True):
    """Who is calling a site."""

    site: str
    person: str
    name: str
    at_ms: int
    until_ms: int


class MatterView(msgspec.Struct, frozen=True):
    """What is open at a site; notes are for those who ask for the site's book."""

    site: str
    person: str
    name: str
    outcome: str
    since_ms: int
    at_ms: int
    again_ms: int | None
    calls: int


class EntryView(msgspec.Struct, frozen=True):
    """A line of the book."""

    id: int
    site: str
    at_ms: int
    person: str
    name: str
    kind: str
    outcome: str | None
    note: str
    again_ms: int | None


class DutyView(msgspec.Struct, frozen=True):
    """The shift as it stands."""

    claim_ms: int
    outcomes: list[OutcomeView]
    claims: list[ClaimView]
    matters: list[MatterView]


class CallBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a call came to; `again_min` None: as the outcome has it, 0: not again."""

    outcome: Outcome
    note: _Note = ""
    again_min: int | None = None


class NoteBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something to remember about a site."""

    note: _Note


class Done(msgspec.Struct, frozen=True):
    done: bool = True


def claim_view(claim: Claim) -> ClaimView:
    return ClaimView(claim.site, claim.person, claim.name, claim.at_ns // MS, claim.until_ns // MS)


def matter_view(matter: Matter) -> MatterView:
    return MatterView(
        matter.site,
        matter.person,
        matter.name,
        matter.outcome,
        matter.since_ns // MS,
        matter.at_ns // MS,
        _ms(matter.again_ns),
        matter.calls,
    )


def entry_view(entry: Entry) -> EntryView:
    return EntryView(
        entry.id,
        entry.site,
        entry.at_ns // MS,
        entry.person,
        entry.name,
        entry.kind,
        entry.outcome,
        entry.note,
        _ms(entry.again_ns),
    )


def _ms(at_ns: int | None) -> int | None:
    return None if at_ns is None else at_ns // MS


class DutyPages:
    """The handlers."""

    def __init__(self, duty: Duty) -> None:
        self._duty = duty

    async def standing(self, _request: web.Request) -> web.StreamResponse:
        outcomes = [OutcomeView(key, after.closes, after.again_min) for key, after in OUTCOMES.items()]
        claims = [claim_view(claim) for claim in self._duty.claims]
        matters = [matter_view(matter) for matter in self._duty.matters]
        return json(DutyView(CLAIM_NS // MS, outcomes, claims, matters))

    async def claim(self, request: web.Request) -> web.StreamResponse:
        return json(claim_view(await self._duty.claim(who(request), _site(request))))

    async def release(self, request: web.Request) -> web.StreamResponse:
        await self._duty.release(who(request), _site(request))
        return json(Done())

    async def call(self, request: web.Request) -> web.StreamResponse:
        given = await body(request, CallBody)
        entry = await self._duty.log_call(who(request), _site(request), given.outcome, given.note, given.again_min)
        return json(entry_view(entry), 201)

    async def note(self, request: web.Request) -> web.StreamResponse:
        given = await body(request, NoteBody)
        return json(entry_view(await self._duty.write_note(who(request), _site(request), given.note)), 201)

    async def book(self, request: web.Request) -> web.StreamResponse:
        return json([entry_view(entry) for entry in await self._duty.book_of(_site(request))])


def _site(request: web.Request) -> SiteId:
    return SiteId(request.match_info["site"])


def routes(pages: DutyPages) -> Routes:
    """The routes of claims and of the book."""
    site = "/api/v1/sites/{site}"
    return [
        get("/api/v1/duty", pages.standing, action=SEE, summary="claims, open matters, outcomes", reply=DutyView),
        post(f"{site}/claim", pages.claim, action=ACT, summary="I am calling this site", reply=ClaimView),
        delete(f"{site}/claim", pages.release, action=ACT, summary="I am not calling any more", reply=Done),
        post(f"{site}/calls", pages.call, action=ACT, summary="what a call came to", body=CallBody, reply=EntryView),
        post(f"{site}/notes", pages.note, action=ACT, summary="something to remember", body=NoteBody, reply=EntryView),
        get(f"{site}/book", pages.book, action="sites.see", summary="what was done about it", reply=list[EntryView]),
    ]
