"""What readiness tells the others."""

from __future__ import annotations

import msgspec

from wire.ids import RehearsalId, SiteId


class CertificateTaken(msgspec.Struct, frozen=True):
    """A certificate of this site is stored."""

    site: SiteId


class ReadinessRuled(msgspec.Struct, frozen=True):
    """A rule or a waiver changed; `site` None: of all."""

    site: SiteId | None


class RehearsalChanged(msgspec.Struct, frozen=True):
    """A rehearsal was planned, begun, moved or called off."""

    rehearsal: RehearsalId
    stage: str
