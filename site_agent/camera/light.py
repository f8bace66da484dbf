"""More light in a dim picture before faces are looked for. Pure.

Measured on the rooms that face the camera, dimmed with sensor noise of 5 grey levels (``python -m
tests.bench.headcount_rooms``): with the brightest 5 % at 45 of 255 the mean error falls from 15 to 7 %, at 30 from 31
to 8 %; from about 80 on a dim picture is counted as well as a bright one, and nothing is done. The gain raises the
noise with the faces, the light blur takes it back. Equalising by tiles (CLAHE) was worse than doing nothing.
"""

import cv2
import numpy as np

from site_agent.camera.frames import Frame, to_grey

DIM_BELOW = 70.0
BRIGHT = 150.0
SOFT_PX = 1.0
SETTINGS = f"dim={DIM_BELOW:.0f}:{BRIGHT:.0f}:{SOFT_PX:.1f}"


def lit(frame: Frame) -> Frame:
    """The frame as it is, or brightened when its brightest places are dim."""
    brightest = float(np.percentile(to_grey(frame), 95))
    if brightest >= DIM_BELOW:
        return frame
    bright = cv2.convertScaleAbs(frame, alpha=BRIGHT / max(brightest, 1.0))
    return np.asarray(cv2.GaussianBlur(bright, (0, 0), SOFT_PX), dtype=np.uint8)
