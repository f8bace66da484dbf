"""The centre's own keys, made on first start and kept beside the database in files that only their owner reads.

`link` proves the centre to its sites, `exam` signs manifests (both Ed25519, RFC 8032), `box` (X25519, RFC 7748) is what
sites seal journals to that people carry: the public halves of all three are pinned at pairing. `at_rest` encrypts the
sites' secrets in the database, so that a copy of the database alone opens no paper.
"""

import os
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

KEY_BYTES = 32


class KeysBroken(Exception):
    """A key file that exists but is no key: never replaced silently, because every site pinned its public half."""


class CentreKeys(msgspec.Struct, frozen=True):
    """The private keys. Never logged, never sent."""

    link: Ed25519PrivateKey
    exam: Ed25519PrivateKey
    at_rest: bytes
    box: bytes

    def box_public(self) -> bytes:
        """Raw X25519 public key that carried journals are sealed to."""
        return X25519PrivateKey.from_private_bytes(self.box).public_key().public_bytes_raw()

    def link_public(self) -> bytes:
        """Raw Ed25519 public key that agents pin."""
        return self.link.public_key().public_bytes_raw()

    def exam_public(self) -> bytes:
        """Raw Ed25519 public key that verifies exam manifests."""
        return self.exam.public_key().public_bytes_raw()


def load_keys(storage_folder: Path) -> CentreKeys:
    """The keys in `storage_folder`/keys, made when missing. Raises `KeysBroken` and OSError."""
    folder = storage_folder / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    names = ("link.key", "exam.key", "at_rest.key", "box.key")
    link, exam, at_rest, box = (_load(folder / name) for name in names)
    signing = (Ed25519PrivateKey.from_private_bytes(link), Ed25519PrivateKey.from_private_bytes(exam))
    return CentreKeys(*signing, at_rest, box)


def _load(file: Path) -> bytes:
    if not file.exists():
        _make(file)
    key = file.read_bytes()
    if len(key) != KEY_BYTES:
        raise KeysBroken(f"{file} holds {len(key)} bytes, not {KEY_BYTES}")
    return key


def _make(file: Path) -> None:
    # Whole or not at all: written and synced beside, then linked; of two processes starting together one wins.
    beside = file.with_suffix(f".{os.getpid()}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(os.urandom(KEY_BYTES))
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(beside, file)
        except FileExistsError:
            return
        _sync_folder(file.parent)
    finally:
        beside.unlink()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
