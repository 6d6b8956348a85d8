"""The open directory: Open Referral HSDS 3.1, read-only, under ``/hsds``. Only what is published and public."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.web.errors import UnknownRecord
from directory import open_data
from directory.exporters import hsds
from directory.exporters.hsds_whole import Whole
from directory.history import last_change
from directory.open_data import Asked, Page

Clock = Callable[[], datetime]
PROFILE = "https://docs.openreferral.org/en/3.1/hsds/overview.html"
_MOST = 500
# HSDS offers its lists by POST too, so that a search need not stand in the log of a proxy.
BOTH = ["GET", "POST"]


@dataclass(frozen=True)
class Params:
    """What every list understands; conditions add up."""

    search: str = ""
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1
    per_page: Annotated[int, Query(ge=1, le=_MOST)] = 50
    format: Annotated[str, Query(pattern="^(json|ndjson)$")] = "json"
    taxonomy_term_id: str = ""
    taxonomy_id: str = ""
    organization_id: str = ""
    modified_after: datetime | None = None
    minimal: bool = False
    full: bool = False
    postcode: str = ""
    proximity: Annotated[int | None, Query(ge=0)] = None

    @property
    def asked(self) -> Asked:
        changed = self.modified_after
        utc = changed.astimezone(UTC).replace(tzinfo=None) if changed and changed.tzinfo else changed
        words = {"search": self.search, "taxonomy_term": self.taxonomy_term_id, "taxonomy": self.taxonomy_id}
        where = {"organization": self.organization_id, "postcode": self.postcode, "metres": self.proximity}
        return Asked(**words, **where, modified_after=utc)  # type: ignore[arg-type]


Lists = Annotated[Params, Depends()]


def open_directory(database: Engine, public_url: str, clock: Clock) -> APIRouter:
    router = APIRouter(prefix="/hsds", tags=["HSDS"])

    def answered(request: Request, told: Callable[[Session, Whole], Any]) -> Response:
        """As it is now, or 304 when the reader has it already."""
        with Session(database) as session:
            stamp = _stamp(session, clock())
            if _is_known(request, stamp):
                return Response(status_code=304, headers=stamp)
            body = told(session, Whole(session, clock()))
        return Response(json.dumps(body, ensure_ascii=False), media_type="application/json", headers=stamp)

    def listed(request: Request, params: Params, page: Callable[[Session, Whole], Page]) -> Response:
        if params.format == "ndjson":
            return StreamingResponse(_lines(database, clock, page), media_type="application/x-ndjson")
        return answered(request, lambda session, whole: page(session, whole).told(params.page, params.per_page))

    @router.get("", include_in_schema=False)
    @router.get("/")
    def about() -> dict[str, Any]:
        openapi = f"{public_url}/api/openapi.json"
        publisher = {"name": "Escale", "website": public_url}
        return {"version": hsds.VERSION, "profile": PROFILE, "openapi_url": openapi, "publisher": publisher}

    @router.api_route("/services", methods=BOTH)
    def services(request: Request, params: Lists) -> Response:
        return listed(
            request, params, lambda session, whole: open_data.services(session, whole, params.asked, _shape(params))
        )

    @router.get("/services/{id}")
    def service(request: Request, id: str) -> Response:
        return answered(request, lambda session, whole: _one(open_data.service(session, whole, id)))

    @router.api_route("/organizations", methods=BOTH)
    def organizations(request: Request, params: Lists) -> Response:
        return listed(
            request, params, lambda session, whole: open_data.organizations(session, whole, params.asked, params.full)
        )

    @router.get("/organizations/{id}")
    def organization(request: Request, id: str) -> Response:
        return answered(request, lambda session, whole: _one(open_data.organization(session, whole, id)))

    @router.api_route("/service_at_locations", methods=BOTH)
    def service_at_locations(request: Request, params: Lists) -> Response:
        return listed(
            request, params, lambda session, whole: open_data.at_locations(session, whole, params.asked, params.full)
        )

    @router.get("/service_at_locations/{id}")
    def service_at_location(request: Request, id: str) -> Response:
        return answered(request, lambda session, whole: _one(open_data.at_location(session, whole, id)))

    _taxonomies(router, listed, answered)
    return router


def _taxonomies(router: APIRouter, listed: Callable[..., Response], answered: Callable[..., Response]) -> None:
    @router.api_route("/taxonomies", methods=BOTH)
    def taxonomies(request: Request, params: Lists) -> Response:
        return listed(request, params, lambda session, whole: open_data.taxonomies(params.search))

    @router.get("/taxonomies/{id}")
    def taxonomy(request: Request, id: str) -> Response:
        return answered(request, lambda session, whole: _one(open_data.taxonomies("").with_id(id)))

    @router.api_route("/taxonomy_terms", methods=BOTH)
    def taxonomy_terms(request: Request, params: Lists, top_only: bool = False, parent_id: str = "") -> Response:
        return listed(
            request, params, lambda session, whole: open_data.terms(params.search, params.taxonomy_id, parent_id)
        )

    @router.get("/taxonomy_terms/{id}")
    def taxonomy_term(request: Request, id: str) -> Response:
        return answered(request, lambda session, whole: _one(open_data.terms("", "", "").with_id(id)))


def _shape(params: Params) -> open_data.Shape:
    return "minimal" if params.minimal else "full" if params.full else "basic"


def _one(found: Any) -> Any:
    if found is None:
        raise UnknownRecord
    return found


def _lines(database: Engine, clock: Clock, page: Callable[[Session, Whole], Page]) -> Iterator[str]:
    """All of it, a line each, without pages."""
    with Session(database) as session:
        for one in page(session, Whole(session, clock())).each():
            yield json.dumps(one, ensure_ascii=False) + "\n"


def _stamp(session: Session, now: datetime) -> dict[str, str]:
    """The directory's revision and the day: a temporary closure begins without anybody changing anything."""
    revision, changed = last_change(session)
    mark = hashlib.sha256(f"{revision} {now.date()}".encode()).hexdigest()[:20]
    # The revision stands for all of the directory, so the same mark serves every address.
    told = {"ETag": f'W/"{mark}"', "Cache-Control": "public, max-age=60"}
    return {**told, "Last-Modified": format_datetime(changed.replace(tzinfo=UTC), usegmt=True)} if changed else told


def _is_known(request: Request, stamp: dict[str, str]) -> bool:
    marks = request.headers.get("if-none-match")
    if marks:
        return stamp["ETag"] in [mark.strip() for mark in marks.split(",")] or marks.strip() == "*"
    return False
