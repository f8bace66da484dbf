"""How a page proves who speaks, over plain HTTP where browsers offer no cryptography of their own.

A printed voucher carries a 128-bit key. The page proves that it holds the key without sending it, both ends derive a
session key, and each message carries an HMAC-SHA256 (RFC 2104) over what it says, so that a listener on the school's
Wi-Fi can neither answer for a colleague nor repeat a message with another meaning. A session that began with number
and PIN gets a random key in the clear: its messages bear the same mark, its assurance is the lower one.
"""

import hashlib
import hmac

_DOMAIN = "diemcau exam v1"


def voucher_name(voucher_key: bytes) -> str:
    """The public name of a voucher, 16 hex characters: says which roster entry is meant, tells nothing of the key."""
    return _mark(voucher_key, "name")[:16]


def voucher_proof(voucher_key: bytes, exam: str, desk_nonce: str, page_nonce: str) -> str:
    """What the page sends to sign in; bound to this connection's nonce, so that it is worth nothing on another."""
    return _mark(voucher_key, "proof", exam, desk_nonce, page_nonce)


def voucher_session_key(voucher_key: bytes, desk_nonce: str, page_nonce: str) -> str:
    """The key of a session begun by voucher, 64 hex characters; never sent."""
    return _mark(voucher_key, "session", desk_nonce, page_nonce)


def resume_proof(session_key: str, session: str, desk_nonce: str) -> str:
    """What the page sends to go on with a session after a break or a reload."""
    return _mark(bytes.fromhex(session_key), "resume", session, desk_nonce)


def resumed_session_key(session_key: str, session: str) -> str:
    """The key of the session that follows on a resumed one; `session` is the new one's id. Never sent."""
    return _mark(bytes.fromhex(session_key), "next", session)


def message_mark(session_key: str, kind: str, session: str, client_seq: int, item: str = "", option: str = "") -> str:
    """The mark of one message: kind, session, its counter, and for an answer the item and the option."""
    return _mark(bytes.fromhex(session_key), kind, session, str(client_seq), item, option)


def same(one: str, other: str) -> bool:
    """Compare two marks in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


def _mark(key: bytes, *parts: str) -> str:
    return hmac.new(key, "|".join((_DOMAIN, *parts)).encode(), hashlib.sha256).hexdigest()
