"""The invigilator's page over HTTP, on two servers: the computer's own pages, and the exam desk on the room's network.

Host and Origin are checked by the server that these routes hang on; here a signed cookie says who asks. The big screen
and the candidates' pages are told nothing of what stands here.

`GET /invigilate` the page · `GET /invigilate/door` `POST /invigilate/door` the PIN · `GET /invigilate/state` ·
`POST /invigilate/{extra,withdraw,stop,resume,note,pin,code,out}` · `GET /invigilate/qr.svg` on the computer alone.
"""

import asyncio
import io
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
import segno
from aiohttp import web

from site_agent.exam.invigilation.pin import SIGNED_IN_S
from site_agent.exam.invigilation.pin_door import PinDoor, PinRefused
from site_agent.exam.invigilation.rules import SENTENCES, Denied
from site_agent.exam.invigilation.service import Invigilation
from site_agent.exam.invigilation.views import DeskView, current, room_view
from site_agent.exam.journal import JournalRefused
from site_agent.exam.limits import Failures
from site_agent.exam.window import Phase
from site_agent.page_files import ASSET_HEADERS, PageReply
from wire.exam_fairness import Cause, IncidentKind
from wire.ids import ExamId
from wire.unreadable import UNREADABLE

COOKIE = "diemcau_invigilator"
_Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]
_T = TypeVar("_T")

_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
_Text = Annotated[str, msgspec.Meta(max_length=1000)]
_Id = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class DoorView(msgspec.Struct, frozen=True):
    """What a page that is not signed in may know. `may_choose`: no PIN is set and this is the school's computer."""

    site: str
    is_set: bool
    may_choose: bool
    who: str | None


class Knock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Name and PIN; the first PIN is chosen so."""

    who: _Name
    pin: Annotated[str, msgspec.Meta(max_length=40)]


class Extra(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Extra time."""

    exam: _Id
    minutes: int
    cause: Cause
    candidate: _Id | None = None
    text: _Text = ""
    ask: bool = False


class Taken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which grant to take back."""

    exam: _Id
    id: _Id


class Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The fire button."""

    exam: _Id
    text: _Text = ""


class Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An incident note."""

    exam: _Id
    kind: IncidentKind
    text: _Text = ""
    candidate: _Id | None = None


class ForWhom(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A candidate."""

    exam: _Id
    candidate: _Id


class Code(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code as it was typed."""

    exam: _Id
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]


class InvigilationPages:
    """Routes for both servers. `address`: what a phone opens; `link`: how the line to the province stands."""

    def __init__(
        self,
        invigilation: Invigilation,
        door: PinDoor,
        pages: Path,
        *,
        address: Callable[[], str],
        link: Callable[[], str],
    ) -> None:
        self._invigilation = invigilation
        self._door_of_pin = door
        self._pin = door.pin
        self._pages = pages
        self._address = address
        self._link = link
        self._codes = Failures(allowed=10, forgets_per_s=1 / 30)

    def routes(self, *, here: bool) -> list[web.RouteDef]:
        """The routes; `here`: for the server on loopback, where a PIN may be chosen and the phone's QR is shown."""
        acts: dict[str, _Serve] = {
            "extra": self._extra,
            "withdraw": self._withdraw,
            "stop": self._stop,
            "resume": self._resume,
            "note": self._note,
            "pin": self._forgive,
            "code": self._code,
        }

        async def door(request: web.Request) -> web.StreamResponse:
            return self._door(request, here=here)

        async def knock(request: web.Request) -> web.StreamResponse:
            return await self._knock(request, here=here)

        told = [
            web.get("/invigilate", self._page),
            web.get("/invigilate/", self._page),
            web.get("/invigilate/assets/{name}", self._asset),
            web.get("/invigilate/door", door),
            web.post("/invigilate/door", knock),
            web.post("/invigilate/out", self._out),
            web.get("/invigilate/state", _answering(self._state)),
            *[web.post(f"/invigilate/{name}", _answering(act)) for name, act in acts.items()],
        ]
        return [*told, web.get("/invigilate/qr.svg", self._qr)] if here else told

    # --- the door --------------------------------------------------------------------------------------------------

    async def _page(self, request: web.Request) -> web.StreamResponse:
        if not request.path.endswith("/"):
            raise web.HTTPFound("/invigilate/")
        file = self._pages / "invigilate.html"
        if not await asyncio.to_thread(file.is_file):
            return refusal(503, "pages_not_built", "Trang chưa được dựng. / The pages are not built.")
        return PageReply(file)

    async def _asset(self, request: web.Request) -> web.StreamResponse:
        file = self._pages / "assets" / Path(request.match_info["name"]).name
        if not await asyncio.to_thread(file.is_file):
            return refusal(404, "not_found", "Không có tệp này. / Not found.")
        return web.FileResponse(file, headers=ASSET_HEADERS)

    def _door(self, request: web.Request, *, here: bool) -> web.Response:
        may_choose = here and not self._pin.is_set
        return _json(DoorView(self._invigilation.site.name, self._pin.is_set, may_choose, self._who(request)))

    async def _knock(self, request: web.Request, *, here: bool) -> web.Response:
        try:
            knock = await _body(request, Knock)
        except web.HTTPBadRequest as bad:
            return refusal(400, "bad_request", bad.text or "")
        try:
            await self._door_of_pin.knock(knock.pin, request.remote or "", here=here)
        except PinRefused as shut:
            more = {"wait_s": shut.wait_s} if shut.wait_s else {}
            return refusal(shut.status, shut.code, shut.message, **more)
        reply = _json({"who": knock.who.strip()})
        reply.set_cookie(
            COOKIE,
            self._pin.cookie(knock.who.strip(), time.time()),
            max_age=SIGNED_IN_S,
            path="/invigilate",
            httponly=True,
            samesite="Strict",
        )
        return reply

    async def _out(self, _request: web.Request) -> web.Response:
        reply = _json({})
        reply.del_cookie(COOKIE, path="/invigilate")
        return reply

    async def _qr(self, _request: web.Request) -> web.Response:
        drawn = io.BytesIO()
        address = f"{self._address().rstrip('/')}/invigilate/"
        segno.make(address, error="m", micro=False).save(drawn, kind="svg", scale=8, border=3, light="#fff")
        return web.Response(
            body=drawn.getvalue(),
            content_type="image/svg+xml",
            headers={"Cache-Control": "no-store", "X-Address": address},
        )

    # --- inside ----------------------------------------------------------------------------------------------------

    def _who(self, request: web.Request) -> str | None:
        cookie = request.cookies.get(COOKIE, "")
        return self._pin.who(cookie, time.time()) if cookie else None

    def _inside(self, request: web.Request) -> str:
        who = self._who(request)
        if who is None:
            raise web.HTTPUnauthorized
        return who

    async def _state(self, request: web.Request) -> web.Response:
        return self._told(self._inside(request))

    def _told(self, who: str) -> web.Response:
        site = self._invigilation.site
        hall = current(self._invigilation)
        room = room_view(self._invigilation, hall, site.read()) if hall is not None else None
        return _json(DeskView(site=site.name, who=who, link=self._link(), room=room))

    async def _extra(self, request: web.Request) -> web.Response:
        who, asked = self._inside(request), await _body(request, Extra)
        await self._invigilation.give(
            who, asked.exam, asked.candidate, asked.minutes, asked.cause, asked.text, ask=asked.ask
        )
        return self._told(who)

    async def _withdraw(self, request: web.Request) -> web.Response:
        who, asked = self._inside(request), await _body(request, Taken)
        await self._invigilation.withdraw(who, asked.exam, asked.id)
        return self._told(who)

    async def _stop(self, request: web.Request) -> web.Response:
        who, asked = self._inside(request), await _body(request, Act)
        await self._invigilation.stop(who, asked.exam, asked.text)
        return self._told(who)

    async def _resume(self, request: web.Request) -> web.Response:
        who, asked = self._inside(request), await _body(request, Act)
        await self._invigilation.resume(who, asked.exam)
        return self._told(who)

    async def _note(self, request: web.Request) -> web.Response:
        who, asked = self._inside(request), await _body(request, Written)
        await self._invigilation.write_down(who, asked.exam, asked.kind, asked.text, asked.candidate)
        return self._told(who)

    async def _forgive(self, request: web.Request) -> web.Response:
        who, asked = self._inside(request), await _body(request, ForWhom)
        await self._invigilation.forgive_pin(who, asked.exam, asked.candidate)
        return self._told(who)

    async def _code(self, request: web.Request) -> web.Response:
        who, asked = self._inside(request), await _body(request, Code)
        at = time.monotonic()
        wait = self._codes.wait_s("", at)
        if wait > 0:
            return refusal(429, "wait", f"Hãy đợi {wait:.0f} giây rồi nhập lại. / Wait {wait:.0f} s.", wait_s=wait)
        exam = ExamId(asked.exam)
        if not await self._invigilation.site.type_code(exam, asked.text):
            self._codes.count("", at)
            raise Denied("wrong_code")
        if self._invigilation.site.halls[exam].window.phase is Phase.MISSED:
            raise Denied("too_late_to_open")
        return self._told(who)


def refusal(status: int, code: str, message: str, **fields: object) -> web.Response:
    """An error as every page expects it."""
    return web.json_response({"code": code, "message": message, **fields}, status=status)


def _answering(act: _Serve) -> _Serve:
    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await act(request)
        except web.HTTPUnauthorized:
            return refusal(401, "signed_out", "Hãy nhập mã PIN. / Enter the PIN.")
        except web.HTTPBadRequest as bad:
            return refusal(400, "bad_request", bad.text or "")
        except Denied as denied:
            return refusal(409, denied.code, SENTENCES[denied.code])
        except JournalRefused as refused:
            return refusal(
                503, refused.code, "Máy trường chưa ghi được, hãy thử lại. / The computer could not write, try again."
            )

    return answer


async def _body(request: web.Request, kind: type[_T]) -> _T:
    if request.content_type != "application/json" or "Origin" not in request.headers:
        raise web.HTTPBadRequest(text="Cần JSON từ chính trang này. / JSON of this page expected.")
    try:
        return msgspec.json.decode(await request.read(), type=kind)
    except UNREADABLE as fault:
        raise web.HTTPBadRequest(text=f"Yêu cầu không đúng dạng. / Malformed: {fault}") from fault


def _json(value: object) -> web.Response:
    return web.Response(
        body=msgspec.json.encode(value), content_type="application/json", headers={"Cache-Control": "no-store"}
    )
