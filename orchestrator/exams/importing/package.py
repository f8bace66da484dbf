"""A zip package from a stranger: parts are read by name, one budget bounds all that is unpacked.

`zipfile` never yields more than a part's declared size and checks its CRC; what it does not bound is bounded here.
Nothing is ever written to disk, so names that climb out of a folder can do no harm.
"""

import io
import zipfile
import zlib

MOST_BYTES = 8 << 20
MOST_PARTS = 2000
MOST_PART = 24 << 20
MOST_UNPACKED = 48 << 20
"""Bytes unpacked over the life of one package."""
MOST_RATIO = 300
"""Unpacked to packed; deflate cannot do more than 1,032, and XML of questions does 5 to 60."""
_SMALL = 256 << 10
"""Parts below this many bytes are not judged by their ratio: a short file of one repeated tag is no bomb."""
_ENTRY = b"PK\x01\x02"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class UnreadableFile(ValueError):
    """A file that is damaged, too large, unsafe, or not what it seems. The message is a Vietnamese sentence."""


class Package:
    """The parts of a zip file in memory. Raises `UnreadableFile` for a file that is unsafe or broken."""

    def __init__(self, content: bytes) -> None:
        if len(content) > MOST_BYTES:
            raise UnreadableFile(f"Tệp lớn hơn {MOST_BYTES >> 20} MiB.")
        # Counted before zipfile builds an object for each: 8 MiB can hold 180,000 entries.
        if content.count(_ENTRY) > 2 * MOST_PARTS:
            raise UnreadableFile("Tệp nén có quá nhiều phần.")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, UnicodeDecodeError) as fault:
            raise UnreadableFile("Tệp nén bị hỏng.") from fault
        parts = self._zip.infolist()
        if len(parts) > MOST_PARTS:
            raise UnreadableFile("Tệp nén có quá nhiều phần.")
        self._parts = {part.filename: part for part in parts if not part.is_dir()}
        if len(self._parts) != sum(not part.is_dir() for part in parts):
            raise UnreadableFile("Tệp nén có hai phần trùng tên.")
        self._left = MOST_UNPACKED

    @property
    def names(self) -> list[str]:
        """The names of all parts, in the file's order."""
        return list(self._parts)

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def read(self, name: str) -> bytes:
        """One part, unpacked."""
        part = self._parts.get(name)
        if part is None:
            raise UnreadableFile(f"Tệp nén thiếu phần {name[:80]!r}.")
        self._allow(part)
        self._left -= part.file_size
        try:
            return self._zip.read(part)
        except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, OSError, EOFError) as f:
            raise UnreadableFile(f"Phần {name[:80]!r} của tệp nén bị hỏng.") from f

    def _allow(self, part: zipfile.ZipInfo) -> None:
        if part.flag_bits & 0x1:
            raise UnreadableFile("Tệp có mật khẩu: hãy bỏ mật khẩu rồi nhập lại.")
        if part.compress_type not in _METHODS:
            raise UnreadableFile("Tệp nén theo kiểu không được nhận.")
        too_dense = part.file_size > _SMALL and part.file_size > MOST_RATIO * max(1, part.compress_size)
        if part.file_size > min(MOST_PART, self._left) or too_dense:
            raise UnreadableFile("Tệp giải nén ra quá lớn.")
