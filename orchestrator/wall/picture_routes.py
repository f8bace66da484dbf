"""HTTP of the rooms' pictures: a page says what it looks at, and fetches what it does not have."""

from __future__ import annotations

from typing import Annotated

import msgspec
from aiohttp import hdrs, web

from orchestrator.errors import Refused
from orchestrator.wall.looks import MOST_SITES
from orchestrator.wall.pictures import Pictures, Sight, tag
from orchestrator.web.kit import Routes, body, get, json, post, who
from wire.fields import ID
from wire.ids import SiteId

SEE = "wall.pictures"
POLICY, TAKEN = "X-Diemcau-Policy", "X-Diemcau-Taken-Ms"


class LookBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`look` is the page's own random word for its look; the rooms are those on its screen, none: it looks away."""

    look: Annotated[str, msgspec.Meta(min_length=8, max_length=64)]
    sites: Annotated[list[Annotated[SiteId, ID]], msgspec.Meta(max_length=MOST_SITES)]


def routes(pictures: Pictures) -> Routes:
    """What people may ask."""

    async def look(request: web.Request) -> web.StreamResponse:
        given, username = await body(request, LookBody), who(request).username
        if not given.sites:
            pictures.look_away(given.look, username)
            return json([])
        return json(await pictures.look(given.look, username, given.sites))

    async def picture(request: web.Request) -> web.StreamResponse:
        site = SiteId(request.match_info["site"])
        kept = pictures.picture(request.query.get("look", ""), who(request).username, site)
        if kept is None:
            raise Refused("no_picture", "Không có hình của phòng này. / No picture of this room.", 404)
        # Nobody on the way, and no disk, keeps a picture of a room: the page asks with the tag that it remembers.
        headers = {
            hdrs.ETAG: f'"{tag(kept)}"',
            hdrs.CACHE_CONTROL: "no-store",
            POLICY: kept.thumbnail.policy,
            TAKEN: str(kept.thumbnail.at_ns // 1_000_000),
        }
        if request.headers.get(hdrs.IF_NONE_MATCH) == headers[hdrs.ETAG]:
            return web.Response(status=304, headers=headers)
        return web.Response(body=kept.thumbnail.jpeg, content_type="image/jpeg", headers=headers)

    return [
        post(
            "/api/v1/wall/look",
            look,
            action=SEE,
            summary="look at rooms' pictures; repeated while looking",
            body=LookBody,
            reply=list[Sight],
        ),
        get("/api/v1/wall/pictures/{site}", picture, action=SEE, summary="a room's newest low-rate picture"),
    ]
