"""WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep) over HTTP, and the relay's figures."""

from __future__ import annotations

import hmac
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from orchestrator.media.ice import IceServers
from orchestrator.media.port import AirOrder, Rung
from orchestrator.media.relay import metrics
from orchestrator.media.relay.admission import Admission
from orchestrator.media.relay.answer import candidate_lines
from orchestrator.media.relay.limits import Full, Limits
from orchestrator.media.relay.peer import Peer
from orchestrator.media.relay.sdp import ICE_CHARS, BadOffer, Offer, parse_offer
from orchestrator.media.relay.stats import figures, viewers
from orchestrator.media.relay.switchboard import Stopping, Switchboard
from orchestrator.media.relay.turnstile import LineFull, Turnstile
from orchestrator.media.tokens import Right
from wire.unreadable import UNREADABLE

STREAM = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.~-]{0,99}$")
FRAGMENT = "application/trickle-ice-sdpfrag"
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Location, ETag, Link, Accept-Post, Accept-Patch",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "OPTIONS, POST, PATCH, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-Match",
    "Access-Control-Max-Age": "86400",
    "Accept-Post": "application/sdp",
}
STATUS = {"malformed": 400, "not_acceptable": 406}


class Refusal(Exception):
    """An answer other than success: status, stable code, sentence, extra headers; ``what`` is full, for the figures."""

    def __init__(
        self, status: int, code: str, message: str, headers: dict[str, str] | None = None, *, what: str = ""
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.headers = status, code, message, headers or {}
        self.reason = f"{code}_{what}" if what else code

    def response(self) -> web.Response:
        body = msgspec.json.encode({"code": self.code, "message": self.message})
        return web.Response(
            body=body, status=self.status, content_type="application/json", headers={**CORS, **self.headers}
        )


class Doors:
    """The HTTP face of one switchboard. ``control_key`` empty: nobody may rule a stream."""

    def __init__(
        self, board: Switchboard, admission: Admission, limits: Limits, *, ice: IceServers, control_key: str
    ) -> None:
        self._board = board
        self._admission = admission
        self._limits = limits
        self._ice = ice
        self._control_key = control_key
        self._turnstile = Turnstile(limits.joining, limits.joining_s, limits.pending)

    def app(self) -> web.Application:
        """The routes."""
        app = web.Application(client_max_size=self._limits.sdp_bytes, middlewares=[_refusals(self._board.refusals)])
        for prefix, right in (("whip", Right.PUBLISH), ("whep", Right.VIEW)):
            endpoint, session = f"/{prefix}/{{stream}}", f"/{prefix}/{{stream}}/{{session}}"
            app.router.add_post(endpoint, self._for(right, self._open))
            app.router.add_route("OPTIONS", endpoint, self._options)
            app.router.add_route("PATCH", session, self._for(right, self._patch))
            app.router.add_delete(session, self._for(right, self._delete))
            app.router.add_route("OPTIONS", session, self._options)
        app.router.add_get("/stats", self._stats)
        app.router.add_get("/metrics", self._metrics)
        app.router.add_get("/healthz", self._health)
        app.router.add_delete("/streams/{stream}", self._close_stream)
        app.router.add_put("/streams/{stream}/air", self._set_air)
        app.router.add_get("/streams/{stream}/viewers", self._viewers)
        app.router.add_put("/streams/{stream}/rungs", self._set_rungs)
        app.router.add_delete("/streams/{stream}/publisher", self._end_publisher)
        app.router.add_put("/streams/{stream}/hush", self._hush)
        app.router.add_delete("/streams/{stream}/hush", self._hush)
        return app

    def _for(
        self, right: Right, act: Callable[[web.Request, Right, str], Awaitable[web.Response]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            stream = request.match_info["stream"]
            if not STREAM.match(stream):
                raise Refusal(404, "no_such_stream", "Không có luồng này / There is no such stream")
            denied = self._admission.judge(
                request.headers.get("Authorization"), stream, right, fresh=request.method == "POST"
            )
            if denied is not None:
                headers = {"WWW-Authenticate": 'Bearer realm="diemcau"'} if denied.status == 401 else {}
                raise Refusal(denied.status, denied.code, denied.message, headers)
            return await act(request, right, stream)

        return handle

    async def _open(self, request: web.Request, right: Right, stream: str) -> web.Response:
        text = await self._text(request, "application/sdp")
        try:
            peer, answer = await self._admit(parse_offer(text), request, right, stream)
        except BadOffer as error:
            raise Refusal(STATUS[error.code], error.code, error.message) from error
        except Stopping as error:
            message = "Máy chủ hình ảnh đang dừng. / The relay is stopping."
            raise Refusal(503, "stopping", message, {"Retry-After": "2"}) from error
        except (Full, LineFull) as error:
            message = f"Máy chủ hình ảnh đã đầy / The relay is full ({error})"
            raise Refusal(503, "full", message, {"Retry-After": "5"}, what=error.what) from error
        prefix = "whip" if right is Right.PUBLISH else "whep"
        response = web.Response(text=answer, status=201, content_type="application/sdp", headers=CORS)
        response.headers["Location"] = f"/{prefix}/{stream}/{peer.id}"
        response.headers["ETag"] = peer.etag
        response.headers["Accept-Patch"] = FRAGMENT
        subject = self._admission.subject(request.headers.get("Authorization"))
        for link in self._ice.links(subject, time.time()):
            response.headers.add("Link", link)
        return response

    async def _admit(self, offer: Offer, request: web.Request, right: Right, stream: str) -> tuple[Peer, str]:
        """A publisher at once, a viewer when it is its turn."""
        header = request.headers.get("Authorization")
        seat, subject = self._admission.seat(header), self._admission.subject(header)
        if right is Right.PUBLISH:
            return self._board.open(stream, offer, publisher=True, seat=seat, subject=subject)
        leave = await self._turnstile.enter()
        try:
            peer, answer = self._board.open(stream, offer, publisher=False, subject=subject)
        except Exception:
            leave()
            raise
        peer.settled = leave
        return peer, answer

    async def _text(self, request: web.Request, kind: str) -> str:
        if request.content_type != kind:
            raise Refusal(415, "wrong_content_type", f"The content type must be {kind}")
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge as error:
            raise Refusal(413, "too_large", f"More than {self._limits.sdp_bytes} bytes") from error
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Refusal(400, "malformed", "The body is not UTF-8") from error

    async def _patch(self, request: web.Request, right: Right, stream: str) -> web.Response:
        peer = self._peer(request, right, stream)
        match = request.headers.get("If-Match")
        if match is None:
            raise Refusal(428, "if_match_missing", "PATCH needs If-Match")
        text = await self._text(request, FRAGMENT)
        ufrag, pwd = _credentials(text)
        if not ufrag or match == peer.etag or ufrag == peer.remote_ufrag:
            if match not in {peer.etag, "*"}:
                raise Refusal(412, "other_ice_session", "The ICE session has changed")
            # ICE-lite learns addresses from the checks themselves, so candidates need no keeping (RFC 8445 §2.5).
            return web.Response(status=204, headers=CORS)
        if match != "*":
            raise Refusal(412, "other_ice_session", "The ICE session has changed")
        if not ICE_CHARS.match(ufrag) or not ICE_CHARS.match(pwd):
            raise Refusal(400, "malformed", "ICE credentials are malformed")
        self._board.restart(peer)
        peer.remote_ufrag = ufrag
        first = peer.terms.chosen[0]
        lines = [
            "a=ice-lite",
            f"a=ice-ufrag:{peer.ufrag}",
            f"a=ice-pwd:{peer.pwd}",
            # Candidates belong to the section that carries the bundle (RFC 8840 §9).
            f"m={first.kind} 9 UDP/TLS/RTP/SAVPF 0",
            *([f"a=mid:{first.mid}"] if first.mid else []),
            *candidate_lines(self._board.ground),
        ]
        return web.Response(
            text="\r\n".join(lines) + "\r\n", status=200, content_type=FRAGMENT, headers={**CORS, "ETag": peer.etag}
        )

    async def _delete(self, request: web.Request, right: Right, stream: str) -> web.Response:
        self._board.close(self._peer(request, right, stream), "deleted")
        return web.Response(status=200, headers=CORS)

    def _peer(self, request: web.Request, right: Right, stream: str) -> Peer:
        peer = self._board.find(stream, request.match_info["session"], publisher=right is Right.PUBLISH)
        if peer is None and self._board.is_replaced(stream, request.match_info["session"]):
            raise Refusal(410, "replaced", "Một máy khác đã phát thay / Another has taken this seat")
        if peer is None:
            raise Refusal(404, "no_such_session", "Phiên này đã kết thúc / This session has ended")
        return peer

    async def _options(self, _: web.Request) -> web.Response:
        return web.Response(status=204, headers={**CORS, **PREFLIGHT})

    async def _stats(self, _: web.Request) -> web.Response:
        return web.Response(body=msgspec.json.encode(figures(self._board)), content_type="application/json")

    async def _metrics(self, _: web.Request) -> web.Response:
        return web.Response(text=metrics.text({"0": figures(self._board)}), content_type=metrics.CONTENT_TYPE)

    async def _health(self, _: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _close_stream(self, request: web.Request) -> web.Response:
        return _closed(self._board.close_stream(self._of_the_centre(request)))

    async def _end_publisher(self, request: web.Request) -> web.Response:
        return _closed(self._board.end_publisher(self._of_the_centre(request), request.query.get("subject", "")))

    async def _hush(self, request: web.Request) -> web.Response:
        try:
            self._board.hush(self._of_the_centre(request), hushed=request.method == "PUT")
        except Full as error:
            raise Refusal(
                503, "full", f"Máy chủ hình ảnh đã đầy / The relay is full ({error.what})", what=error.what
            ) from error
        return web.Response(status=204)

    async def _set_air(self, request: web.Request) -> web.Response:
        stream = self._of_the_centre(request)
        try:
            order = msgspec.json.decode(await request.read(), type=AirOrder)
            self._board.set_air(stream, order)
        except UNREADABLE as error:
            raise Refusal(400, "malformed", f"The order is not understood: {error}") from error
        except Full as error:
            message = f"The relay is full ({error.what})"
            raise Refusal(503, "full", message, {"Retry-After": "5"}, what=error.what) from error
        return web.Response(body=msgspec.json.encode(order), content_type="application/json")

    async def _viewers(self, request: web.Request) -> web.Response:
        found = viewers(self._board, self._of_the_centre(request))
        return web.Response(body=msgspec.json.encode(found), content_type="application/json")

    async def _set_rungs(self, request: web.Request) -> web.Response:
        stream = self._of_the_centre(request)
        try:
            rungs = msgspec.json.decode(await request.read(), type=dict[str, Rung])
            self._board.set_rungs(stream, rungs)
        except UNREADABLE as error:
            raise Refusal(400, "malformed", f"The order is not understood: {error}") from error
        except Full as error:
            message = f"The relay is full ({error.what})"
            raise Refusal(503, "full", message, {"Retry-After": "5"}, what=error.what) from error
        return web.Response(status=204)

    def _of_the_centre(self, request: web.Request) -> str:
        """The stream of a request that only the centre may make."""
        given = request.headers.get("X-Control-Key", "")
        if not self._control_key or not hmac.compare_digest(given.encode(), self._control_key.encode()):
            raise Refusal(403, "forbidden", "Only the centre may rule a stream")
        stream = request.match_info["stream"]
        if not STREAM.match(stream):
            raise Refusal(404, "no_such_stream", "Không có luồng này / There is no such stream")
        return stream


def _closed(sessions: int) -> web.Response:
    return web.Response(body=msgspec.json.encode({"closed": sessions}), content_type="application/json")


def _credentials(fragment: str) -> tuple[str, str]:
    """The first ufrag and password of an SDP fragment (RFC 8840 §9), empty when there are none."""
    found = {"a=ice-ufrag": "", "a=ice-pwd": ""}
    for line in fragment.splitlines()[:500]:
        name, _, value = line.strip().partition(":")
        if name in found and not found[name]:
            found[name] = value
    return found["a=ice-ufrag"], found["a=ice-pwd"]


def _refusals(counts: Counter[str]) -> Middleware:
    """Answers with what was refused, and counts it by its reason."""

    @web.middleware
    async def refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refusal as refusal:
            counts[refusal.reason] += 1
            return refusal.response()
        except web.HTTPException as error:
            for name, value in CORS.items():
                error.headers[name] = value
            raise

    return refusals
