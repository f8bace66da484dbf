"""Short films of one shade and a tone, and encoders that send them: Debian's ffmpeg, as a lecturer's OBS would."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FFMPEG = ("ffmpeg", "-nostdin", "-loglevel", "error", "-y")
BASELINE = ("-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "baseline", "-g", "25")
HIGH = ("-c:v", "libx264", "-preset", "superfast", "-profile:v", "high", "-bf", "2", "-g", "25")
AAC = ("-c:a", "aac", "-ac", "2", "-ar", "44100")


def scene(brightness: int, seconds: float, size: str = "320x180") -> list[str]:
    """ffmpeg's inputs: a grey picture with a moving square, and 440 Hz."""
    shade = f"color=c=0x{brightness:02x}{brightness:02x}{brightness:02x}:s={size}:r=25:d={seconds}[a]"
    moving = f"color=c=red:s=16x16:r=25:d={seconds}[b];[a][b]overlay=x='mod(t*50\\,W)'"
    return ["-f", "lavfi", "-i", f"{shade};{moving}", "-f", "lavfi", "-i", f"sine=440:d={seconds},volume=4"]


def film(file: Path, *video: str, brightness: int = 200, seconds: float = 4, size: str = "320x180") -> Path:
    """A film as a file; ``video`` are ffmpeg's options for the picture."""
    command = [*FFMPEG, *scene(brightness, seconds, size), *(video or BASELINE), *AAC, str(file)]
    subprocess.run(command, check=True, timeout=60)
    return file


@contextmanager
def sending(
    url: str, *video: str, brightness: int = 200, form: str = "flv", size: str = "320x180"
) -> Iterator[subprocess.Popen[bytes]]:
    """ffmpeg sends a scene in real time, for at most two minutes."""
    inputs = ["-re", *scene(brightness, 120, size)]
    inputs.insert(inputs.index("-f", 2), "-re")
    command = [*FFMPEG, *inputs, *(video or BASELINE), *AAC, "-f", form, url]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with process:
        try:
            yield process
        finally:
            process.kill()
