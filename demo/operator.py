"""A person at the centre, as a program: signs in and gives orders over the same HTTP that the pages use."""

from __future__ import annotations

from typing import Any

import aiohttp


class OrderRefused(Exception):
    """The centre refused: its code and sentence."""

    def __init__(self, status: int, reply: object) -> None:
        super().__init__(f"{status}: {reply}")
        self.status = status
        self.reply = reply


class Operator:
    """One signed-in person. Close the session that was given when done."""

    def __init__(self, http: aiohttp.ClientSession, centre: str) -> None:
        self.http = http
        self._centre = centre
        self._csrf = ""
        self._cookies: dict[str, str] = {}

    async def sign_in(self, username: str, password: str) -> dict[str, Any]:
        """Sign in; a one-time password must then be changed with :meth:`change_password`."""
        reply: dict[str, Any] = await self.post("/api/v1/login", {"username": username, "password": password})
        self._csrf = reply["csrf"]
        return reply

    async def change_password(self, current: str, new: str) -> None:
        await self.post("/api/v1/me/password", {"current": current, "new": new})

    async def get(self, path: str) -> Any:
        return await self._ask("GET", path)

    async def post(self, path: str, body: object = None) -> Any:
        return await self._ask("POST", path, json=body if body is not None else {})

    async def put(self, path: str, body: object) -> Any:
        return await self._ask("PUT", path, json=body)

    async def delete(self, path: str) -> Any:
        return await self._ask("DELETE", path)

    async def upload(self, path: str, content: bytes) -> Any:
        return await self._ask("POST", path, data=content)

    async def speak(
        self, method: str, path: str, headers: dict[str, str], content: bytes = b""
    ) -> tuple[int, dict[str, str], str]:
        """An exchange in whose headers the meaning lies, such as tus 1.0: status, headers, body; nothing is raised."""
        own = {"X-CSRF-Token": self._csrf, "Origin": self._centre}
        async with self.http.request(
            method, self._centre + path, headers=own | headers, cookies=self._cookies, data=content
        ) as reply:
            return reply.status, dict(reply.headers), await reply.text()

    async def download(self, path: str, method: str = "GET") -> bytes:
        headers = {"X-CSRF-Token": self._csrf, "Origin": self._centre}
        async with self.http.request(method, self._centre + path, headers=headers, cookies=self._cookies) as reply:
            if reply.status >= 400:
                raise OrderRefused(reply.status, await reply.text())
            return await reply.read()

    async def wall(self) -> aiohttp.ClientWebSocketResponse:
        """Open the wall's feed."""
        url = self._centre.replace("http", "ws", 1) + "/wall/feed"
        return await self.http.ws_connect(url, headers={"Origin": self._centre, **self._cookie_header()})

    def _cookie_header(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}

    async def _ask(self, method: str, path: str, **sent: Any) -> Any:
        headers = {"X-CSRF-Token": self._csrf, "Origin": self._centre}
        async with self.http.request(
            method, self._centre + path, headers=headers, cookies=self._cookies, **sent
        ) as reply:
            self._cookies.update({name: cookie.value for name, cookie in reply.cookies.items() if cookie.value})
            body = await reply.json(content_type=None)
            if reply.status >= 400:
                raise OrderRefused(reply.status, body)
            return body
