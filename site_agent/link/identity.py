"""Who this computer is to the centre: its keys, its site, the centre's pinned keys. One file, readable by its owner."""

import os
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from wire.ids import EnrolmentId, SiteId

FILE = "identity.json"


class NotPaired(Exception):
    """This computer has no usable identity; it must be paired first."""


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What pairing left behind. Keys are raw: Ed25519 and X25519 private halves, the centre's public halves
    (`centre_box` is X25519: what a person carries is sealed to it)."""

    server: str
    site: SiteId
    site_code: str
    site_name: str
    enrolment: EnrolmentId
    sign_key: bytes
    box_key: bytes
    centre_key: bytes
    exam_key: bytes
    site_secret: bytes
    centre_box: bytes = b""

    def signer(self) -> Ed25519PrivateKey:
        """The key that signs hellos and evidence."""
        return Ed25519PrivateKey.from_private_bytes(self.sign_key)

    def box(self) -> X25519PrivateKey:
        """The key that things are sealed to."""
        return X25519PrivateKey.from_private_bytes(self.box_key)


def save(home: Path, identity: Identity) -> None:
    """Write the identity whole or not at all, mode 0600, synced; raise `OSError`."""
    home.mkdir(parents=True, exist_ok=True)
    fresh = home / (FILE + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(identity)))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(home / FILE)


def load(home: Path) -> Identity:
    """Read the identity; raise `NotPaired` when there is none or it is damaged."""
    path = home / FILE
    try:
        octets = path.read_bytes()
    except FileNotFoundError as error:
        raise NotPaired(f"{path} does not exist: pair this computer first") from error
    try:
        identity = msgspec.json.decode(octets, type=Identity)
        identity.signer()
        identity.box()
    except ValueError as error:
        raise NotPaired(f"{path} is damaged: pair this computer again") from error
    if os.name == "posix" and path.stat().st_mode & 0o077:
        path.chmod(0o600)
    return identity
