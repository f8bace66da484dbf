"""How browsers may keep what the build made: assets bear a hash in their name and never change."""

ASSET_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
"""aiohttp's FileResponse sends `name.gz`, which the build writes beside each asset, to whoever accepts gzip: caches on
the way must keep the two apart (RFC 9110 §12.5.5)."""
