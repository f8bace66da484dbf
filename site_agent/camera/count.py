"""``python -m site_agent.camera.count [IMAGE...] [--burst FOLDER]... --json [--room FILE]``: count people in pictures.

A picture by itself cannot show that its camera is frozen, a burst can; it is counted as a roll call counts one.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec

from site_agent.camera.boxes import Box
from site_agent.camera.detector import FAINT, SCORE, Detector, NoModel, load_detector
from site_agent.camera.frames import Frame, UnreadablePicture, read_picture
from site_agent.camera.gate import Fault, judge
from site_agent.camera.headcount import Tally, count_burst, uncounted
from site_agent.camera.kept_burst import NoBurst, read_burst
from site_agent.camera.room import Room, RoomFault, load_room


class PictureCount(msgspec.Struct, frozen=True):
    """One picture's answer: ``boxes`` are x, y, w, h in pixels and the score; ``reason`` says why ``count`` is null;
    ``confidence`` 0..1 is the mean score of the counted faces or, with nobody there, how far the faintest hint was
    from a face.
    """

    image: str
    count: int | None
    boxes: list[tuple[float, float, float, float, float]]
    confidence: float
    reason: Fault | None
    ms: float


def count_picture(path: Path, detector: Detector | None, room: Room) -> PictureCount:
    """Count one picture file; without a detector the reason is ``no_model``."""
    started = time.perf_counter_ns()
    fault: Fault | None
    boxes: list[Box] = []
    try:
        frame = read_picture(path)
        fault = judge(frame, room.reference)
        if detector is None:
            fault = Fault.NO_MODEL
        elif fault is None:
            height, width = frame.shape[:2]
            boxes = [box for box in detector.detect(frame) if room.holds(box, width, height)]
    except UnreadablePicture:
        fault = Fault.UNREADABLE
    ms = round((time.perf_counter_ns() - started) / 1e6, 1)
    return _answer(str(path), boxes, fault, ms)


def _answer(image: str, boxes: Sequence[Box], fault: Fault | None, ms: float) -> PictureCount:
    if fault is not None:
        return PictureCount(image, None, [], 0.0, fault, ms)
    sure = [box for box in boxes if box.score >= SCORE]
    told = [_told(box) for box in sure]
    return PictureCount(image, len(sure), told, _confidence(boxes, sure), None, ms)


def _told(box: Box) -> tuple[float, float, float, float, float]:
    return (round(box.x, 1), round(box.y, 1), round(box.w, 1), round(box.h, 1), round(box.score, 3))


def _confidence(boxes: Sequence[Box], sure: Sequence[Box]) -> float:
    if sure:
        return round(sum(box.score for box in sure) / len(sure), 3)
    return round(1 - max((box.score for box in boxes), default=FAINT), 3)


class GatedFrame(msgspec.Struct, frozen=True):
    """One picture of a burst; ``reason`` says why it was not used."""

    image: str
    reason: Fault | None


class BurstCount(msgspec.Struct, frozen=True):
    """A burst's answer: at least ``count`` people, in single pictures from ``minimum`` to ``maximum``; ``quality`` 0..1
    as a roll call tells it; ``boxes`` as of a picture. ``reason`` says why ``count`` is null, ``frames`` what the gate
    said of each picture.
    """

    burst: str
    count: int | None
    minimum: int
    maximum: int
    frames_used: int
    quality: float
    boxes: list[tuple[float, float, float, float, float]]
    reason: Fault | None
    frames: list[GatedFrame]
    ms: float


def count_kept_burst(path: Path, detector: Detector | None, room: Room) -> BurstCount:
    """Count one burst that was kept, a folder; without a detector the reason is ``no_model``."""
    started = time.perf_counter_ns()
    try:
        kept = read_burst(path)
    except NoBurst as fault:
        sys.stderr.write(f"không đọc được loạt ảnh / cannot read the burst: {fault}\n")
        kept = []
    frames = [GatedFrame(each.name, _gate(each.frame, room)) for each in kept]
    tally = _tally([each.frame for each in kept], detector, room)
    return BurstCount(
        burst=str(path),
        count=tally.count,
        minimum=tally.minimum,
        maximum=tally.maximum,
        frames_used=tally.frames_used,
        quality=tally.quality,
        boxes=[_told(box) for box in tally.boxes],
        reason=tally.reason,
        frames=frames,
        ms=round((time.perf_counter_ns() - started) / 1e6, 1),
    )


def _gate(frame: Frame | None, room: Room) -> Fault | None:
    return judge(frame, room.reference) if frame is not None else Fault.UNREADABLE


def _tally(kept: Sequence[Frame | None], detector: Detector | None, room: Room) -> Tally:
    readable = [frame for frame in kept if frame is not None]
    if not readable:
        return uncounted(Fault.UNREADABLE)
    if detector is None:
        return uncounted(Fault.NO_MODEL)
    tally = count_burst(readable, detector, room, len(kept))
    # A roll call misses pictures that the camera did not give; here they are there and cannot be read.
    return uncounted(Fault.UNREADABLE) if tally.reason is Fault.NO_PICTURE else tally


def _burst_line(seen: BurstCount) -> str:
    told = f"{seen.minimum}–{seen.maximum}" if seen.count is not None else f"{seen.reason}"
    gate = Counter(str(each.reason) for each in seen.frames if each.reason is not None)
    faults = "".join(f", {number} {fault}" for fault, number in gate.items())
    return (
        f"{'-' if seen.count is None else seen.count:>5}  {seen.quality:5.2f}  {seen.ms:7.0f} ms  "
        f"{seen.burst}  ({told}; {len(seen.frames)} pictures{faults})"
    )


def _line(seen: PictureCount) -> str:
    return (
        f"{'-' if seen.count is None else seen.count:>5}  {seen.confidence:5.2f}  {seen.ms:7.0f} ms  "
        f"{seen.image}{f'  ({seen.reason})' if seen.reason else ''}"
    )


def _detector() -> Detector | None:
    try:
        return load_detector()
    except NoModel as missing:
        sys.stderr.write(f"không đếm được: thiếu mô hình / cannot count: {missing}\n")
        return None


def main(arguments: Sequence[str]) -> int:
    """Print the counts; 0 when everything was looked at, 1 when something was unreadable or the model is missing."""
    parser = argparse.ArgumentParser(prog="headcount", description="Count the people in pictures of rooms.")
    parser.add_argument("images", nargs="*", type=Path, metavar="IMAGE", help="a picture, judged by itself")
    parser.add_argument(
        "--burst",
        action="append",
        default=[],
        type=Path,
        metavar="FOLDER",
        help="pictures of one room within seconds: one count by seat voting, and a frozen camera is named; "
        "may be given more than once",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON array and nothing else")
    parser.add_argument("--room", type=Path, help="JSON with the room's polygon and reference")
    chosen = parser.parse_args(arguments)
    try:
        room = load_room(chosen.room) if chosen.room else Room()
    except RoomFault as fault:
        parser.error(str(fault))
    if not chosen.images and not chosen.burst:
        parser.error("give an IMAGE or --burst FOLDER")
    detector = _detector()
    pictures = [count_picture(path, detector, room) for path in chosen.images]
    bursts = [count_kept_burst(path, detector, room) for path in chosen.burst]
    if chosen.json:
        sys.stdout.write(msgspec.json.encode([*pictures, *bursts]).decode() + "\n")
    else:
        sys.stdout.write("\n".join([*map(_line, pictures), *map(_burst_line, bursts)]) + "\n")
    reasons = {seen.reason for seen in pictures} | {seen.reason for seen in bursts}
    return 1 if reasons & {Fault.UNREADABLE, Fault.NO_MODEL} else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
