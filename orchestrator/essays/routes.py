"""HTTP of those who hand in: participants and sites sign in with a code and hold a pass; tus takes their files."""

from __future__ import annotations

from typing import Annotated

import msgspec
from aiohttp import hdrs, web

from orchestrator.errors import Refused
from orchestrator.essays import standing
from orchestrator.essays.model import LARGEST, Essay, EssayPlan, Source, Version, late, number_in
from orchestrator.essays.rights import Pass
from orchestrator.essays.service import Essays, Mine
from orchestrator.essays.store import Upload
from orchestrator.essays.tus import TUS, check_version, checksum, digest, metadata, pieces, whole
from orchestrator.essays.uploads import Uploads, Wish
from orchestrator.essays.words import why_not
from orchestrator.web.kit import Route, Routes, body, get, json, post, put
from wire.ids import SiteId

MS = 1_000_000
_Short = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
_TUS_HEADERS = {"Tus-Resumable": TUS}
_UPLOADS = "/api/v1/essay/uploads"


class SignIn(msgspec.Struct, frozen=True):
    essay: _Short
    number: _Short
    code: _Short


class SiteSignIn(msgspec.Struct, frozen=True):
    essay: _Short
    site_code: _Short
    code: _Short


class Admitted(msgspec.Struct, frozen=True):
    """A pass: goes back as ``Authorization: Bearer``."""

    token: str


class OpenEssay(msgspec.Struct, frozen=True):
    """An essay that is taken now, as anybody may know."""

    essay: str
    title: str
    deadline_ms: int
    cap_ms: int


class VersionView(msgspec.Struct, frozen=True):
    """One hand-in. ``reason`` is a sentence when it was not taken."""

    id: str
    place: int
    form: str
    name: str
    size: int
    sha256: str
    receipt: str
    received_ms: int
    late: bool
    state: str
    reason: str
    pages: int | None
    words: int | None


class EssayView(msgspec.Struct, frozen=True):
    """What is asked."""

    id: str
    course: str
    title: str
    question: str
    deadline_ms: int
    cap_ms: int
    forms: list[str]
    size_limit: int
    sources: list[str]


class MineView(msgspec.Struct, frozen=True):
    """A participant's page."""

    essay: EssayView
    number: str
    name: str
    draft: str
    revision: int
    saved_ms: int | None
    versions: list[VersionView]
    now_ms: int


class DraftBody(msgspec.Struct, frozen=True):
    text: str
    revision: int


class Saved(msgspec.Struct, frozen=True):
    saved_ms: int


class TextBody(msgspec.Struct, frozen=True):
    text: str


class UploadView(msgspec.Struct, frozen=True):
    """Where an upload is, and what it became."""

    id: str
    number: str
    name: str
    size: int
    offset: int
    version: VersionView | None


class SiteLine(msgspec.Struct, frozen=True):
    """A participant of a site."""

    number: str
    name: str
    handed: str
    versions: int
    received_ms: int | None
    receipt: str


class SiteView(msgspec.Struct, frozen=True):
    """A site's page."""

    essay: EssayView
    site: str
    code: str
    name: str
    people: list[SiteLine]


class Names(msgspec.Struct, frozen=True):
    names: Annotated[list[Annotated[str, msgspec.Meta(max_length=300)]], msgspec.Meta(max_length=2000)]


class Matched(msgspec.Struct, frozen=True):
    """The roster number that stands in a file's name; None when none, or more than one, does."""

    name: str
    number: str | None


def version_view(plan: EssayPlan, version: Version) -> VersionView:
    """A version as pages show it."""
    return VersionView(
        id=version.id,
        place=version.place,
        form=version.form,
        name=version.name,
        size=version.size,
        sha256=version.digest.hex(),
        receipt=version.receipt,
        received_ms=version.received_ns // MS,
        late=late(plan, version.received_ns),
        state=version.state,
        reason=why_not(version.reason) if version.reason else "",
        pages=version.pages,
        words=version.words,
    )


def essay_view(essay: Essay, title: str) -> EssayView:
    """An essay as pages show it."""
    plan = essay.plan
    return EssayView(
        id=essay.id,
        course=essay.course,
        title=title,
        question=plan.question,
        deadline_ms=plan.deadline_ns // MS,
        cap_ms=plan.cap_ns // MS,
        forms=list(plan.forms),
        size_limit=plan.size_limit,
        sources=list(plan.sources),
    )


class EssayPages:
    """The handlers."""

    def __init__(self, essays: Essays, uploads: Uploads) -> None:
        self._essays = essays
        self._uploads = uploads

    async def _pass(self, request: web.Request) -> Pass:
        scheme, _, token = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        return await self._essays.admitted(token if scheme.lower() == "bearer" else "")

    async def _candidate(self, request: web.Request) -> Pass:
        given = await self._pass(request)
        if given.kind != "candidate":
            raise Refused("forbidden", "Chỉ học viên làm được việc này. / For participants only.", 403)
        return given

    async def open_now(self, _request: web.Request) -> web.StreamResponse:
        return json(
            [
                OpenEssay(essay.id, course.title, essay.plan.deadline_ns // MS, essay.plan.cap_ns // MS)
                for course, essay in await self._essays.open_now()
            ]
        )

    async def sign_in(self, request: web.Request) -> web.StreamResponse:
        given = await body(request, SignIn)
        return json(Admitted(await self._essays.sign_in(given.essay, given.number, given.code, request.remote or "?")))

    async def sign_in_site(self, request: web.Request) -> web.StreamResponse:
        given = await body(request, SiteSignIn)
        token = await self._essays.sign_in_site(given.essay, given.site_code, given.code, request.remote or "?")
        return json(Admitted(token))

    async def mine(self, request: web.Request) -> web.StreamResponse:
        return json(self._mine(await self._essays.mine(await self._candidate(request))))

    def _mine(self, mine: Mine) -> MineView:
        draft, plan = mine.draft, mine.essay.plan
        return MineView(
            essay=essay_view(mine.essay, mine.course.title),
            number=mine.person.number,
            name=mine.person.name,
            draft=draft.text if draft else "",
            revision=draft.revision if draft else 0,
            saved_ms=draft.saved_ns // MS if draft else None,
            versions=[version_view(plan, each) for each in mine.versions],
            now_ms=self._essays.now_ns() // MS,
        )

    async def draft(self, request: web.Request) -> web.StreamResponse:
        given = await self._candidate(request)
        told = await body(request, DraftBody)
        return json(Saved(await self._essays.save_draft(given, told.text, told.revision) // MS))

    async def text(self, request: web.Request) -> web.StreamResponse:
        given = await self._candidate(request)
        told = await body(request, TextBody)
        version = await self._essays.hand_in_text(given, told.text)
        return json(version_view((await self._essays.one(given.essay)).plan, version), 201)

    async def receipt(self, request: web.Request) -> web.StreamResponse:
        essay, number, told = (request.query.get(key, "")[:64] for key in ("essay", "number", "receipt"))
        found = await self._essays.receipt(essay, number, told, request.remote or "?")
        plan = (await self._essays.one(essay)).plan
        return json([version_view(plan, each) for each in found])

    async def site(self, request: web.Request) -> web.StreamResponse:
        given = await self._site_pass(request)
        told = await self._essays.everybody(given.essay, SiteId(given.subject))
        card = told.known[SiteId(given.subject)].site
        people = [_site_line(line) for line in told.lines]
        title = await self._essays.title(told.essay)
        return json(SiteView(essay_view(told.essay, title), card.id, card.code, card.name, people))

    async def match(self, request: web.Request) -> web.StreamResponse:
        given = await self._site_pass(request)
        names = (await body(request, Names)).names
        told = await self._essays.everybody(given.essay, SiteId(given.subject))
        numbers = [line.number for line in told.lines]
        return json([Matched(name, number_in(name, numbers)) for name in names])

    async def _site_pass(self, request: web.Request) -> Pass:
        given = await self._pass(request)
        if given.kind != "site":
            raise Refused("forbidden", "Chỉ điểm cầu làm được việc này. / For sites only.", 403)
        return given

    # --- tus -----------------------------------------------------------------------------------------------------

    async def options(self, _request: web.Request) -> web.StreamResponse:
        told = {
            "Tus-Version": TUS,
            "Tus-Extension": "creation,checksum,termination",
            "Tus-Checksum-Algorithm": "sha256",
            "Tus-Max-Size": str(LARGEST),
        }
        return web.Response(status=204, headers=_TUS_HEADERS | told)

    async def create(self, request: web.Request) -> web.StreamResponse:
        check_version(request)
        given = await self._pass(request)
        told = metadata(request.headers.get("Upload-Metadata", ""))
        number = told.get("number", "") if given.kind == "site" else given.subject
        mine = await self._essays.mine(given, number.strip().upper() if given.kind == "site" else number)
        source = Source.SITE if given.kind == "site" else Source.CANDIDATE
        wish = Wish(
            number=mine.person.number,
            owner=given.owner,
            source=source,
            name=told.get("filename", "") or "bai",
            size=whole(request.headers.get("Upload-Length")),
            sha256=digest(told.get("sha256", "")),
        )
        upload = await self._uploads.begin(mine.essay, wish)
        return web.Response(status=201, headers=_TUS_HEADERS | {"Location": f"{_UPLOADS}/{upload.id}"})

    async def head(self, request: web.Request) -> web.StreamResponse:
        check_version(request)
        upload = await self._own(request)
        told = {"Upload-Offset": str(await self._uploads.offset(upload)), "Upload-Length": str(upload.size)}
        return web.Response(headers=_TUS_HEADERS | told | {"Cache-Control": "no-store"})

    async def patch(self, request: web.Request) -> web.StreamResponse:
        check_version(request)
        if request.content_type != "application/offset+octet-stream":
            raise Refused("wrong_type", "Sai kiểu nội dung. / Wrong content type.", 415)
        upload = await self._own(request)
        told = (whole(request.headers.get("Upload-Offset")), checksum(request.headers.get("Upload-Checksum", "")))
        try:
            offset = await self._uploads.append(
                upload,
                told[0],
                pieces(request),
                hang_up=lambda: request.content.set_exception(ConnectionResetError()),
                checksum=told[1],
            )
        except ConnectionResetError:
            # The line broke, or the page came back by another one: nobody reads this answer.
            return web.Response(status=408, headers=_TUS_HEADERS | {"Connection": "close"})
        return web.Response(status=204, headers=_TUS_HEADERS | {"Upload-Offset": str(offset)})

    async def drop(self, request: web.Request) -> web.StreamResponse:
        check_version(request)
        await self._uploads.drop(await self._own(request))
        return web.Response(status=204, headers=_TUS_HEADERS)

    async def upload(self, request: web.Request) -> web.StreamResponse:
        given = await self._pass(request)
        upload = await self._own(request)
        offset = await self._uploads.offset(upload)
        upload = await self._uploads.find(upload.id)
        version = await self._essays.version_of(given, upload.version) if upload.version else None
        plan = (await self._essays.one(upload.essay)).plan
        view = version_view(plan, version) if version else None
        return json(UploadView(upload.id, upload.number, upload.name, upload.size, offset, view))

    async def _own(self, request: web.Request) -> Upload:
        given = await self._pass(request)
        upload = await self._uploads.find(request.match_info["upload"])
        if upload.essay != given.essay:
            raise Refused("no_upload", "Không có lần tải lên này. / No such upload.", 404)
        await self._essays.mine(given, upload.number if given.kind == "site" else None)
        if given.kind == "candidate" and upload.number != given.subject:
            raise Refused("no_upload", "Không có lần tải lên này. / No such upload.", 404)
        return upload


def _site_line(line: standing.Line) -> SiteLine:
    received = line.received_ns // MS if line.received_ns is not None else None
    return SiteLine(line.number, line.name, line.handed, line.versions, received, line.receipt)


def routes(pages: EssayPages) -> Routes:
    """Everything that needs no account: a code, and then the pass."""
    one = f"{_UPLOADS}/{{upload}}"
    base = "/api/v1/essay"
    return [
        get(f"{base}/open", pages.open_now, action=None, summary="essays taken now", reply=list[OpenEssay]),
        post(f"{base}/sign-in", pages.sign_in, action=None, summary="with a code", body=SignIn, reply=Admitted),
        post(
            f"{base}/site/sign-in", pages.sign_in_site, action=None, summary="a site", body=SiteSignIn, reply=Admitted
        ),
        get(f"{base}/mine", pages.mine, action=None, summary="a participant's essay", reply=MineView),
        put(f"{base}/draft", pages.draft, action=None, summary="keep the text", body=DraftBody, reply=Saved),
        post(f"{base}/text", pages.text, action=None, summary="hand in the text", body=TextBody, reply=VersionView),
        get(f"{base}/receipt", pages.receipt, action=None, summary="check a receipt", reply=list[VersionView]),
        get(f"{base}/site", pages.site, action=None, summary="a site's people", reply=SiteView),
        post(f"{base}/site/match", pages.match, action=None, summary="whose files", body=Names, reply=list[Matched]),
        Route("OPTIONS", _UPLOADS, pages.options, None, "tus: what is supported"),
        post(_UPLOADS, pages.create, action=None, summary="tus: a new upload"),
        Route("HEAD", one, pages.head, None, "tus: how far it is"),
        Route("PATCH", one, pages.patch, None, "tus: more bytes"),
        Route("DELETE", one, pages.drop, None, "tus: give it up"),
        get(one, pages.upload, action=None, summary="what an upload became", reply=UploadView),
    ]
