"""The board, a site's record, waivers and rules over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
from aiohttp import web

from orchestrator.errors import Refused
from orchestrator.readiness.board import Board, BoardView
from orchestrator.readiness.model import MS, NEEDS, Held, Judgement, Need, Rule, Waiver
from orchestrator.readiness.service import PROVINCE, Readiness
from orchestrator.web.kit import Routes, body, delete, get, json, post, put, who
from wire.ids import SiteId
from wire.readiness import Check, CheckName

COMPRESS_FROM = 4096
SEE, WAIVE, RULE = "sites.see", "readiness.waive", "readiness.rule"


class CertificateView(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate; times in ms."""

    id: str
    made_ms: int
    received_ms: int
    rehearsal: str | None
    agent_version: str
    platform: str
    checks: list[Check]


class WaiverView(msgspec.Struct, frozen=True, kw_only=True):
    """A waiver; times in ms."""

    id: str
    site: str
    check: str
    reason: str
    why: str
    by: str
    at_ms: int
    until_ms: int
    withdrawn_by: str | None
    withdrawn_ms: int | None


class SiteView(msgspec.Struct, frozen=True, kw_only=True):
    """A site's readiness: the word, the newest certificate, the ones before, waivers."""

    site: str
    judgement: Judgement
    newest: CertificateView | None
    history: list[CertificateView]
    waivers: list[WaiverView]


class WaiverWish(msgspec.Struct, frozen=True):
    """Let this finding pass until then, because of `why`."""

    check: CheckName
    reason: str
    why: str
    until_ms: int


class RuleView(msgspec.Struct, frozen=True):
    """A scope's rule, every check named; `own` False: the province's stands here."""

    scope: str
    own: bool
    needs: dict[CheckName, Need]
    fresh_s: int


class Done(msgspec.Struct, frozen=True):
    done: bool = True


class ReadinessPages:
    """The handlers. `has_site` says whether a site exists, `check_scope` refuses what is no scope."""

    def __init__(
        self,
        readiness: Readiness,
        board: Board,
        has_site: Callable[[SiteId], bool],
        check_scope: Callable[[str], object],
    ) -> None:
        self._readiness = readiness
        self._board = board
        self._has_site = has_site
        self._check_scope = check_scope

    async def board(self, request: web.Request) -> web.StreamResponse:
        try:
            since = int(request.query.get("since", "0"))
        except ValueError:
            raise Refused("bad_request", "since phải là số. / since is a number.") from None
        view = self._board.view(request.query.get("course", PROVINCE), since, request.query.get("boot", ""))
        return await compressed(view)

    async def site(self, request: web.Request) -> web.StreamResponse:
        site = self._site(request)
        told = await self._readiness.record(site)
        return json(
            SiteView(
                site=site,
                judgement=told.judgement,
                newest=_certificate(told.newest) if told.newest else None,
                history=[_certificate(each) for each in told.history],
                waivers=[_waiver(each) for each in told.waivers],
            )
        )

    async def waive(self, request: web.Request) -> web.StreamResponse:
        wish, site = await body(request, WaiverWish), self._site(request)
        until_ns = wish.until_ms * MS
        waiver = await self._readiness.waive(who(request).username, site, wish.check, wish.reason, wish.why, until_ns)
        return json(_waiver(waiver), 201)

    async def withdraw(self, request: web.Request) -> web.StreamResponse:
        return json(_waiver(await self._readiness.withdraw(who(request).username, request.match_info["waiver"])))

    async def rule(self, request: web.Request) -> web.StreamResponse:
        return json(self._rule(self._scope(request)))

    async def set_rule(self, request: web.Request) -> web.StreamResponse:
        rule, scope = await body(request, Rule), self._scope(request)
        await self._readiness.set_rule(who(request).username, scope, rule)
        return json(self._rule(scope))

    async def drop_rule(self, request: web.Request) -> web.StreamResponse:
        scope = self._scope(request)
        await self._readiness.set_rule(who(request).username, scope, None)
        return json(self._rule(scope))

    def _rule(self, scope: str) -> RuleView:
        rule = self._readiness.rule(scope)
        needs = {name: rule.need(name) for name in NEEDS}
        return RuleView(scope, self._readiness.has_rule(scope), needs, rule.fresh_s)

    def _scope(self, request: web.Request) -> str:
        scope = request.query.get("course", PROVINCE)
        self._check_scope(scope)
        return scope

    def _site(self, request: web.Request) -> SiteId:
        site = SiteId(request.match_info["site"])
        if not self._has_site(site):
            raise Refused("no_such_site", "Không có điểm cầu này. / No such site.", 404)
        return site


async def compressed(view: Any) -> web.Response:
    """A JSON reply that may be large: encoded off the loop, smaller on the line."""
    reply = web.Response(body=await asyncio.to_thread(msgspec.json.encode, view), content_type="application/json")
    if (reply.content_length or 0) > COMPRESS_FROM:
        reply.enable_compression()
    return reply


def _certificate(held: Held) -> CertificateView:
    return CertificateView(
        id=held.id,
        made_ms=held.made_ns // MS,
        received_ms=held.received_ns // MS,
        rehearsal=held.rehearsal,
        agent_version=held.agent_version,
        platform=held.platform,
        checks=held.checks,
    )


def _waiver(waiver: Waiver) -> WaiverView:
    return WaiverView(
        id=waiver.id,
        site=waiver.site,
        check=waiver.check,
        reason=waiver.reason,
        why=waiver.why,
        by=waiver.by,
        at_ms=waiver.at_ns // MS,
        until_ms=waiver.until_ns // MS,
        withdrawn_by=waiver.withdrawn_by,
        withdrawn_ms=waiver.withdrawn_ns // MS if waiver.withdrawn_ns is not None else None,
    )


def routes(pages: ReadinessPages) -> Routes:
    """The routes of readiness."""
    base, rule, site = "/api/v1/readiness", "/api/v1/readiness/rule", "/api/v1/sites/{site}/readiness"
    waiver = f"{base}/waivers/{{waiver}}/withdraw"
    return [
        get(f"{base}/board", pages.board, action=SEE, summary="Go / no-go of every site", reply=BoardView),
        get(site, pages.site, action=SEE, summary="A site's readiness and its history", reply=SiteView),
        post(
            f"{site}/waivers", pages.waive, action=WAIVE, summary="Let a finding pass", body=WaiverWish,
            reply=WaiverView,
        ),
        post(waiver, pages.withdraw, action=WAIVE, summary="Take a waiver back", reply=WaiverView),
        get(rule, pages.rule, action=SEE, summary="What the day needs", reply=RuleView),
        put(rule, pages.set_rule, action=RULE, summary="Say what the day needs", body=Rule, reply=RuleView),
        delete(rule, pages.drop_rule, action=RULE, summary="Back to the province's rule", reply=RuleView),
    ]  # fmt: skip
