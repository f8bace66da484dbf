"""Who may sit an exam at one site: sealed to the site's secret, readable at the site without asking the centre."""

import hashlib
import hmac
import secrets
import zlib

import msgspec

from wire.ids import ExamId
from wire.seal import SealBroken, seal, unseal
from wire.unreadable import UNREADABLE

PIN_DIGITS = 6
VOUCHER_BYTES = 16
MOST_BYTES = 16 << 20
"""Of an unpacked roster; a hundred thousand candidates need less."""


class RosterEntry(msgspec.Struct, frozen=True):
    """One candidate: roster number, name, paper code, digest of the PIN, and the 128-bit key printed as the voucher.

    `extra_s`: individual extra time in seconds.
    """

    number: str
    name: str
    code: str
    pin_digest: bytes
    voucher_key: bytes
    extra_s: int = 0


def new_pin() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"


def new_voucher() -> bytes:
    """128 random bits."""
    return secrets.token_bytes(VOUCHER_BYTES)


def pin_digest(site_secret: bytes, exam: str, number: str, pin: str) -> bytes:
    """HMAC-SHA256 (RFC 2104) under the site's secret of number | pin | exam."""
    return hmac.new(site_secret, f"{number}|{pin}|{exam}".encode(), hashlib.sha256).digest()


def pin_fits(entry: RosterEntry, site_secret: bytes, exam: str, pin: str) -> bool:
    """Whether `pin` is the entry's, compared in constant time."""
    return hmac.compare_digest(entry.pin_digest, pin_digest(site_secret, exam, entry.number, pin))


def seal_roster(site_secret: bytes, exam: ExamId, entries: list[RosterEntry]) -> bytes:
    """The roster of one site, sealed to that site's secret and bound to the exam."""
    packed = zlib.compress(msgspec.msgpack.encode(entries))  # the central desk's ten thousand must fit one message
    return seal(_roster_key(site_secret), packed, b"diemcau roster v1\0" + exam.encode())


def open_roster(site_secret: bytes, exam: ExamId, blob: bytes) -> list[RosterEntry]:
    """The opposite of `seal_roster`; raises `wire.seal.SealBroken`."""
    plain = unseal(_roster_key(site_secret), blob, b"diemcau roster v1\0" + exam.encode())
    try:
        return msgspec.msgpack.decode(_unpacked(plain), type=list[RosterEntry])
    except (zlib.error, *UNREADABLE) as fault:
        raise SealBroken(str(fault)) from fault


def _unpacked(plain: bytes) -> bytes:
    """What `seal_roster` packed; one sealed before it packed begins as a msgpack array does."""
    if plain[:1] >= b"\x90":
        return plain
    unpacking = zlib.decompressobj()
    return unpacking.decompress(plain, MOST_BYTES)


def _roster_key(site_secret: bytes) -> bytes:
    return hmac.new(site_secret, b"diemcau roster key v1", hashlib.sha256).digest()
