"""What a centre of a test does without: processes that only wait. Who tests what they are for asks for them."""

from types import MappingProxyType

LEAN = MappingProxyType({"DIEMCAU_MEDIA__SPARES": "false"})
"""For the environment of a centre."""
FULL = MappingProxyType({"DIEMCAU_MEDIA__SPARES": "true"})
