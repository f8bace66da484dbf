"""Published lists: the exact bytes, the centre's Ed25519 signature over them (RFC 8032), and checking both. Pure."""

from __future__ import annotations

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_CONTEXT = b"diemcau course list v1\0"


class ListRow(msgspec.Struct, frozen=True):
    """A line of a list; marks in hundredths."""

    place: int
    number: str
    name: str
    exam: int | None
    essay: int | None
    attendance: int | None
    mark: int | None
    band: str | None
    passed: bool | None
    remark: str


class CourseList(msgspec.Struct, frozen=True):
    """The results of one school in one course, as published."""

    course: str
    title: str
    site: str
    code: str
    name: str
    path: list[str]
    version: int
    at_ms: int
    bands: dict[str, str]
    rows: list[ListRow]


class SignedList(msgspec.Struct, frozen=True):
    """What stands in the file beside the PDF: ``contents`` is the JSON text that was signed, byte for byte."""

    kind: str
    contents: str
    key: bytes
    signature: bytes


class ListForged(Exception):
    """The file is no list of this centre, or not as it was published."""


KIND = "diemcau-course-list-1"


def sign(key: Ed25519PrivateKey, told: CourseList) -> tuple[bytes, bytes]:
    """The contents and their signature."""
    contents = msgspec.json.encode(told)
    return contents, key.sign(_CONTEXT + contents)


def file_of(contents: bytes, signature: bytes, public: bytes) -> bytes:
    """The file that people keep beside the PDF."""
    return msgspec.json.encode(SignedList(KIND, contents.decode(), public, signature))


def check(file: bytes, trusted: bytes | None) -> tuple[CourseList, bytes]:
    """The list in a file and the key that signed it; raises `ListForged`. ``trusted``: the centre's public key, None to
    take the one in the file, which proves only that nothing was changed after signing."""
    try:
        given = msgspec.json.decode(file, type=SignedList)
        if given.kind != KIND:
            raise ListForged("not a list of course results")
        if trusted is not None and given.key != trusted:
            raise ListForged("signed by another key than the centre's")
        contents = given.contents.encode()
        Ed25519PublicKey.from_public_bytes(given.key).verify(given.signature, _CONTEXT + contents)
        return msgspec.json.decode(contents, type=CourseList), given.key
    except InvalidSignature as fault:
        raise ListForged("the signature does not fit the contents") from fault
    except ValueError as fault:
        raise ListForged(f"unreadable: {fault}") from fault
