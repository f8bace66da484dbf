"""HTTP of rescue files: an operator uploads what a candidate saved, or the candidate's page sends it by itself."""

import base64
import binascii

import msgspec
from aiohttp import web

from orchestrator.clock import Clock
from orchestrator.exams.home.rescuing import Rescued, Rescuing
from orchestrator.web.kit import Routes, content, json, post, who
from orchestrator.web.rate import Attempts, refuse_until
from wire.rescue import MAGIC, MAX_RESCUE_BYTES, RESCUE_PATH

BY_PAGE = "candidate's page"
A_MINUTE_NS = 60_000_000_000
OF_ONE_ADDRESS = 120
"""A minute: a whole school may stand behind one address."""


class Carried(msgspec.Struct, frozen=True):
    """What the page is told: how many answers are with the centre now, and how many bear no mark that holds. Nobody
    learns here whose they are."""

    held: int
    unproven: int


def rescue_routes(rescuing: Rescuing, clock: Clock) -> Routes:
    """The operator's route, and the page's, which is public: a file proves itself or counts for nothing."""
    attempts = Attempts(OF_ONE_ADDRESS, A_MINUTE_NS)

    async def bring(request: web.Request) -> web.StreamResponse:
        blob = await content(request, 2 * MAX_RESCUE_BYTES)
        return json(await rescuing.bring(who(request).username, _plain(blob)))

    async def carry(request: web.Request) -> web.StreamResponse:
        refuse_until(attempts.take(request.remote or "", clock.now_ns()))
        found = await rescuing.bring(BY_PAGE, _plain(await content(request, 2 * MAX_RESCUE_BYTES)))
        reply = json(Carried(found.fresh + found.known + found.conflicts, found.unproven))
        # The page is the school's, another origin; it sends no cookie, and there is nothing here to be read.
        reply.headers["Access-Control-Allow-Origin"] = "*"
        return reply

    summary = "take a candidate's rescue file in"
    return [
        post("/api/v1/exam-rescues", bring, action="exams.conduct", summary=summary, reply=Rescued),
        post(RESCUE_PATH, carry, action=None, summary="a candidate's page brings its rescue file", reply=Carried),
    ]


def _plain(blob: bytes) -> bytes:
    """The file as it is, or as the text that the page shows to whoever cannot save a file."""
    if blob.startswith(MAGIC):
        return blob
    try:
        return base64.b64decode(b"".join(blob.split()), validate=True)
    except binascii.Error:
        return blob
