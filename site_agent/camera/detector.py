"""YuNet, the face detector, through OpenCV; its model is fetched by set-up and checked by digest.

Settings measured on 18 photographs with 557 heads: score 0.60 (OpenCV's demo value 0.9 halves the recall), frames are
brought to 1920 px because faces of 8-10 px are then found at 0.89 instead of 0.62; no tiles, as they add false faces.
Model: opencv_zoo ``face_detection_yunet_2023mar`` (MIT), Wu et al., "YuNet: A Tiny Millisecond-level Face Detector".
"""

import hashlib
import os
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from site_agent.camera.boxes import Box, merge
from site_agent.camera.frames import Frame
from site_agent.camera.light import SETTINGS as LIGHT
from site_agent.camera.light import lit

MODEL_FOLDER = Path(__file__).parent / "model"
MODEL_FILE = "face_detection_yunet_2023mar.onnx"
MODEL_SHA256 = "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"

WORK_SIDE = 1920
# Faces that matter to a picture's privacy are wide: at 480 px they are found in a tenth of the time.
NEAR_SIDE = 480
SCORE = 0.60
# Faces between FAINT and SCORE are not counted; they say how sure an empty room is.
FAINT = 0.30
NMS = 0.30
TOP_K = 5000
MOST_THREADS = 2
SETTINGS = f"yunet side={WORK_SIDE} score={SCORE:.2f} nms={NMS:.2f} top={TOP_K} {LIGHT}"


class NoModel(Exception):
    """The model file is missing or is not the one that was measured."""


class Detector(Protocol):
    """Whatever finds faces in a frame."""

    def detect(self, frame: Frame) -> list[Box]:
        """Return faces down to score ``FAINT``, best first, in the frame's own pixels."""
        ...


class FaceDetector:
    """YuNet; one instance belongs to one thread."""

    def __init__(self, model: bytes, side: int = WORK_SIDE) -> None:
        self._side = side
        # Half of the cores stay with the lecture: a count may take its time, a picture on the screen may not.
        cv2.setNumThreads(max(1, min(MOST_THREADS, (os.cpu_count() or 1) // 2)))
        # From bytes, because OpenCV on Windows cannot open paths outside ASCII.
        weights = np.frombuffer(model, dtype=np.uint8)
        no_config = np.empty(0, dtype=np.uint8)
        self._yunet = cv2.FaceDetectorYN.create("onnx", weights, no_config, (side, side), FAINT, NMS, TOP_K)

    def detect(self, frame: Frame) -> list[Box]:
        """Return faces down to score ``FAINT``, best first, in the frame's own pixels."""
        return self.find(lit(frame))

    def find(self, frame: Frame) -> list[Box]:
        """The same without more light in a dim frame."""
        height, width = frame.shape[:2]
        scale = self._side / max(height, width)
        size = (round(width * scale), round(height * scale))
        self._yunet.setInputSize(size)
        # OpenCV says None, not an empty array, when it finds nothing; its type stub does not know.
        faces: object = self._yunet.detect(_resized(frame, size, scale))[1]
        if faces is None:
            return []
        # Columns: x, y, w, h, five landmarks (not wanted: they are nearer to a person than a count needs), score.
        found = (
            Box(float(x) / scale, float(y) / scale, float(w) / scale, float(h) / scale, float(score))
            for x, y, w, h, score in np.asarray(faces)[:, [0, 1, 2, 3, 14]]
        )
        return merge(found)


def load_detector(folder: Path = MODEL_FOLDER, *, side: int = WORK_SIDE) -> FaceDetector:
    """Load the model from ``folder``, to look at ``side`` px; raises ``NoModel`` when it is missing or another one."""
    try:
        model = (folder / MODEL_FILE).read_bytes()
    except OSError as fault:
        raise NoModel(f"{folder / MODEL_FILE}: {fault.strerror}") from fault
    if hashlib.sha256(model).hexdigest() != MODEL_SHA256:
        raise NoModel(f"{folder / MODEL_FILE}: unexpected digest")
    return FaceDetector(model, side)


def _resized(frame: Frame, size: tuple[int, int], scale: float) -> Frame:
    if scale == 1:
        return frame
    how = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(frame, size, interpolation=how), dtype=np.uint8)
