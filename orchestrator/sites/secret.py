"""A site's secret: 32 random bytes made at import, at rest only under the centre's own key."""

import secrets

from wire.ids import SiteId
from wire.seal import seal, unseal

SECRET_BYTES = 32


def new_sealed_secret(at_rest: bytes, site: SiteId) -> bytes:
    """A fresh secret for `site` as the database keeps it."""
    return seal(at_rest, secrets.token_bytes(SECRET_BYTES), _context(site))


def open_secret(at_rest: bytes, site: SiteId, sealed: bytes) -> bytes:
    """The secret itself. Raises `SealBroken` for another key, or a row that was copied from another site."""
    return unseal(at_rest, sealed, _context(site))


def _context(site: SiteId) -> bytes:
    return b"diemcau site secret v1\0" + site.encode()
