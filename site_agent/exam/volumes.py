"""Which other volumes this computer has: where the second copy goes, and where a stick is to carry the journal."""

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

WHERE = ("/media/", "/run/media/", "/mnt/")
"""Where Linux mounts what people plug in."""
_REAL = frozenset({"ext2", "ext3", "ext4", "vfat", "exfat", "ntfs", "ntfs3", "fuseblk", "btrfs", "xfs", "f2fs", "udf"})
_REMOVABLE, _FIXED = 2, 3


def other_volumes(home: Path) -> list[Path]:
    """Roots of the writable volumes that `home` is not on, removable ones first where the system says so."""
    if sys.platform == "win32":
        return _windows_volumes(home)
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return mounted(mounts, home, _device)


def mounted(mounts: Iterable[str], home: Path, device: Callable[[Path], int | None]) -> list[Path]:
    """Of the lines of /proc/mounts, the mount points that can take a copy. `device`: number of the volume of a path."""
    here = device(home)
    found = []
    for line in mounts:
        words = line.split()
        if len(words) < 4 or words[2] not in _REAL or "ro" in words[3].split(","):
            continue
        root = words[1].encode().decode("unicode_escape")
        place = Path(root)
        if f"{root}/".startswith(WHERE) and device(place) not in (None, here) and os.access(place, os.W_OK):
            found.append(place)
    return found


def second_folder(configured: str, home: Path, name: str) -> Path | None:
    """Where the second copy goes: the configured folder if it is there, `off` for nowhere, else another volume."""
    if configured == "off":
        return None
    if configured:
        # A folder that does not exist may be a volume that is not plugged in: it must not be made on the first one.
        return Path(configured) if Path(configured).is_dir() else None
    volumes = other_volumes(home)
    return volumes[0] / name if volumes else None


def _device(path: Path) -> int | None:
    try:
        return path.stat().st_dev
    except OSError:
        return None


if sys.platform == "win32":
    import ctypes

    def _windows_volumes(home: Path) -> list[Path]:
        kinds = {}
        for letter in "DEFGHIJKLMNOPQRSTUVWXYZABC":
            root = Path(f"{letter}:\\")
            if root.drive != home.resolve().drive and root.exists() and os.access(root, os.W_OK):
                kinds[root] = int(ctypes.windll.kernel32.GetDriveTypeW(str(root)))
        return [root for wanted in (_REMOVABLE, _FIXED) for root, kind in kinds.items() if kind == wanted]
