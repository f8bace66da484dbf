"""From frames to a head count: gate, detect, keep the seats, vote. No clock, no camera, no task."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from site_agent.camera.boxes import Box
from site_agent.camera.detector import SCORE, Detector
from site_agent.camera.frames import Frame
from site_agent.camera.gate import Fault, is_frozen, judge
from site_agent.camera.room import Room
from site_agent.camera.seats import Seat, find_seats, vote


class Tally(msgspec.Struct, frozen=True):
    """At least ``count`` people seen; None with a ``reason`` when nobody could be counted (other numbers are then 0).

    ``minimum`` and ``maximum`` are the lowest and highest count of single frames, widened to hold ``count``;
    ``quality`` is 0..1: the share of usable frames among those ordered times how steadily the counted seats were seen;
    ``boxes`` are the counted places in frame pixels.
    """

    count: int | None
    minimum: int
    maximum: int
    frames_used: int
    quality: float
    reason: Fault | None
    boxes: tuple[Box, ...] = ()


def uncounted(reason: Fault) -> Tally:
    """The tally of a room that could not be counted."""
    return Tally(None, 0, 0, 0, 0.0, reason)


def count_burst(frames: Sequence[Frame], detector: Detector, room: Room, ordered: int = 1) -> Tally:
    """Count the people in a burst of which ``ordered`` frames were asked; one still picture is a burst of one."""
    faults = [judge(frame, room.reference) for frame in frames]
    usable = [frame for frame, fault in zip(frames, faults, strict=True) if fault is None]
    ordered = max(ordered, len(frames), 1)
    # A lens that was covered, or a camera that was away, for half of the burst says nothing that can be believed.
    if len(usable) * 2 < ordered:
        missing = [Fault.NO_PICTURE] * (ordered - len(frames))
        return uncounted(_commonest([fault for fault in faults if fault is not None] + missing))
    if is_frozen(usable):
        return uncounted(Fault.FROZEN)
    return _by_vote([people_in(frame, detector, room) for frame in usable], ordered)


def people_in(frame: Frame, detector: Detector, room: Room) -> list[Box]:
    """The faces of one frame that count: sure enough and among the seats."""
    height, width = frame.shape[:2]
    return [box for box in detector.detect(frame) if box.score >= SCORE and room.holds(box, width, height)]


def _by_vote(seen: Sequence[Sequence[Box]], ordered: int) -> Tally:
    seats = vote(find_seats(seen), len(seen))
    single = [len(boxes) for boxes in seen]
    return Tally(
        count=len(seats),
        minimum=min([*single, len(seats)]),
        maximum=max([*single, len(seats)]),
        frames_used=len(seen),
        quality=round(len(seen) / ordered * _steadiness(seats, len(seen)), 3),
        reason=None,
        boxes=tuple(seat.box for seat in seats),
    )


def _steadiness(seats: Sequence[Seat], frames: int) -> float:
    """Mean share of the frames in which a counted seat was taken; 1 for an empty room."""
    return sum(seat.frames for seat in seats) / (len(seats) * frames) if seats else 1.0


def _commonest(faults: Sequence[Fault]) -> Fault:
    return Counter(faults).most_common(1)[0][0]
