"""Builds the rooms' low-rate pictures for the wall."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from orchestrator.app.ground import Ground
from orchestrator.app.lives import Life
from orchestrator.wall.picture_routes import routes
from orchestrator.wall.pictures import Pictures, Rule
from orchestrator.web.kit import Routes
from wire.rooms import Thumbnail


class PictureParts(msgspec.Struct, frozen=True):
    """Lives to keep going, by name, and routes to serve."""

    lives: Mapping[str, Life]
    routes: Routes


def build_pictures(ground: Ground, rule: Rule) -> PictureParts:
    """All parts, connected; nothing runs yet."""
    links = ground.links
    pictures = Pictures(ground.database, ground.clock, ground.live.bus, ground.audit, links.send, links.linked, rule)
    links.on(Thumbnail, pictures.on_thumbnail)
    return PictureParts(lives={"room_pictures": pictures.run}, routes=routes(pictures))
