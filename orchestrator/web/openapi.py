"""OpenAPI 3.1 made from the routes themselves, so that it cannot tell another story."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from aiohttp import web

from orchestrator.web.kit import Respond, Route, Routes, json


def document(routes: Routes, version: str) -> dict[str, Any]:
    """The description of every ``/api/`` route in ``routes``."""
    described = [route for route in routes if route.path.startswith("/api/")]
    types = [kind for route in described for kind in (route.body, route.reply) if kind is not None]
    schemas, components = msgspec.json.schema_components(
        types, schema_hook=_anything, ref_template="#/components/schemas/{name}"
    )
    by_type = iter(schemas)
    paths: dict[str, dict[str, Any]] = {}
    for route in described:
        body = next(by_type) if route.body is not None else None
        reply = next(by_type) if route.reply is not None else None
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, body, reply)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Diem Cau", "version": version},
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": _COOKIE},
    }


def _anything(kind: type[object]) -> dict[str, Any]:
    if kind is not object:
        raise NotImplementedError(kind)
    return {"description": "any JSON value"}


_COOKIE = {"cookie": {"type": "apiKey", "in": "cookie", "name": "diemcau_session"}}


def _operation(route: Route, body: Any, reply: Any) -> dict[str, Any]:
    ok: dict[str, Any] = {"description": "done"}
    if reply is not None:
        ok["content"] = {"application/json": {"schema": reply}}
    operation: dict[str, Any] = {
        "summary": route.summary,
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in re.findall(r"{(\w+)}", route.path)
        ],
        "responses": {"200": ok, "default": {"description": "refused: {code, message}"}},
    }
    if body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    if route.action is not None:
        operation["security"] = [{"cookie": []}]
        operation["x-action"] = route.action
    return operation


def respond_with(routes: Routes, version: str) -> Respond:
    """A handler that serves the document."""
    made = document(routes, version)

    async def respond(_request: web.Request) -> web.StreamResponse:
        return json(made)

    return respond
