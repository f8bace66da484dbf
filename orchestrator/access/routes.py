"""HTTP of access: sign in and out, oneself, people, the audit trail."""

from typing import Annotated

import msgspec
from aiohttp import web

from orchestrator.access import login
from orchestrator.access.audit import Audit
from orchestrator.access.gate import SessionGate
from orchestrator.access.links import SignInLinks
from orchestrator.access.model import Person, Role, actions_of
from orchestrator.access.service import Access
from orchestrator.errors import Refused
from orchestrator.storage.engine import Database
from orchestrator.web.kit import ANYONE, Routes, body, get, json, post, who
from wire.ids import PersonId

_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]
MOST_DEEDS = 1000


class LoginBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    username: _Text
    password: _Text


class LinkBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    token: _Text


class PasswordBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    current: _Text
    new: _Text


class PersonBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    username: _Text
    name: _Text
    role: Role
    password: _Text | None = None


class Me(msgspec.Struct, frozen=True):
    """Who is signed in, and what their page may offer."""

    person: Person
    csrf: str
    actions: list[str]
    must_change: bool


class NewPerson(msgspec.Struct, frozen=True):
    """A created person; `password` is the one-time password, shown once."""

    id: PersonId
    username: str
    name: str
    role: Role
    password: str | None


class Named(msgspec.Struct, frozen=True):
    """A person as a list of names shows them."""

    id: PersonId
    name: str


class OneTime(msgspec.Struct, frozen=True):
    password: str


class Deed(msgspec.Struct, frozen=True):
    """A row of the audit trail as the page shows it."""

    seq: int
    at_ms: int
    who: str
    action: str
    target: str
    detail: str


class Trail(msgspec.Struct, frozen=True):
    """Whether the trail's chain holds; `broken_at` is the first row that does not fit."""

    rows: int
    broken_at: int | None


def routes(
    access: Access, audit: Audit, database: Database, gate: SessionGate, links: SignInLinks, *, secure: bool
) -> Routes:
    """All routes of access; `secure` when pages come over TLS."""
    return [
        *_session_routes(access, gate, secure=secure),
        *_link_routes(links, gate, secure=secure),
        *_people_routes(access),
        *_audit_routes(audit, database),
    ]


def _me(person: Person, token: str) -> Me:
    return Me(person, login.csrf_of(token), actions_of(person.role), person.must_change)


def _session_routes(access: Access, gate: SessionGate, *, secure: bool) -> Routes:
    async def sign_in(request: web.Request) -> web.StreamResponse:
        gate.check_origin(request)
        given = await body(request, LoginBody)
        signed = await access.sign_in(given.username, given.password, request.remote or "?")
        reply = json(_me(signed.person, signed.token))
        reply.set_cookie(login.COOKIE, signed.token, httponly=True, samesite="Strict", secure=secure, path="/")
        return reply

    async def sign_out(request: web.Request) -> web.StreamResponse:
        await access.sign_out(request.cookies.get(login.COOKIE, ""), who(request).username)
        reply = json({})
        reply.del_cookie(login.COOKIE, path="/", httponly=True, samesite="Strict", secure=secure)
        return reply

    async def me(request: web.Request) -> web.StreamResponse:
        token = request.cookies[login.COOKIE]
        person = await access.person_of(token)
        if person is None:
            raise Refused("signed_out", "Hãy đăng nhập. / Please sign in.", 401)
        return json(_me(person, token))

    async def password(request: web.Request) -> web.StreamResponse:
        given = await body(request, PasswordBody)
        await access.change_password(who(request).person, given.current, given.new, request.cookies[login.COOKIE])
        return json({})

    return [
        post("/api/v1/login", sign_in, action=None, summary="sign in", body=LoginBody, reply=Me),
        post("/api/v1/logout", sign_out, action=ANYONE, summary="sign out"),
        get("/api/v1/me", me, action=ANYONE, summary="who is signed in", reply=Me),
        post("/api/v1/me/password", password, action=ANYONE, summary="change one's password", body=PasswordBody),
    ]


def _link_routes(links: SignInLinks, gate: SessionGate, *, secure: bool) -> Routes:
    # A POST, never the mere opening of an address: previews of messengers and scanners open what they are sent.
    async def follow(request: web.Request) -> web.StreamResponse:
        gate.check_origin(request)
        signed = await links.follow((await body(request, LinkBody)).token, request.remote or "?")
        reply = json(_me(signed.person, signed.token))
        reply.set_cookie(login.COOKIE, signed.token, httponly=True, samesite="Strict", secure=secure, path="/")
        return reply

    return [post("/api/v1/login/link", follow, action=None, summary="sign in once by link", body=LinkBody, reply=Me)]


def _people_routes(access: Access) -> Routes:
    async def people(_request: web.Request) -> web.StreamResponse:
        return json(await access.people())

    async def lecturers(_request: web.Request) -> web.StreamResponse:
        return json([Named(each.id, each.name) for each in await access.people() if each.role is Role.LECTURER])

    async def create(request: web.Request) -> web.StreamResponse:
        given = await body(request, PersonBody)
        person, one_time = await access.create_person(
            who(request).username, given.username, given.name, given.role, given.password
        )
        return json(NewPerson(person.id, person.username, person.name, person.role, one_time), 201)

    async def reset(request: web.Request) -> web.StreamResponse:
        return json(OneTime(await access.reset_password(who(request).username, request.match_info["person"])))

    edit = "people.edit"
    return [
        get("/api/v1/people", people, action=edit, summary="everybody with an account", reply=list[Person]),
        get("/api/v1/lecturers", lecturers, action="sessions.plan", summary="who may lecture", reply=list[Named]),
        post("/api/v1/people", create, action=edit, summary="create a person", body=PersonBody, reply=NewPerson),
        post("/api/v1/people/{person}/reset", reset, action=edit, summary="a new one-time password", reply=OneTime),
    ]


def _limit(asked: str) -> int:
    # Nine digits at most: longer ones are no wish, and thousands of them are no number to Python.
    if not (asked.isascii() and asked.isdecimal() and len(asked) <= 9):
        raise Refused("bad_request", "limit phải là số nguyên không âm. / limit must be a whole number.")
    return min(int(asked), MOST_DEEDS)


def _audit_routes(audit: Audit, database: Database) -> Routes:
    async def newest(request: web.Request) -> web.StreamResponse:
        limit = _limit(request.query.get("limit", "200"))
        rows = await database.read(lambda conn: audit.newest(conn, limit))
        return json([Deed(r.seq, r.at_ns // 1_000_000, r.who, r.action, r.target, r.detail) for r in rows])

    async def verify(_request: web.Request) -> web.StreamResponse:
        verdict = await database.read(audit.verify)
        return json(Trail(verdict.rows, verdict.broken_at))

    see = "audit.see"
    return [
        get("/api/v1/audit", newest, action=see, summary="the newest deeds", reply=list[Deed]),
        get("/api/v1/audit/verify", verify, action=see, summary="whether the trail's chain holds", reply=Trail),
    ]
