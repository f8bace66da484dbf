"""A roll call order to a site whose camera is a drawn room: the whole way from the folder to a signed record."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from demo.room import write_room
from orchestrator.attendance.sworn import why_not_kept
from site_agent.camera.counter import RoomCounter
from site_agent.camera.evidence import EvidenceChain
from site_agent.camera.eyes import LookingThread
from site_agent.camera.owner import CameraOwner
from site_agent.camera.sources import parse_source
from tests.doubles.camera import SleptClock
from wire.codec import decode_record, encode_record
from wire.evidence import evidence_digest, verify_evidence
from wire.ids import CameraState, PicturePolicy, RollCallId, SessionId, SiteId
from wire.messages import RollCallCount, RollCallOrder

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ORDER = RollCallOrder(
    roll_call=RollCallId("roll-a"),
    session=SessionId("session-a"),
    nonce=bytes(16),
    at_ns=1_000_500_000_000,
    frames=10,
    span_ms=10_000,
    policy=PicturePolicy.FULL,
)


async def roll_call(camera_source: Path, home: Path, rule: PicturePolicy = PicturePolicy.COUNT_ONLY) -> RollCallCount:
    clock = SleptClock()
    source = parse_source(str(camera_source))
    async with (
        CameraOwner(source, sleep=clock.sleep, backoff_s=(0.01,)) as camera,
        LookingThread() as looking,
    ):
        counted = await RoomCounter(camera, clock, looking, rule=lambda: rule).count(ORDER)
        assert camera.health.state is CameraState.WORKING
    return EvidenceChain(home / "chain", SiteId("site-a"), KEY).seal(ORDER, counted)


@pytest.mark.parametrize("frames", [4, 11])
async def test_the_record_carries_the_number_that_was_drawn(tmp_path: Path, frames: int) -> None:
    write_room(tmp_path / "room", 17, frames=frames)
    record = await roll_call(tmp_path / "room", tmp_path)
    assert (record.count, record.minimum, record.maximum, record.frames_used) == (17, 17, 17, 10)
    assert (record.reason, record.quality) == ("", 1.0)
    assert record.lo_ns <= ORDER.at_ns
    assert record.hi_ns >= ORDER.at_ns + 10_000_000_000
    assert decode_record(encode_record(record)) == record


async def test_the_evidence_fits_the_picture_that_left(tmp_path: Path) -> None:
    write_room(tmp_path / "room", 5, frames=4)
    record = await roll_call(tmp_path / "room", tmp_path, PicturePolicy.BLURRED)
    evidence = verify_evidence(KEY.public_key().public_bytes_raw(), record.evidence, record.signature)
    assert record.picture is not None
    assert evidence.picture == evidence_digest(record.picture)
    assert why_not_kept(record.picture, PicturePolicy.BLURRED) == ""


async def test_a_drawn_room_is_counted_under_the_rule_like_any_other(tmp_path: Path) -> None:
    write_room(tmp_path / "room", 5, frames=4)
    record = await roll_call(tmp_path / "room", tmp_path)
    assert (record.count, record.picture) == (5, None)


async def test_a_camera_that_repeats_one_picture_is_frozen(tmp_path: Path) -> None:
    write_room(tmp_path / "room", 5, frames=1)
    record = await roll_call(tmp_path / "room", tmp_path)
    assert (record.count, record.reason) == (None, "frozen")
