"""A file on a stick that somebody made up is refused with its reason, whatever stands behind its seal."""

import zlib

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from wire.exam_home import Carried, CarriedRefused, carry, open_carried, read_carried, seal_carried
from wire.ids import EnrolmentId, SiteId
from wire.seal import seal_to

SIGNER, BOX = Ed25519PrivateKey.generate(), X25519PrivateKey.generate()
PUBLIC, BOX_PUBLIC = SIGNER.public_key().public_bytes_raw(), BOX.public_key().public_bytes_raw()
ENROLMENT = EnrolmentId("enrolment-1")
CARRIED = Carried(site=SiteId("site-1"), enrolment=ENROLMENT, journal="journal-1", at_ns=1, rows=[1], bodies=[b"b"])
NO_TEXT = msgspec.msgpack.encode({"site": "XX", "enrolment": "XX"}).replace(b"XX", b"\xa7\xff")
ENDLESS = b"\x81\xa4rows" + b"\x91" * 100_000
SEALED_AT = 26
"""Where the length of the seal stands; the seal comes 8 bytes later."""


def opened(blob: bytes) -> Carried:
    return read_carried(PUBLIC, open_carried(BOX.private_bytes_raw(), BOX_PUBLIC, blob))


def test_a_journal_comes_out_as_it_was_carried() -> None:
    assert opened(carry(SIGNER, BOX_PUBLIC, CARRIED)) == CARRIED


@pytest.mark.parametrize("content", [NO_TEXT, ENDLESS, b"", b"\xc1"], ids=["no text", "endless", "empty", "no msgpack"])
def test_a_content_that_cannot_be_read_is_damaged(content: bytes) -> None:
    with pytest.raises(CarriedRefused) as refused:
        opened(seal_carried(SIGNER, BOX_PUBLIC, ENROLMENT, zlib.compress(content)))
    assert refused.value.code == "damaged"


@pytest.mark.parametrize("signed", [NO_TEXT, ENDLESS], ids=["no text", "endless"])
def test_what_anybody_can_seal_to_the_centre_is_damaged_at_most(signed: bytes) -> None:
    box = seal_to(BOX_PUBLIC, signed)
    blob = carry(SIGNER, BOX_PUBLIC, CARRIED)[:SEALED_AT] + len(box).to_bytes(8, "big") + box
    with pytest.raises(CarriedRefused) as refused:
        opened(blob)
    assert refused.value.code == "damaged"
