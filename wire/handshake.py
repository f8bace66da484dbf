"""What both ends sign before a link stands.

The site signs the centre's whole challenge together with its own hello, so neither a replayed hello nor a challenge
with fewer versions passes; the centre signs its answer over the same bytes, so it cannot be replayed either.
"""

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from wire.messages import Challenge, Hello, Welcome

_encoder = msgspec.msgpack.Encoder()


def hello_payload(challenge: Challenge, hello: Hello) -> bytes:
    """Return the bytes under `Hello.signature`."""
    unsigned = msgspec.structs.replace(hello, signature=b"")
    return b"diemcau hello v1\0" + _encoder.encode(challenge) + _encoder.encode(unsigned)


def welcome_payload(challenge: Challenge, hello: Hello, welcome: Welcome) -> bytes:
    """Return the bytes under `Welcome.signature`."""
    unsigned = msgspec.structs.replace(welcome, signature=b"")
    return b"diemcau welcome v1\0" + _encoder.encode(challenge) + _encoder.encode(hello) + _encoder.encode(unsigned)


def signed_hello(key: Ed25519PrivateKey, challenge: Challenge, hello: Hello) -> Hello:
    """Return the hello with the site's signature."""
    return msgspec.structs.replace(hello, signature=key.sign(hello_payload(challenge, hello)))


def signed_welcome(key: Ed25519PrivateKey, challenge: Challenge, hello: Hello, welcome: Welcome) -> Welcome:
    """Return the welcome with the centre's signature."""
    return msgspec.structs.replace(welcome, signature=key.sign(welcome_payload(challenge, hello, welcome)))


def hello_is_signed(public_key: bytes, challenge: Challenge, hello: Hello) -> bool:
    """Tell whether the raw Ed25519 `public_key` signed this hello to this challenge."""
    return _verifies(public_key, hello.signature, hello_payload(challenge, hello))


def welcome_is_signed(public_key: bytes, challenge: Challenge, hello: Hello, welcome: Welcome) -> bool:
    """Tell whether the raw Ed25519 `public_key` signed this welcome to this hello."""
    return _verifies(public_key, welcome.signature, welcome_payload(challenge, hello, welcome))


def _verifies(public_key: bytes, signature: bytes, payload: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, payload)
    except (InvalidSignature, ValueError):
        return False
    return True
