"""HTTP of sites: the register, importing, pairing, revoking."""

from typing import Annotated

import msgspec
from aiohttp import web

from orchestrator.sites.centre_keys import CentreKeys
from orchestrator.sites.enrolling import Computer, Enrolling
from orchestrator.sites.importing import PARTICIPANT_COLUMNS, SITE_COLUMNS
from orchestrator.sites.model import Place, Standing
from orchestrator.sites.service import Sites
from orchestrator.sites.store import Applied
from orchestrator.sites.tables import MOST_BYTES
from orchestrator.sites.templates import template_csv, template_xlsx
from orchestrator.web.kit import Routes, body, content, get, json, post, put, who
from wire.ids import EnrolmentId, Level, PlaceId, SiteId

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_Key = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]


class SiteView(msgspec.Struct, frozen=True):
    """A site as pages list it; `path` names the places from the province down."""

    id: SiteId
    code: str
    name: str
    level: Level
    place: PlaceId
    path: list[str]
    expected: int
    contact: str
    phone: str
    provider: str
    participants: int
    paired: bool
    revoked: bool
    last_seen_ms: int | None


class ProviderBody(msgspec.Struct, frozen=True):
    """Who sells the site its line; empty when nobody knows."""

    provider: Annotated[str, msgspec.Meta(max_length=80)]


class PairingCodeView(msgspec.Struct, frozen=True):
    """A pairing code, shown once."""

    code: str
    expires_ms: int


class PairBody(msgspec.Struct, frozen=True):
    """What a computer sends to pair; keys are raw, in base64."""

    code: Annotated[str, msgspec.Meta(max_length=40)]
    sign_key: _Key
    box_key: _Key
    agent_version: Annotated[str, msgspec.Meta(max_length=40)]
    platform: Annotated[str, msgspec.Meta(max_length=300)]


class PairReply(msgspec.Struct, frozen=True):
    """Who the computer is now, the centre's public keys to pin, the site's secret sealed to its box key."""

    site: SiteId
    site_code: str
    site_name: str
    enrolment: EnrolmentId
    centre_key: bytes
    exam_key: bytes
    sealed_site_secret: bytes
    centre_box: bytes


def routes(sites: Sites, enrolling: Enrolling, keys: CentreKeys) -> Routes:
    """All routes of sites."""
    return [*_register_routes(sites), *_template_routes(), *_pairing_routes(enrolling, keys)]


def _register_routes(sites: Sites) -> Routes:
    async def places(_request: web.Request) -> web.StreamResponse:
        return json(await sites.places())

    async def listing(_request: web.Request) -> web.StreamResponse:
        return json([_view(standing) for standing in await sites.sites()])

    async def import_file(request: web.Request) -> web.StreamResponse:
        sent = await content(request, MOST_BYTES)
        name, reason = (request.query.get(asked, "")[:300] for asked in ("filename", "reason"))
        return json(await sites.import_file(who(request).username, sent, name[:200], reason))

    async def provider(request: web.Request) -> web.StreamResponse:
        told = await body(request, ProviderBody)
        await sites.put_provider(who(request).username, _asked(request), told.provider)
        return json({})

    see, edit = "sites.see", "sites.edit"
    return [
        get("/api/v1/places", places, action=see, summary="the tree of places", reply=list[Place]),
        get("/api/v1/sites", listing, action=see, summary="every site", reply=list[SiteView]),
        post("/api/v1/sites/import", import_file, action=edit, summary="import a spreadsheet", reply=Applied),
        put("/api/v1/sites/{site}/provider", provider, action=edit, summary="who sells its line", body=ProviderBody),
    ]


def _template_routes() -> Routes:
    async def sites_csv(_request: web.Request) -> web.StreamResponse:
        return _download(template_csv(SITE_COLUMNS), "text/csv", "diem-cau.csv")

    async def participants_csv(_request: web.Request) -> web.StreamResponse:
        return _download(template_csv(PARTICIPANT_COLUMNS), "text/csv", "hoc-vien.csv")

    async def workbook(_request: web.Request) -> web.StreamResponse:
        return _download(template_xlsx(), _XLSX, "diem-cau.xlsx")

    see = "sites.see"
    return [
        get("/api/v1/sites/template.csv", sites_csv, action=see, summary="template of the sites"),
        get("/api/v1/sites/participants.csv", participants_csv, action=see, summary="template of the participants"),
        get("/api/v1/sites/template.xlsx", workbook, action=see, summary="template of both in one workbook"),
    ]


def _pairing_routes(enrolling: Enrolling, keys: CentreKeys) -> Routes:
    async def new_code(request: web.Request) -> web.StreamResponse:
        code, expires_ns = await enrolling.new_code(who(request).username, _asked(request))
        return json(PairingCodeView(code, expires_ns // 1_000_000))

    async def revoke(request: web.Request) -> web.StreamResponse:
        await enrolling.revoke(who(request).username, _asked(request))
        return json({})

    async def pair(request: web.Request) -> web.StreamResponse:
        given = await body(request, PairBody)
        computer = Computer(given.sign_key, given.box_key, given.agent_version, given.platform)
        done = await enrolling.pair(given.code, computer, request.remote or "?")
        public = (keys.link_public(), keys.exam_public())
        site, secret = done.site, done.sealed_site_secret
        return json(PairReply(site.id, site.code, site.name, done.enrolment, *public, secret, keys.box_public()))

    act = "sites.pair"
    return [
        post("/api/v1/sites/{site}/pairing-code", new_code, action=act, summary="a new code", reply=PairingCodeView),
        post("/api/v1/sites/{site}/revoke", revoke, action=act, summary="end the site's pairing"),
        post("/api/v1/pair", pair, action=None, summary="pair a computer", body=PairBody, reply=PairReply),
    ]


def _asked(request: web.Request) -> SiteId:
    return SiteId(request.match_info["site"])


def _view(standing: Standing) -> SiteView:
    site, seen = standing.site, standing.last_seen_ns
    return SiteView(
        site.id,
        site.code,
        site.name,
        site.level,
        site.place,
        standing.path,
        site.expected,
        site.contact,
        site.phone,
        site.provider,
        standing.participants,
        standing.paired,
        standing.revoked,
        None if seen is None else seen // 1_000_000,
    )


def _download(made: bytes, kind: str, name: str) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=made, content_type=kind, headers=headers)
