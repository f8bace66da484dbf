"""Small files that outlive the program: written whole or not at all, and synced."""

import os
from pathlib import Path


def keep(path: Path, octets: bytes) -> None:
    """Replace the file by ``octets``, durable on return; raises ``OSError`` and leaves the older file then."""
    fresh = path.with_name(path.name + ".new")
    with fresh.open("wb") as file:
        file.write(octets)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
