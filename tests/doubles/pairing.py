"""A school's computer that wants to pair, and the register that it is to be found in."""

from __future__ import annotations

import base64
from typing import Any

import aiohttp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from demo.province import make_province, workbook
from tests.doubles.centre import Page

IMPORT = "/api/v1/sites/import?filename=tinh.xlsx"


class Computer:
    """A school's computer that wants to pair."""

    def __init__(self) -> None:
        self.sign, self.box = Ed25519PrivateKey.generate(), X25519PrivateKey.generate()

    async def pair(self, page: Page, code: str, /, **other: object) -> tuple[int, Any]:
        keys = (self.sign.public_key().public_bytes_raw(), self.box.public_key().public_bytes_raw())
        sign_key, box_key = (base64.b64encode(key).decode() for key in keys)
        given = {"code": code, "sign_key": sign_key, "box_key": box_key, "agent_version": "1", "platform": "test"}
        async with aiohttp.ClientSession() as http, http.post(page.base + "/api/v1/pair", json=given | other) as reply:
            return reply.status, await reply.json()


async def import_demo(page: Page, sites: int = 8, people: int = 40) -> list[Any]:
    status, reply = await page.call("POST", IMPORT, content=workbook(make_province(sites, people)))
    assert (status, reply["sites"], reply["participants"]) == (200, sites, people)
    return list((await page.call("GET", "/api/v1/sites"))[1])


async def new_code(page: Page, site: str) -> str:
    status, reply = await page.call("POST", f"/api/v1/sites/{site}/pairing-code")
    assert status == 200
    return str(reply["code"])
