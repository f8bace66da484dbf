"""What the alarms are told of a room that is not ready: once, and not what its tile tells already."""

from __future__ import annotations

from typing import cast

import msgspec
import pytest

from orchestrator.app.alarms import AlarmSources
from orchestrator.app.register import Register
from orchestrator.media.port import MediaEngine
from orchestrator.presence.model import Presence, PresenceState
from orchestrator.readiness.board import Room, Row, words
from orchestrator.readiness.model import Finding, Grade, Verdict
from orchestrator.sites.service import Sites
from orchestrator.storage.engine import Database
from orchestrator.wall.board import WallBoard
from orchestrator.wall.judge import Headcount, Show, SiteCard, tile
from wire.ids import CameraState, ClockState, ScreenState, SessionId, SiteId
from wire.messages import CameraHealth, ClockHealth, Heartbeat, ScreenHealth

NOW = 1_000 * 10**9
SITE = SiteId("site-1")
CARD = SiteCard(SITE, "HP-01", "THCS Trần Phú", ["Tỉnh", "Huyện"], "Huyện", "thcs", 20, "Cô Hà", "0912", True, False)


def sources(checks: list[str], camera: CameraState = CameraState.WORKING, *, wanted: bool = True) -> AlarmSources:
    """A site whose certificate says no to these checks."""
    board, register = WallBoard(), Register(cast(Database, None), cast(Sites, None))
    card = msgspec.structs.replace(CARD, not_ready=bool(checks))
    register.cards, register.loaded = {SITE: card}, True
    session = SessionId("session-1")
    beat = Heartbeat(
        at_ns=NOW,
        agent_version="1",
        disk_free_mb=9000,
        camera=CameraHealth(state=camera, name="camera 0"),
        clock=ClockHealth(state=ClockState.SYNCED),
        screen=ScreenHealth(state=ScreenState.PLAYING, audio_dbfs=-20.0, session=session),
    )
    presence = Presence(SITE, PresenceState.ONLINE, 0, True, NOW, beat)
    show = Show(session, live=True) if wanted else None
    board.put(tile(card, presence, Headcount(), show, None, NOW))
    findings = [Finding(check, "bad", Grade.NO_GO) for check in checks]
    verdict = Verdict.NO_GO if checks else Verdict.GO
    row = Row(
        site=SITE, verdict=verdict, findings=findings, made_ms=None, online=True, starts_ms=None, agent_version="1"
    )
    room = Room(SITE, card.code, card.name, card.district, card.level, card.contact, card.phone)
    board.put_section("readiness", words([(room, row)]))
    return AlarmSources(register, board, cast(MediaEngine, None), list)


@pytest.mark.parametrize(
    ("checks", "camera", "expected"),
    [
        ([], CameraState.WORKING, []),
        (["microphone"], CameraState.WORKING, ["not_ready"]),
        (["paired"], CameraState.WORKING, []),
        # The tile tells of the camera by itself; of the microphone behind it nobody else tells.
        (["camera"], CameraState.FAILED, ["camera"]),
        (["camera", "microphone"], CameraState.FAILED, ["camera", "not_ready"]),
        (["paired", "microphone"], CameraState.WORKING, ["not_ready"]),
    ],
)
def test_every_check_that_says_no_is_looked_at(checks: list[str], camera: CameraState, expected: list[str]) -> None:
    (seen,) = sources(checks, camera).seen() or ()
    assert [word for word, _ in seen.findings] == expected


def test_a_room_need_not_be_ready_while_nobody_wants_it() -> None:
    (seen,) = sources(["microphone"], wanted=False).seen() or ()
    assert seen.findings == ()
