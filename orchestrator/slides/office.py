"""``python -m orchestrator.slides.office SOFFICE FOLDER FILE`` becomes LibreOffice, which writes FILE as PDF in FOLDER.

LibreOffice runs in a process group of its own with limits, an empty profile (in which no macro runs) and no more of the
environment than it needs. A presentation that points to pictures elsewhere is not opened: LibreOffice would fetch them.
"""

from __future__ import annotations

import os
import resource
import sys
import zipfile
from pathlib import Path

CPU_S = 240
MEMORY = 4 << 30
FILE_BYTES = 400 << 20
MOST_PARTS = 20_000
UNPACKED_BYTES = 1 << 30
EXTERNAL = 3
BROKEN = 4
_OUTWARD = b'TargetMode="External"'
_HYPERLINK = b"/hyperlink"


def main() -> None:
    """Replaces this process; ends it when the file may not be opened."""
    soffice, folder, file = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    if fault := refused(file):
        sys.exit(fault)
    os.nice(10)
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    os.chdir(folder)
    profile = (folder / "profile").absolute().as_uri()
    command = [soffice, "--headless", "--norestore", "--nolockcheck", "--nodefault", f"-env:UserInstallation={profile}"]
    environment = {"HOME": str(folder), "TMPDIR": str(folder), "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}
    os.execve(soffice, [*command, "--convert-to", "pdf", "--outdir", str(folder), str(file)], environment)


def refused(file: Path) -> int:
    """`EXTERNAL` or `BROKEN` for what must not be opened, else 0. Old binary files say nothing of themselves: 0."""
    if not zipfile.is_zipfile(file):
        return 0
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNPACKED_BYTES:
                return BROKEN
            for part in parts:
                if part.filename.endswith(".rels") and _points_outside(package.read(part)):
                    return EXTERNAL
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        return BROKEN
    return 0


def _points_outside(relations: bytes) -> bool:
    """Whether one of these relationships fetches something; a link that a person would click fetches nothing."""
    return any(_OUTWARD in each and _HYPERLINK not in each for each in relations.split(b"<Relationship "))


if __name__ == "__main__":
    main()
