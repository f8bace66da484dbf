"""Neither end's signature passes for anything but the bytes it was made over."""

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wire.handshake import hello_is_signed, signed_hello, signed_welcome, welcome_is_signed
from wire.ids import BootId, EnrolmentId, SiteId
from wire.messages import Challenge, Hello, Welcome

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
CHALLENGE = Challenge(nonce=b"c" * 32, centre_ns=1, versions=[1], centre_boot="boot-c")
HELLO = signed_hello(
    KEY,
    CHALLENGE,
    Hello(
        version=1,
        site=SiteId("site-1"),
        enrolment=EnrolmentId("enrolment-1"),
        boot=BootId("boot-1"),
        agent_version="1",
        platform="p",
        centre_boot="",
        received=0,
        nonce=b"s" * 32,
        signature=b"",
    ),
)
WELCOME = signed_welcome(KEY, CHALLENGE, HELLO, Welcome(centre_boot="boot-c", resumed=False, received=0, signature=b""))


def test_a_true_hello_and_welcome_pass() -> None:
    assert hello_is_signed(PUBLIC, CHALLENGE, HELLO)
    assert welcome_is_signed(PUBLIC, CHALLENGE, HELLO, WELCOME)


@pytest.mark.parametrize(
    "changes", [{"site": "site-2"}, {"boot": "boot-2"}, {"received": 1}, {"nonce": b"x" * 32}, {"version": 2}]
)
def test_a_changed_hello_does_not_pass(changes: dict[str, object]) -> None:
    assert not hello_is_signed(PUBLIC, CHALLENGE, msgspec.structs.replace(HELLO, **changes))


@pytest.mark.parametrize("changes", [{"nonce": b"d" * 32}, {"versions": [1, 0]}, {"centre_boot": "boot-d"}])
def test_a_hello_does_not_answer_another_challenge(changes: dict[str, object]) -> None:
    assert not hello_is_signed(PUBLIC, msgspec.structs.replace(CHALLENGE, **changes), HELLO)


@pytest.mark.parametrize("changes", [{"resumed": True}, {"received": 5}, {"centre_boot": "boot-d"}])
def test_a_changed_welcome_does_not_pass(changes: dict[str, object]) -> None:
    assert not welcome_is_signed(PUBLIC, CHALLENGE, HELLO, msgspec.structs.replace(WELCOME, **changes))


@pytest.mark.parametrize("key", [b"", b"short", bytes(32)])
def test_a_key_that_is_none_passes_nothing(key: bytes) -> None:
    assert not hello_is_signed(key, CHALLENGE, HELLO)
