"""``python -m site_agent.camera.count IMAGE... --json [--room FILE]``: count the people in pictures."""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from site_agent.camera.boxes import Box
from site_agent.camera.detector import FAINT, SCORE, Detector, NoModel, load_detector
from site_agent.camera.frames import UnreadablePicture, read_picture
from site_agent.camera.gate import Fault, judge
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
    told = [(round(box.x, 1), round(box.y, 1), round(box.w, 1), round(box.h, 1), round(box.score, 3)) for box in sure]
    return PictureCount(image, len(sure), told, _confidence(boxes, sure), None, ms)


def _confidence(boxes: Sequence[Box], sure: Sequence[Box]) -> float:
    if sure:
        return round(sum(box.score for box in sure) / len(sure), 3)
    return round(1 - max((box.score for box in boxes), default=FAINT), 3)


def _table(counts: Sequence[PictureCount]) -> str:
    lines = [
        f"{'-' if seen.count is None else seen.count:>5}  {seen.confidence:5.2f}  {seen.ms:7.0f} ms  "
        f"{seen.image}{f'  ({seen.reason})' if seen.reason else ''}"
        for seen in counts
    ]
    return "\n".join(lines)


def _detector() -> Detector | None:
    try:
        return load_detector()
    except NoModel as missing:
        sys.stderr.write(f"không đếm được: thiếu mô hình / cannot count: {missing}\n")
        return None


def main(arguments: Sequence[str]) -> int:
    """Print the counts; 0 when every picture was looked at, 1 when one was unreadable or the model is missing."""
    parser = argparse.ArgumentParser(prog="headcount", description="Count the people in pictures of rooms.")
    parser.add_argument("images", nargs="+", type=Path, metavar="IMAGE")
    parser.add_argument("--json", action="store_true", help="print one JSON array and nothing else")
    parser.add_argument("--room", type=Path, help="JSON with the room's polygon and reference")
    chosen = parser.parse_args(arguments)
    try:
        room = load_room(chosen.room) if chosen.room else Room()
    except RoomFault as fault:
        parser.error(str(fault))
    detector = _detector()
    counts = [count_picture(path, detector, room) for path in chosen.images]
    sys.stdout.write((msgspec.json.encode(counts).decode() if chosen.json else _table(counts)) + "\n")
    return 1 if any(seen.reason in {Fault.UNREADABLE, Fault.NO_MODEL} for seen in counts) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
