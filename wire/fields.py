"""Bounded types of message fields: every length and number that crosses the line is limited here, once."""

from typing import Annotated

import msgspec

I63 = 2**63 - 1
NEVER_NS = I63
"""The end of an interval of centre time of which nothing is known."""
Ns = Annotated[int, msgspec.Meta(ge=0, le=I63)]
Number = Annotated[int, msgspec.Meta(ge=0, le=I63)]
Small = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
Millis = Annotated[float, msgspec.Meta(ge=-1e13, le=1e13)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
ID = msgspec.Meta(min_length=1, max_length=40)
Id = Annotated[str, ID]
Word = Annotated[str, msgspec.Meta(max_length=40)]
Line = Annotated[str, msgspec.Meta(max_length=300)]
Paragraph = Annotated[str, msgspec.Meta(max_length=2000)]
Hash32 = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
Nonce = Annotated[bytes, msgspec.Meta(min_length=16, max_length=64)]
Signature = Annotated[bytes, msgspec.Meta(max_length=64)]
