"""How well rooms are counted, and what a blurred picture of them shows: ``python -m tests.bench.headcount_rooms``.

One line for each photograph: people by hand, people counted as ``diemcau headcount`` counts them, the error, the time.
Then portraits with and without the seats drawn, what is said of spoilt pictures, and the widest face in every picture
that would leave under the policy "blurred". Exit code 1 when rooms that face the camera are more than 7 % off in the
mean, or a face that left is wider than 6 px.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from site_agent.camera.count import PictureCount, count_picture
from site_agent.camera.detector import SCORE, Detector, FaceDetector, load_detector
from site_agent.camera.eyes import load_near_detector
from site_agent.camera.frames import Frame, Picture, read_picture, to_grey
from site_agent.camera.headcount import count_burst, people_in
from site_agent.camera.person import Heads, PersonDetector, load_people
from site_agent.camera.privacy import MOST_FACE_PX, prepare
from site_agent.camera.room import Room
from site_agent.camera.view import SAME_FROM, compare
from tests.doubles.hand_counted import (
    BACK,
    BELOW_THE_PORTRAITS,
    EMPTY,
    FRONT,
    MIXED,
    PORTRAITS,
    ROOMS,
    SEATS,
    Photograph,
    black,
    covered,
    half_covered,
    photographs,
)
from wire.ids import PicturePolicy

WORST_MEAN_ERROR = 0.07
VIEWS = {FRONT: "people face the camera", MIXED: "side, round tables", BACK: "camera behind people", EMPTY: "empty"}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.headcount_rooms")
    parser.add_argument("--rooms", type=Path, default=ROOMS, help="folder with ground_truth.json and the photographs")
    parser.add_argument("--person-model", type=Path, help="ONNX file of a person model to measure beside the faces")
    chosen = parser.parse_args(argv)
    given = photographs(chosen.rooms)
    if not given:
        print("no photographs at hand: --rooms FOLDER")
        return 1
    detector = load_detector()
    count_picture(given[0].path, detector, Room())  # the first one pays for loading
    front = _rooms(given, detector)
    _portraits(given, detector)
    _faults(given, detector)
    _dim(given, detector)
    _views(given)
    if chosen.person_model is not None:
        _people(given, detector, load_people(chosen.person_model))
    widest = _blurred(given, detector)
    return 1 if front > WORST_MEAN_ERROR or widest > MOST_FACE_PX else 0


def _rooms(given: Sequence[Photograph], detector: Detector) -> float:
    print(f"{'':<22} {'by hand':>8} {'counted':>8} {'error':>8} {'ms':>6}")
    means = {}
    for view, words in VIEWS.items():
        print(f"{view}: {words}")
        errors = []
        for photo in given:
            if photo.view == view:
                seen = count_picture(photo.path, detector, SEATS.get(photo.name, Room()))
                errors.append(_line(photo, seen))
        means[view] = sum(errors) / len(errors) if errors else 0.0
        if view != EMPTY:
            print(f"  mean relative error {means[view]:.1%} in {len(errors)} rooms")
    return means[FRONT]


def _line(photo: Photograph, seen: PictureCount) -> float:
    number = 0 if seen.count is None else seen.count
    error = abs(number - photo.people) / photo.people if photo.people else float(number)
    told = f"{(number - photo.people) / photo.people:>+8.1%}" if photo.people else f"{number:>+8d}"
    reason = f"  ({seen.reason})" if seen.reason else ""
    seats = "  (seats drawn)" if photo.name in SEATS else ""
    print(f"  {photo.name:<20} {photo.people:>8} {number:>8} {told} {seen.ms:>6.0f}{reason}{seats}")
    return error


def _portraits(given: Sequence[Photograph], detector: Detector) -> None:
    for photo in given:
        if photo.name == PORTRAITS:
            print("Portraits on the wall")
            for words, room in (("whole picture", Room()), ("seats drawn below them", BELOW_THE_PORTRAITS)):
                seen = count_picture(photo.path, detector, room)
                above = sum(y + h / 2 < 0.05 * _height(photo) for _, y, _, h, _ in seen.boxes)
                print(f"  {words:<24} counted {seen.count}, portraits among them {above}")


def _height(photo: Photograph) -> int:
    return int(read_picture(photo.path).shape[0])


def _faults(given: Sequence[Photograph], detector: Detector) -> None:
    print("Spoilt pictures: never a number")
    frame = read_picture(given[0].path)
    noisy = [_noisy(frame, seed) for seed in range(5)]
    reference = Room(reference=to_grey(frame))
    soft = np.asarray(cv2.GaussianBlur(frame, (0, 0), frame.shape[1] / 80), dtype=np.uint8)
    cases: Iterable[tuple[str, list[Frame], Room]] = (
        ("as it is", noisy, reference),
        ("light off", [black(each) for each in noisy], reference),
        ("lens covered", [covered(each) for each in noisy], reference),
        ("half covered", [half_covered(each) for each in noisy], reference),
        ("half covered, no ref.", [half_covered(each) for each in noisy], Room()),
        ("out of focus", [soft] * 2, Room()),
        ("one picture repeated", [frame] * 5, Room()),
    )
    for words, frames, room in cases:
        tally = count_burst(frames, detector, room)
        print(f"  {words:<24} {'-' if tally.count is None else tally.count:>4}  {tally.reason or ''}")


def _noisy(frame: Frame, seed: int) -> Frame:
    noise = np.random.default_rng(seed).normal(0, 2, frame.shape)
    return np.asarray(np.clip(frame + noise, 0, 255), dtype=np.uint8)


def _dim(given: Sequence[Photograph], detector: FaceDetector) -> None:
    print("Dim rooms that face the camera: mean relative error without and with more light")
    for share in (0.5, 0.25, 0.18, 0.12):
        plain: list[float] = []
        bright: list[float] = []
        for photo in (each for each in given if each.view == FRONT):
            frame = read_picture(photo.path) * share
            noise = np.random.default_rng(1).normal(0, 5, frame.shape)
            dim = np.asarray(np.clip(frame + noise, 0, 255), dtype=np.uint8)
            for errors, found in ((plain, detector.find(dim)), (bright, detector.detect(dim))):
                number = sum(box.score >= SCORE for box in found)
                errors.append(abs(number - photo.people) / photo.people)
        print(f"  light x {share:<5} {sum(plain) / len(plain):>6.1%} {sum(bright) / len(bright):>6.1%}")


def _views(given: Sequence[Photograph]) -> None:
    """Other rooms against each room's reference, and the same room at half the light, pushed by a tenth."""
    greys = [to_grey(read_picture(photo.path)) for photo in given]
    others = [compare(one, other).alike for one in greys for other in greys if one is not other]
    pushed = []
    for grey in greys:
        by = np.asarray([[1, 0, 0.1 * grey.shape[1]], [0, 1, 0]], dtype=np.float32)
        moved = cv2.warpAffine(grey * 0.5, by, grey.shape[::-1])
        pushed.append(compare(np.asarray(moved, dtype=np.float32), grey))
    print(f"Room in view (the same from {SAME_FROM}): other rooms at most {max(others):.2f} alike,")
    off = max(abs(view.across - 0.1) for view in pushed)
    print(
        f"  pushed by 10 % at half the light at least {min(view.alike for view in pushed):.2f}, shift off by {off:.1%}"
    )


def _people(given: Sequence[Photograph], detector: Detector, people: PersonDetector) -> None:
    print("With the person model: mean relative error without and with it")
    both = Heads(detector, people)
    for view in VIEWS:
        plain: list[float] = []
        fused: list[float] = []
        for photo in (each for each in given if each.view == view):
            room = SEATS.get(photo.name, Room())
            for errors, eyes in ((plain, detector), (fused, both)):
                seen = len(people_in(read_picture(photo.path), eyes, room))
                errors.append(abs(seen - photo.people) / max(photo.people, 1))
        print(f"  {view:<6} {sum(plain) / len(plain):>6.1%} {sum(fused) / len(fused):>6.1%}")


def _blurred(given: Sequence[Photograph], detector: Detector) -> float:
    print("What leaves under the policy 'blurred'")
    near = load_near_detector()
    widest, faces = 0.0, 0
    for photo in given:
        frame = read_picture(photo.path)
        places = people_in(frame, detector, SEATS.get(photo.name, Room()))

        left = prepare(
            Picture(frame, is_drawn=False),
            PicturePolicy.BLURRED,
            partial(near.detect, frame),
            places=places,
            side=1280,
            most_bytes=384 << 10,
        )
        assert left is not None
        here = max(photo.faces, default=0.0) * left.width / frame.shape[1]
        widest, faces = max(widest, here), faces + len(photo.faces)
        size = f"{left.width}x{left.height}"
        print(
            f"  {photo.name:<20} {size:>8}, {len(left.jpeg):>5} bytes, widest of {len(photo.faces):>3}: {here:.1f} px"
        )
    print(f"  widest of {faces} hand-marked faces: {widest:.1f} px (at most {MOST_FACE_PX})")
    return widest


if __name__ == "__main__":
    sys.exit(main())
