"""Recordings over HTTP."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
from aiohttp import web

from orchestrator.courses.rules import CourseRule
from orchestrator.errors import Refused
from orchestrator.recordings import store
from orchestrator.recordings.model import RecordingRule, Segment
from orchestrator.recordings.retention import Retention
from orchestrator.recordings.rules import RuleBook
from orchestrator.recordings.service import Recordings
from orchestrator.recordings.serving import serve
from orchestrator.recordings.views import (
    ListView,
    RecordingView,
    StandingView,
    recording_view,
    row_view,
    standing_view,
)
from orchestrator.recordings.watching import Purpose, Watching, file_name
from orchestrator.sessions.model import Session
from orchestrator.sessions.service import check_own
from orchestrator.storage.engine import Database
from orchestrator.web.kit import Identity, Routes, body, get, json, post, put, who
from wire.ids import SessionId

MS = 1_000_000


class SwitchWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    on: bool


class LookWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    purpose: Purpose


class LookView(msgspec.Struct, frozen=True):
    """``key`` goes with every address of the files; it holds for some hours, for whoever asked."""

    key: str


class EraseWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a recording goes now."""

    why: str


class Done(msgspec.Struct, frozen=True):
    number: int


class RuleView(msgspec.Struct, frozen=True):
    """What holds in a course; version 0: the province's rule, nobody has set one."""

    rule: RecordingRule
    version: int
    at_ms: int
    who: str


class RecordingPages:
    """The handlers. ``all_sessions`` and ``session`` are the plan; a lecturer sees and switches only what is theirs."""

    def __init__(
        self,
        recordings: Recordings,
        watching: Watching,
        retention: Retention,
        rules: RuleBook,
        database: Database,
        all_sessions: Callable[[], list[Session]],
        session: Callable[[SessionId], Session],
    ) -> None:
        self._recordings = recordings
        self._watching = watching
        self._retention = retention
        self._rules = rules
        self._database = database
        self._all = all_sessions
        self._session = session

    # Lists and timelines

    async def list(self, request: web.Request) -> web.StreamResponse:
        """Every session with a recording, or one that is to be recorded now; the newest first."""
        segments = await self._database.read(store.segments)
        by_session: dict[SessionId, list[Segment]] = {}
        for one in segments:
            by_session.setdefault(one.session, []).append(one)
        person = who(request)
        shown = [one for one in self._all() if _may(person, one) and (one.id in by_session or one.on_screen)]
        rows = [row_view(one, by_session.get(one.id, ()), self._recordings.standing(one.id)) for one in shown]
        free = await asyncio.to_thread(_free, self._recordings.settings.folder)
        return json(ListView(rows, free, self._recordings.settings.reserve))

    async def one(self, request: web.Request) -> web.StreamResponse:
        session = self._named(request)
        found = await self._database.read(
            lambda conn: (
                store.segments(conn, session.id),
                store.marks(conn, session.id),
                store.switches(conn, session.id),
                store.erasures(conn, session.id),
            )
        )
        return json(recording_view(session, *found, self._recordings.standing(session.id)))

    # The switch

    async def standing(self, request: web.Request) -> web.StreamResponse:
        return json(standing_view(self._recordings.standing(self._named(request).id)))

    async def switch(self, request: web.Request) -> web.StreamResponse:
        session, wish = self._named(request), await body(request, SwitchWish)
        return json(standing_view(await self._recordings.switch(who(request), session.id, on=wish.on)))

    # Watching

    async def look(self, request: web.Request) -> web.StreamResponse:
        session, wish = self._named(request), await body(request, LookWish)
        return json(LookView((await self._watching.look(who(request), session.id, wish.purpose)).key), 201)

    async def file(self, request: web.Request) -> web.StreamResponse:
        """A track joined, or one file of it; ``?look=`` names the look, ``&save=1`` has it saved."""
        session = self._named(request)
        track, number = request.match_info["track"], int(request.match_info.get("number", "0"))
        key = request.query.get("look", "")
        whole = await self._watching.open(who(request), key, session.id, track, number)
        saved = file_name(session.id, track, number) if request.query.get("save") else ""
        return await serve(request, whole, tag=f"{key[:8]}-{track}-{number}", save_as=saved)

    # Retention

    async def erase(self, request: web.Request) -> web.StreamResponse:
        session, wish = self._named(request), await body(request, EraseWish)
        return json(Done(await self._retention.erase(who(request), session.id, wish.why)))

    async def rule(self, request: web.Request) -> web.StreamResponse:
        return json(_rule(await self._rules.of_course(request.match_info["course"])))

    async def change_rule(self, request: web.Request) -> web.StreamResponse:
        rule = await body(request, RecordingRule)
        return json(_rule(await self._rules.change(who(request).username, request.match_info["course"], rule)))

    def _named(self, request: web.Request) -> Session:
        session = self._session(SessionId(request.match_info["id"]))
        check_own(who(request), session)
        return session


def _may(person: Identity, session: Session) -> bool:
    try:
        check_own(person, session)
    except Refused:
        return False
    return True


def _rule(made: CourseRule[RecordingRule]) -> RuleView:
    return RuleView(made.rule, made.version, made.at_ns // MS, made.who)


def _free(folder: Path) -> int:
    """Bytes free where recordings are kept; its nearest folder that exists."""
    for place in _upwards(folder):
        if place.is_dir():
            stat = os.statvfs(place)
            return stat.f_bavail * stat.f_frsize
    return 0


def _upwards(folder: Path) -> Iterable[Path]:
    resolved = folder.absolute()
    return (resolved, *resolved.parents)


def routes(pages: RecordingPages) -> Routes:
    """The routes of recordings."""
    here, one = "/api/v1/recordings", "/api/v1/recordings/{id}"
    see, switch, rule = "recordings.see", "/api/v1/sessions/{id}/recording", "/api/v1/courses/{course}/recording-rule"
    named = f"{one}/{{track:[a-z]+}}"
    return [
        get(here, pages.list, action=see, summary="sessions with recordings", reply=ListView),
        get(one, pages.one, action=see, summary="one, with its timeline", reply=RecordingView),
        post(f"{one}/looks", pages.look, action=see, summary="to watch: on record", body=LookWish, reply=LookView),
        get(f"{named}.mp4", pages.file, action=see, summary="a track in one file, with ranges"),
        get(f"{named}/{{number:[0-9]{{1,6}}}}.mp4", pages.file, action=see, summary="one file of a track"),
        post(f"{one}/erase", pages.erase, action="recordings.erase", summary="erase it", body=EraseWish, reply=Done),
        get(switch, pages.standing, action="sessions.see", summary="is it recorded", reply=StandingView),
        post(
            switch,
            pages.switch,
            action="sessions.conduct",
            summary="record it, or not",
            body=SwitchWish,
            reply=StandingView,
        ),
        get(rule, pages.rule, action="courses.see", summary="recording and retention", reply=RuleView),
        put(rule, pages.change_rule, action="courses.plan", summary="change it", body=RecordingRule, reply=RuleView),
    ]
