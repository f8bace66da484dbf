"""The room's camera: one owner, head counts with evidence, and nothing that names a person."""

import os

# OpenCV reads this once, when it is first imported; without it every detector prints a warning about its targets.
os.environ.setdefault("OPENCV_LOG_LEVEL", "ERROR")
