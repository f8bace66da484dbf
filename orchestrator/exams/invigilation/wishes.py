"""What people ask the ledger for."""

from typing import Annotated, Literal

import msgspec

from wire.exam_fairness import Cause
from wire.ids import SiteId

_Minutes = Annotated[int, msgspec.Meta(ge=1, le=360)]
_Text = Annotated[str, msgspec.Meta(max_length=1000)]


class CreditWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Time from the province for one candidate, a site, a district (by its name) or everybody."""

    scope: Literal["candidate", "site", "district", "all"]
    minutes: _Minutes
    cause: Cause = Cause.OTHER
    text: _Text = ""
    site: SiteId | None = None
    candidate: Annotated[str, msgspec.Meta(min_length=1, max_length=40)] | None = None
    district: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | None = None


class Decision(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One decision about several credits; `minutes` gives another time than was proposed."""

    ids: Annotated[list[str], msgspec.Meta(min_length=1, max_length=2000)]
    decision: Literal["approved", "refused", "withdrawn"]
    reason: _Text = ""
    minutes: _Minutes | None = None
