"""WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep-04) in front of Janus.

Janus makes the offer to whoever views. The draft foresees that (§4.2, "counter-offer"): the viewer's offer is answered
with 406, an offer of ours as SDP and the session's Location; the viewer sends its answer by PATCH and gets 204.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import msgspec
import structlog

from orchestrator.errors import Refused
from orchestrator.media.janus.asking import Full, JanusError
from orchestrator.media.janus.plane import JanusPlane
from orchestrator.media.janus.room import NO_PLACE
from orchestrator.media.janus.session import Session, Viewing
from orchestrator.media.janus.stream import JanusStream
from orchestrator.media.relay.admission import Admission
from orchestrator.media.relay.answer import agree
from orchestrator.media.relay.sdp import BadOffer, parse_offer
from orchestrator.media.tokens import Right
from orchestrator.media.workers import Reply

log = structlog.get_logger()
SDP = "application/sdp"
FRAGMENT = "application/trickle-ice-sdpfrag"
STATUS = {"malformed": 400, "not_acceptable": 406}
MOST_CANDIDATES = 60
METHODS = [
    ("Access-Control-Allow-Methods", "OPTIONS, POST, PATCH, DELETE"),
    ("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match"),
    ("Access-Control-Max-Age", "86400"),
    ("Accept-Post", SDP),
]


class _No(Exception):
    def __init__(self, status: int, code: str, message: str, headers: list[tuple[str, str]] | None = None) -> None:
        super().__init__(message)
        self.reply = Reply(
            status,
            [("Content-Type", "application/json"), *(headers or [])],
            msgspec.json.encode({"code": code, "message": message}),
        )


class JanusDoor:
    """``ask`` as the centre's media routes call it. ``links``: values of Link headers with ICE servers, by the subject
    of a token."""

    def __init__(
        self,
        plane: JanusPlane,
        admission: Admission,
        links: Callable[[str], list[str]] = lambda _subject: [],
    ) -> None:
        self._plane = plane
        self._admission = admission
        self._links = links

    async def ask(self, method: str, stream: str, path: str, headers: dict[str, str], content: bytes) -> Reply:
        """One exchange. Raises :class:`Refused` (``media_unavailable``, 503) while no server answers."""
        _, prefix, _, *rest = path.split("/")
        if method == "OPTIONS":
            return Reply(204, METHODS, b"")
        right = Right.PUBLISH if prefix == "whip" else Right.VIEW
        told = {name.lower(): value for name, value in headers.items()}
        try:
            self._admit(told, stream, right, fresh=method != "DELETE")
            if method == "POST":
                return await self._open(right, stream, told, content)
            found, one = self._found(stream, rest, right)
            if method == "DELETE":
                await found.end(one, "deleted")
                return Reply(200, [], b"")
            return await self._patch(found, one, told, content)
        except _No as no:
            return no.reply
        except Full as full:
            raise self._plane.refused_full(full.reason) from full
        except JanusError as fault:
            if fault.code == NO_PLACE:
                raise self._plane.refused_full(fault.reason) from fault
            log.warning("janus_refused", stream=stream, code=fault.code, reason=fault.reason)
            message = "Máy chủ hình ảnh từ chối. / The media server refused."
            raise Refused("media_unavailable", f"{message} ({fault.reason})", 503, retry_after_s=1) from fault

    def _admit(self, told: dict[str, str], stream: str, right: Right, *, fresh: bool) -> None:
        denied = self._admission.judge(told.get("authorization"), stream, right, fresh=fresh)
        if denied is not None:
            wanted = [("WWW-Authenticate", "Bearer")] if denied.status == 401 else []
            raise _No(denied.status, denied.code, denied.message, wanted)

    def _found(self, stream: str, rest: list[str], right: Right) -> tuple[JanusStream, Session]:
        found = self._plane.streams.get(stream)
        one = found.find(rest[0]) if found is not None and rest else None
        if found is None or one is None or isinstance(one, Viewing) is not (right is Right.VIEW):
            raise _No(404, "no_such_session", "Phiên này đã kết thúc. / This session has ended.")
        return found, one

    async def _open(self, right: Right, name: str, told: dict[str, str], content: bytes) -> Reply:
        text = _text(told, content, SDP)
        video = self._plane.settings.video
        try:
            agree(
                parse_offer(text),
                publisher=right is Right.PUBLISH,
                ssrcs={kind: secrets.randbits(32) for kind in ("audio", "video")},
                video=video,
            )
        except BadOffer as fault:
            raise _No(STATUS[fault.code], fault.code, fault.message) from fault
        await self._plane.some_server()
        try:
            return await self._placed(right, name, told, text)
        except JanusError as fault:
            if fault.code:
                raise
            # The server went just now, or says nothing, or is full: another, if there is one.
            return await self._placed(right, name, told, text)

    async def _placed(self, right: Right, name: str, told: dict[str, str], text: str) -> Reply:
        # Asked for at the last moment: a stream in which nobody is may be forgotten.
        stream = self._plane.stream(name)
        header = told.get("authorization")
        subject = self._admission.subject(header)
        if right is Right.PUBLISH:
            seat = self._admission.seat(header)
            publishing, answer = await stream.publish(self._plane.publisher_hub(stream, seat), seat, text, subject)
            return self._described(201, "whip", stream.name, publishing, answer, subject)
        viewing, offer = await stream.view(self._plane.viewer_hub(stream), subject)
        return self._described(406, "whep", stream.name, viewing, offer, subject)

    def _described(self, status: int, prefix: str, stream: str, one: Session, text: str, subject: str) -> Reply:
        headers = [
            ("Content-Type", SDP),
            ("Location", f"/{prefix}/{stream}/{one.id}"),
            ("ETag", one.etag),
            ("Accept-Patch", FRAGMENT if prefix == "whip" else f"{SDP}, {FRAGMENT}"),
        ]
        headers += [("Link", link) for link in self._links(subject)]
        return Reply(status, headers, text.encode())

    async def _patch(self, stream: JanusStream, one: Session, told: dict[str, str], content: bytes) -> Reply:
        if told.get("content-type", "").split(";")[0].strip() == SDP and isinstance(one, Viewing):
            await stream.start(one, _text(told, content, SDP))
            return Reply(204, [], b"")
        text = _text(told, content, FRAGMENT)
        match = told.get("if-match")
        if match is None:
            raise _No(428, "if_match_missing", "PATCH needs If-Match")
        if match == "*":
            # RFC 9725 §4.3.1: a server that trickles but does not restart says so; the page connects anew.
            raise _No(422, "no_ice_restart", "ICE restart is not supported")
        if match != one.etag:
            raise _No(412, "other_ice_session", "The ICE session has changed")
        if one.handle is not None:
            await one.handle.trickle(candidates(text))
        return Reply(204, [], b"")


def candidates(fragment: str) -> list[dict[str, Any]]:
    """What Janus is told of an SDP fragment (RFC 8840 §9): each candidate with its section's mid."""
    found: list[dict[str, Any]] = []
    mid, index, ended = "", -1, False
    for raw in fragment.splitlines()[:500]:
        line = raw.strip()
        if line.startswith("m="):
            index, mid = index + 1, ""
        elif line.startswith("a=mid:"):
            mid = line[6:]
        elif line.startswith("a=candidate:") and len(found) < MOST_CANDIDATES:
            found.append({"candidate": line[2:], "sdpMid": mid, "sdpMLineIndex": max(0, index)})
        elif line == "a=end-of-candidates":
            ended = True
    return [*found, {"completed": True}] if ended or not found else found


def _text(told: dict[str, str], content: bytes, kind: str) -> str:
    if told.get("content-type", "").split(";")[0].strip() != kind:
        raise _No(415, "wrong_content_type", f"The content type must be {kind}")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise _No(400, "malformed", "The body is not UTF-8") from fault
