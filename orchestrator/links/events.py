"""What links tell the others on the Bus."""

import msgspec

from wire.ids import EnrolmentId, SiteId


class SiteLinked(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """A site's link stands. Not `resumed`: push again whatever the site should know."""

    site: SiteId
    enrolment: EnrolmentId
    resumed: bool


class SiteUnlinked(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """A site's link is gone. `reason` is a stable word: `lost`, `silent`, `not_reading`, `replaced`, `revoked`, …"""

    site: SiteId
    reason: str


class SecondBootRefused(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Another start of the agent called while the site's link was alive: two computers, or two agents, for one site."""

    site: SiteId
    enrolment: EnrolmentId


class RecordConflict(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """A number of a stream came again with other content; the first one stays. Somebody must look."""

    site: SiteId
    stream: str
    sequence: int


class RecordSetAside(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """A record could not be applied; it is kept with its reason and the stream goes on."""

    site: SiteId
    stream: str
    sequence: int
    reason: str


class RecordsMissing(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """The site no longer has the records `first`…`last`, and the centre never kept them."""

    site: SiteId
    stream: str
    first: int
    last: int
