"""A page that sends a file by tus 1.0, one step at a time."""

from __future__ import annotations

import base64

import msgspec

from demo.operator import Operator

TUS = {"Tus-Resumable": "1.0.0"}


class TusRefused(Exception):
    """The centre refused: status and body."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(f"{status}: {body}")
        self.status = status


class TusUpload(msgspec.Struct):
    """An upload that has begun at ``place``."""

    who: Operator
    place: str

    @property
    def id(self) -> str:
        return self.place.rpartition("/")[2]

    async def offset(self) -> int:
        """Bytes that are there."""
        _, headers, _ = await self.who.speak("HEAD", self.place, TUS)
        return int(headers["Upload-Offset"])

    async def piece(self, offset: int, content: bytes) -> int:
        """Send more; the status."""
        told = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        return (await self.who.speak("PATCH", self.place, TUS | told, content))[0]


async def begin_upload(who: Operator, path: str, name: str, size: int) -> TusUpload:
    """Announce a file. Raises :class:`TusRefused`."""
    told = {"Upload-Length": str(size), "Upload-Metadata": f"filename {base64.b64encode(name.encode()).decode()}"}
    status, headers, body = await who.speak("POST", path, TUS | told)
    if status != 201:
        raise TusRefused(status, body)
    return TusUpload(who, headers["Location"])
