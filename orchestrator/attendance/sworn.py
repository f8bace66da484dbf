"""What of a count that came in may be believed, and what of it may be kept. Pure.

The numbers of a record are only what travelled beside the evidence: they count when they are the ones that the site's
key signed, for this roll call and with its nonce.
"""

from __future__ import annotations

import io

from PIL import Image

from orchestrator.attendance.model import Asked
from orchestrator.attendance.verify.model import Numbers, Trouble
from wire.evidence import Evidence, EvidenceRefused, evidence_digest, verify_evidence
from wire.ids import PicturePolicy, SiteId
from wire.messages import RollCallCount
from wire.rooms import BLURRED_BYTES, BLURRED_SIDE_PX


def why_not_sworn(record: RollCallCount, asked: Asked, site: SiteId, key: bytes | None) -> Trouble | None:
    """Why this is not what the site swore to; None when it is.

    ``key``: the raw public key of the computer that sent it. A picture that was sworn to and did not come is no
    contradiction: whoever verifies is told that it is missing.
    """
    try:
        sworn = verify_evidence(key or b"", record.evidence, record.signature)
    except EvidenceRefused:
        return Trouble.SIGNATURE
    if (sworn.site, sworn.roll_call, sworn.session, sworn.nonce) != (
        site,
        record.roll_call,
        asked.session,
        asked.nonce,
    ):
        return Trouble.OTHER_SITE
    if claimed(record) != sworn_numbers(sworn):
        return Trouble.CONTENT
    if record.picture is not None and evidence_digest(record.picture) != sworn.picture:
        return Trouble.PICTURE
    return None


def claimed(record: RollCallCount) -> Numbers:
    """The numbers that came beside the evidence."""
    return Numbers(
        count=record.count,
        minimum=record.minimum,
        maximum=record.maximum,
        frames_used=record.frames_used,
        quality=round(record.quality * 1000),
        reason=record.reason,
        lo_ns=record.lo_ns,
        hi_ns=record.hi_ns,
    )


def sworn_numbers(sworn: Evidence) -> Numbers:
    """The numbers that were signed."""
    return Numbers(**{name: getattr(sworn, name) for name in Numbers.__struct_fields__})


def why_not_kept(picture: bytes, policy: PicturePolicy) -> str:
    """Why a picture may not be kept under the rule of its roll call: a stable word, empty when it may.

    What a site reduces under ``BLURRED`` has few pixels and few bytes; whatever has more shows faces, or hides them.
    """
    if policy is PicturePolicy.COUNT_ONLY:
        return "count_only"
    if policy is PicturePolicy.BLURRED and not is_reduced(picture):
        return "not_blurred"
    return ""


def is_reduced(picture: bytes) -> bool:
    """Whether a picture is as small as a site makes it under ``BLURRED``."""
    if len(picture) > BLURRED_BYTES:
        return False
    try:
        # Only its head is read.
        with Image.open(io.BytesIO(picture), formats=("JPEG",)) as opened:
            return max(opened.size) <= BLURRED_SIDE_PX
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        return False
