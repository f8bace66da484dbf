"""How an exam's secrets travel, and the order to sit the reserve paper.

A secret proves itself: the signed manifest names the SHA-256 of the release secret and of the reserve secret, so any
channel may carry them (link, static file, a voice on the telephone). Whoever holds the reserve secret orders the
reserve paper; when it opens is signed apart, so that nobody between can put it off.
"""

from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from wire.fields import ID, Ns, Signature, Word
from wire.ids import ExamId
from wire.paper import Manifest
from wire.seal import CodeTextRefused, check_release_text, release_digest, release_text
from wire.unreadable import UNREADABLE

MAX_CERTIFICATE_BYTES = 4096
_SIGNED = b"diemcau reserve v1\0"
Secret = Annotated[bytes, msgspec.Meta(max_length=64)]


class CertificateRefused(ValueError):
    """Bytes that are no certificate of this exam. The message says why."""


class ExamSwitch(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down: the reserve paper takes the place of the paper. It opens at `opens_ns`, or at T0 if that is later;
    `signature` is the exam key's over (`exam`, `opens_ns`)."""

    exam: Annotated[ExamId, ID]
    secret: Secret
    opens_ns: Ns
    signature: Signature


class ExamSwitched(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Record: the site turned to the reserve paper at `at_ns`. What it opened and closed before is kept aside; the
    `ExamOpened` and `ExamClosed` that follow are of the reserve paper."""

    exam: Annotated[ExamId, ID]
    at_ns: Ns
    by_code: bool = False


class PaperState(msgspec.Struct, frozen=True, kw_only=True):
    """One code at a site: the first 12 hex digits of its digest, and whether its bytes are there and whole."""

    code: Word
    digest: Word
    here: bool


class Certificate(msgspec.Struct, frozen=True):
    """The static file of a released exam, JSON: spelled secrets as people would read them out, so that a person who
    opens the file can. `opens_ns` and `signature` (hex) are those of `ExamSwitch`."""

    exam: ExamId
    code: str = ""
    reserve_code: str = ""
    opens_ns: int = 0
    signature: str = ""


def sign_switch(exam_key: Ed25519PrivateKey, exam: ExamId, opens_ns: int) -> bytes:
    """The signature of a switch."""
    return exam_key.sign(_switch_bytes(exam, opens_ns))


def switch_is_signed(exam_public: bytes, exam: ExamId, opens_ns: int, signature: bytes) -> bool:
    """Whether the exam key (raw 32 bytes) signed that the reserve opens at `opens_ns`."""
    try:
        Ed25519PublicKey.from_public_bytes(exam_public).verify(signature, _switch_bytes(exam, opens_ns))
    except (InvalidSignature, ValueError):
        return False
    return True


def write_certificate(exam: ExamId, secret: bytes | None, switch: ExamSwitch | None) -> bytes:
    """The static file: the release secret, the switch, or both."""
    return msgspec.json.encode(
        Certificate(
            exam,
            release_text(secret) if secret else "",
            release_text(switch.secret) if switch else "",
            switch.opens_ns if switch else 0,
            switch.signature.hex() if switch else "",
        )
    )


def read_certificate(content: bytes, manifest: Manifest) -> tuple[bytes | None, ExamSwitch | None]:
    """Release secret and switch in a static file, each checked against the manifest; raises `CertificateRefused`."""
    if len(content) > MAX_CERTIFICATE_BYTES:
        raise CertificateRefused("too_large")
    try:
        told = msgspec.json.decode(content, type=Certificate)
        secret = check_release_text(told.code) if told.code else None
        reserve = check_release_text(told.reserve_code) if told.reserve_code else None
        signature = bytes.fromhex(told.signature)
    except (CodeTextRefused, ValueError, *UNREADABLE) as fault:
        raise CertificateRefused("not_a_certificate") from fault
    if told.exam != manifest.exam:
        raise CertificateRefused("another_exam")
    if secret is not None and release_digest(secret) != manifest.release_sha256:
        raise CertificateRefused("forged")
    if reserve is None:
        return secret, None
    if release_digest(reserve) != manifest.reserve_sha256 or told.opens_ns < 0:
        raise CertificateRefused("forged")
    return secret, ExamSwitch(exam=manifest.exam, secret=reserve, opens_ns=told.opens_ns, signature=signature)


def _switch_bytes(exam: ExamId, opens_ns: int) -> bytes:
    return _SIGNED + f"{exam}|{opens_ns}".encode()
