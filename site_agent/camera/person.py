"""People whose faces the camera does not see: an optional person model that the operator supplies, beside the faces.

Any ONNX export of YOLOX (Ge et al., "YOLOX: Exceeding YOLO Series in 2021") for the 80 classes of COCO fits: input
1 x 3 x height x width in BGR 0..255, output 1 x places x 85 (centre, log size, objectness, classes) on grids of 8, 16
and 32 px. A person whose upper part holds a face is that face; one without a face adds a head, unless a counted head
covers it. With YOLOX-nano the mean error over all measured rooms falls from 20 to 12.5 %; in rooms that face the camera
it hardly matters.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from site_agent.camera.boxes import Box, overlap
from site_agent.camera.detector import SCORE, Detector, NoModel, load_detector
from site_agent.camera.frames import Frame
from site_agent.camera.light import lit

PERSON_SCORE = 0.40
SAME_PERSON_ABOVE = 0.45
UPPER_SHARE = 0.6
HEAD_SHARE = 0.25
"""Height of a head as a share of a seated person's box: how large the added box is."""
COVERED_ABOVE = 0.75
INPUT = (960, 544)
GREY = 114
STRIDES = (8, 16, 32)
FIELDS = 85
_PLACES = sum((INPUT[0] // each) * (INPUT[1] // each) for each in STRIDES)
MOST_BYTES = 256 << 20

_Rows = npt.NDArray[np.float32]


class UnusableModel(Exception):
    """A person model that is not there, or is not one of this kind; the sentence says what is wrong."""


class PersonDetector:
    """Finds people of any posture; one instance belongs to one thread."""

    def __init__(self, model: bytes) -> None:
        """Raises ``UnusableModel``."""
        try:
            self._net = cv2.dnn.readNetFromONNX(np.frombuffer(model, dtype=np.uint8))
            shape = self._rows(np.zeros((INPUT[1], INPUT[0], 3), dtype=np.uint8)).shape
        except cv2.error as fault:
            raise UnusableModel(f"OpenCV cannot run it: {str(fault).strip()[-200:]}") from fault
        if shape != (_PLACES, FIELDS):
            raise UnusableModel(f"not a YOLOX model of {INPUT[0]} x {INPUT[1]} px: it answers {shape}")
        self._grid, self._stride = _grid()

    def detect(self, frame: Frame) -> list[Box]:
        """People at score ``PERSON_SCORE`` and above, in the frame's own pixels."""
        height, width = frame.shape[:2]
        scale = min(INPUT[0] / width, INPUT[1] / height)
        rows = self._rows(_laid_in(frame, scale))
        scores = rows[:, 4] * rows[:, 5]
        sure = scores >= PERSON_SCORE
        centre = (rows[sure, :2] + self._grid[sure]) * self._stride[sure] / scale
        size = np.exp(rows[sure, 2:4]) * self._stride[sure] / scale
        corner = centre - size / 2
        boxes = [
            Box(float(x), float(y), float(w), float(h), float(score))
            for (x, y), (w, h), score in zip(corner, size, scores[sure], strict=True)
        ]
        return _apart(boxes)

    def _rows(self, laid: Frame) -> _Rows:
        self._net.setInput(cv2.dnn.blobFromImage(laid))
        return np.asarray(self._net.forward(), dtype=np.float32).reshape(-1, FIELDS)


class Heads:
    """A ``Detector`` of everybody: faces, and a head for each person whose face is not seen."""

    def __init__(self, faces: Detector, people: PersonDetector) -> None:
        self._faces = faces
        self._people = people

    def detect(self, frame: Frame) -> list[Box]:
        """Faces as they are, then the added heads."""
        faces = self._faces.detect(frame)
        return faces + heads_without_faces(self._people.detect(lit(frame)), faces)


def heads_without_faces(people: Sequence[Box], faces: Sequence[Box]) -> list[Box]:
    """A head for each person, the surest first, whose upper part holds no face that counts."""
    counted = [face for face in faces if face.score >= SCORE]
    added: list[Box] = []
    for person in sorted(people, key=lambda box: box.score, reverse=True):
        head = head_of(person)
        hidden = any(overlap(head, other) > COVERED_ABOVE for other in [*counted, *added])
        if not hidden and not any(_holds(person, face) for face in counted):
            added.append(head)
    return added


def head_of(person: Box) -> Box:
    """Where the head of a person is: at the top, in the middle. Its score counts, as the model was sure enough."""
    side = min(person.h * HEAD_SHARE, person.w)
    return Box(person.x + (person.w - side) / 2, person.y, side, side, max(SCORE, person.score))


def load_people(path: Path) -> PersonDetector:
    """Read and try the model; raises ``UnusableModel``."""
    try:
        return PersonDetector(_read(path))
    except OSError as fault:
        raise UnusableModel(f"{path}: {fault.strerror}") from fault
    except UnusableModel as fault:
        raise UnusableModel(f"{path}: {fault}") from fault


def _read(path: Path) -> bytes:
    if path.stat().st_size > MOST_BYTES:
        raise UnusableModel(f"larger than {MOST_BYTES >> 20} MB")
    return path.read_bytes()


def load_heads(path: Path | None) -> Detector:
    """The detector of a room: faces, and people too where a model for them is given; raises ``NoModel``."""
    faces = load_detector()
    if path is None:
        return faces
    try:
        return Heads(faces, load_people(path))
    except UnusableModel as fault:
        raise NoModel(str(fault)) from fault


def settings_of(path: Path | None) -> str:
    """What evidence says of the person model: the beginning of its SHA-256 and the least score."""
    if path is None:
        return ""
    try:
        return f" person={hashlib.sha256(path.read_bytes()).hexdigest()[:16]}:{PERSON_SCORE:.2f}"
    except OSError:
        return " person=none"  # nobody is counted without it


def _holds(person: Box, face: Box) -> bool:
    x, y = face.centre
    return person.x <= x <= person.x + person.w and person.y <= y <= person.y + person.h * UPPER_SHARE


def _apart(boxes: Sequence[Box]) -> list[Box]:
    """The surest box of each person (intersection over union)."""
    kept: list[Box] = []
    for box in sorted(boxes, key=lambda box: box.score, reverse=True):
        if all(_shared(box, better) <= SAME_PERSON_ABOVE for better in kept):
            kept.append(box)
    return kept


def _shared(one: Box, other: Box) -> float:
    both = overlap(one, other) * min(one.area, other.area)
    return both / max(one.area + other.area - both, 1e-9)


def _laid_in(frame: Frame, scale: float) -> Frame:
    """The frame in the upper left corner of a grey input."""
    height, width = frame.shape[:2]
    small = cv2.resize(frame, (int(width * scale), int(height * scale)), interpolation=cv2.INTER_LINEAR)
    laid = np.full((INPUT[1], INPUT[0], 3), GREY, dtype=np.uint8)
    laid[: small.shape[0], : small.shape[1]] = small
    return laid


def _grid() -> tuple[_Rows, _Rows]:
    """Of each row of the answer: its cell (x, y) and the stride of its grid."""
    cells, strides = [], []
    for stride in STRIDES:
        across, down = INPUT[0] // stride, INPUT[1] // stride
        xs, ys = np.meshgrid(np.arange(across), np.arange(down))
        cells.append(np.stack([xs.ravel(), ys.ravel()], axis=1))
        strides.append(np.full((across * down, 1), stride))
    return np.concatenate(cells).astype(np.float32), np.concatenate(strides).astype(np.float32)
