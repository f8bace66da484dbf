"""HTTP of rescue files: an operator uploads what a candidate saved."""

import base64
import binascii

from aiohttp import web

from orchestrator.exams.home.rescuing import Rescued, Rescuing
from orchestrator.web.kit import Routes, content, json, post, who
from wire.rescue import MAGIC, MAX_RESCUE_BYTES


def rescue_routes(rescuing: Rescuing) -> Routes:
    """The one route."""

    async def bring(request: web.Request) -> web.StreamResponse:
        blob = await content(request, 2 * MAX_RESCUE_BYTES)
        return json(await rescuing.bring(who(request).username, _plain(blob)))

    summary = "take a candidate's rescue file in"
    return [post("/api/v1/exam-rescues", bring, action="exams.conduct", summary=summary, reply=Rescued)]


def _plain(blob: bytes) -> bytes:
    """The file as it is, or as the text that the page shows to whoever cannot save a file."""
    if blob.startswith(MAGIC):
        return blob
    try:
        return base64.b64decode(b"".join(blob.split()), validate=True)
    except binascii.Error:
        return blob
