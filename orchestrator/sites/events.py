"""What sites tell the rest of the centre."""

import msgspec

from wire.ids import EnrolmentId, SiteId


class SitesImported(msgspec.Struct, frozen=True):
    """Places, sites or rosters changed; read them anew."""

    sites: int
    participants: int


class SitePaired(msgspec.Struct, frozen=True):
    """A computer was paired with a site; earlier enrolments of it no longer count."""

    site: SiteId
    enrolment: EnrolmentId
    at_ns: int


class SiteRevoked(msgspec.Struct, frozen=True):
    """These enrolments of the site no longer count: whoever holds a link of one closes it now.

    `reason` is `revoked`, or `paired_anew` when another computer took the site over.
    """

    site: SiteId
    enrolments: list[EnrolmentId]
    reason: str
    at_ns: int
