"""The official HSDS schemas, strictly: no property that they do not name, at any depth."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

HERE = Path(__file__).parent / "hsds"
EXAMPLES, SCHEMAS = HERE / "examples", HERE / "schema"
_LOCAL = "urn:hsds:"


def closed(schema: Any) -> Any:
    """The same schema without room for anything else; its references made local names."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: closed(value) for name, value in schema.items() if name not in ("name", "constraints", "example")}
    found = {**found, **{name: closed(schema[name]) for name in ("name",) if isinstance(schema.get(name), dict)}}
    if isinstance(found.get("$ref"), str):
        found["$ref"] = _LOCAL + found["$ref"].rpartition("/")[2]
    if isinstance(schema.get("properties"), dict):
        found["properties"] = {name: closed(value) for name, value in schema["properties"].items()}
        found["additionalProperties"] = False
    return found


@lru_cache
def registry() -> Registry[Any]:
    found: Registry[Any] = Registry()
    for path in [*SCHEMAS.glob("*.json"), *(SCHEMAS / "compiled").glob("*_list.json")]:
        if path.name != "openapi.json":
            resource = Resource.from_contents(
                {"$schema": "https://json-schema.org/draft/2020-12/schema", **closed(json.loads(path.read_text()))}
            )
            found = found.with_resource(_LOCAL + path.name, resource)
    return found


@lru_cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"{_LOCAL}{name}.json"}, registry=registry(), format_checker=FormatChecker())


def errors(name: str, told: Any) -> list[str]:
    return [f"{'/'.join(map(str, one.path))}: {one.message[:200]}" for one in _validator(name).iter_errors(told)]
