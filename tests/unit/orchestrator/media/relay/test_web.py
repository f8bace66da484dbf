"""The relay's HTTP face."""

from __future__ import annotations

import time
from collections import Counter
from typing import cast

import pytest
from aiohttp.test_utils import TestClient, TestServer

from orchestrator.media.ice import IceServers
from orchestrator.media.relay.admission import Admission
from orchestrator.media.relay.limits import Limits
from orchestrator.media.relay.switchboard import Stopping, Switchboard
from orchestrator.media.relay.web import Doors
from tests.doubles.light_peer import offer

OFFER = offer("recvonly", "room", "x" * 24, ":".join(["00"] * 32))


class Unwilling:
    """A switchboard that opens no session."""

    def __init__(self, error: Exception) -> None:
        self.refusals: Counter[str] = Counter()
        self._error = error

    def open(self, *_: object, **__: object) -> None:
        raise self._error


@pytest.mark.parametrize(("error", "status"), [(Stopping(), 503), (RuntimeError("unforeseen"), 500)])
async def test_a_viewer_that_is_not_taken_for_whatever_reason_holds_up_nobody_in_line(
    error: Exception, status: int
) -> None:
    limits = Limits(joining=1, joining_s=60.0, pending=0)
    board = cast("Switchboard", Unwilling(error))
    doors = Doors(board, Admission(None, time.time_ns), limits, ice=IceServers(), control_key="")
    async with TestClient(TestServer(doors.app())) as client:
        for _ in range(3):
            answer = await client.post("/whep/s", data=OFFER, headers={"Content-Type": "application/sdp"})
            assert answer.status == status
    assert board.refusals["full_line"] == 0
