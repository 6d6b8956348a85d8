"""The open directory over HTTP, held against the official HSDS OpenAPI."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from pydantic import SecretStr
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance
from sqlalchemy.orm import Session

from bot.app import create_app, open_database
from bot.settings import Settings
from directory.editing import edit
from directory.exporters.hsds import term
from directory.history import sign
from directory.models import stable_uuid
from directory.seeding import seed
from tests.conftest import MONDAY, free_port
from tests.directory.strict import SCHEMAS, errors

ONE_A_PAGE = {"services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms"}
PAGE = {"total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty", "contents"}
SCHEMA_OF = {"services": "service_list", "organizations": "organization_list"}
SCHEMA_OF |= {"service_at_locations": "service_at_location_list", "taxonomies": "taxonomy"}
SCHEMA_OF |= {"taxonomy_terms": "taxonomy_term"}
CHECKS = [not_a_server_error, response_schema_conformance, content_type_conformance]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    var = tmp_path_factory.mktemp("hsds")
    secrets = {name: SecretStr("s") for name in ("engine_token", "hmac_key", "session_key")}
    chosen = Settings(var=var, database_url=f"sqlite:///{var / 'escale.db'}", engine_port=free_port(), **secrets)
    database = open_database(chosen.database)
    seed(database)
    with Session(database) as session, session.begin():
        sign(session, "Camille", datetime(2026, 11, 20, tzinfo=UTC))
        secret = {"phone_professional": "0699999999", "notes": "SECRET", "verified_by": "SECRET"}
        edit(session, "pref44", 1, {**secret, "verified_on": MONDAY.date()})
    database.dispose()
    return create_app(chosen, lambda: MONDAY)


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app) as started:
        yield started


def official() -> dict[str, Any]:
    """The official OpenAPI; its references, which are addresses of the web, lead to the schemas beside it."""
    said = json.loads((SCHEMAS / "openapi.json").read_text())
    # The official file gives the schema of a service for a service at a location.
    one = said["paths"]["/service_at_locations/{id}"]["get"]["responses"]["200"]["content"]["application/json"]
    one["schema"]["$ref"] = one["schema"]["$ref"].replace("service.json", "service_at_location.json")
    files = [*SCHEMAS.glob("*.json"), *(SCHEMAS / "compiled").glob("*_list.json")]
    schemas = {path.stem: json.loads(path.read_text()) for path in files if path.name != "openapi.json"}
    said["components"]["schemas"] |= schemas
    return local(said)  # type: ignore[no-any-return]


def local(said: Any) -> Any:
    if isinstance(said, list):
        return [local(one) for one in said]
    if not isinstance(said, dict):
        return said
    found = {name: local(value) for name, value in said.items()}
    reference = found.get("$ref")
    if isinstance(reference, str) and reference.endswith(".json"):
        found["$ref"] = "#/components/schemas/" + reference.rpartition("/")[2].removesuffix(".json")
    return found


# The app answers under /hsds what the official file describes under /.
OFFICIAL = official()
OFFICIAL["paths"] = {f"/hsds{path}": described for path, described in OFFICIAL["paths"].items()}
OPERATIONS = [(p, m) for p, described in OFFICIAL["paths"].items() for m in ("get", "post") if m in described]


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_whatever_is_asked_the_answer_is_as_the_official_contract_says(app: FastAPI, path: str, method: str) -> None:
    schema = schemathesis.openapi.from_dict(OFFICIAL)
    schema.app = app

    @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=schema[path][method.upper()].as_strategy())
    def asked(case: Any) -> None:
        case.validate_response(case.call(), checks=CHECKS)

    asked()


@pytest.mark.parametrize("path", [path for path, _ in OPERATIONS if path.endswith("{id}")])
def test_what_is_there_is_as_the_official_contract_says(app: FastAPI, client: TestClient, path: str) -> None:
    """Generated ids are never those of a record: here they are."""
    schema = schemathesis.openapi.from_dict(OFFICIAL)
    schema.app = app
    for one in client.get(path.removesuffix("/{id}"), params={"per_page": 500}).json()["contents"][::25]:
        case = schema[path]["GET"].Case(path_parameters={"id": one["id"]})
        response = case.call()
        assert response.status_code == 200
        case.validate_response(response, checks=CHECKS)


@pytest.mark.parametrize("name", sorted(ONE_A_PAGE))
def test_lists_come_in_pages_that_hold_everything_once(client: TestClient, name: str) -> None:
    seen: list[str] = []
    number, last = 0, False
    while not last:
        number += 1
        page = client.get(f"/hsds/{name}", params={"page": number, "per_page": 40}).json()
        assert set(page) == PAGE
        assert (page["page_number"], page["size"], page["first_page"]) == (number, len(page["contents"]), number == 1)
        seen += [one["id"] for one in page["contents"]]
        last = page["last_page"]
    assert len(seen) == len(set(seen)) == page["total_items"]
    assert number == page["total_pages"]


@pytest.mark.parametrize("name", sorted(ONE_A_PAGE))
def test_every_object_of_a_list_and_each_by_itself_is_strictly_valid(client: TestClient, name: str) -> None:
    contents = client.get(f"/hsds/{name}", params={"per_page": 500}).json()["contents"]
    assert contents
    for one in contents:
        assert errors(SCHEMA_OF[name], one) == []
    for one in contents[::20]:
        alone = client.get(f"/hsds/{name}/{one['id']}").json()
        assert errors(SCHEMA_OF[name].removesuffix("_list"), alone) == []


def test_full_lists_are_valid_too_and_minimal_ones_are_short(client: TestClient) -> None:
    full = client.get("/hsds/services", params={"full": True, "per_page": 20}).json()["contents"]
    assert all(errors("service", one) == [] for one in full)
    minimal = client.get("/hsds/services", params={"minimal": True}).json()["contents"][0]
    assert set(minimal) <= {"id", "name", "status", "last_modified"}


def test_filters_add_up(client: TestClient) -> None:
    def ids(**asked: Any) -> set[str]:
        return {one["id"] for one in client.get("/hsds/services", params={**asked, "per_page": 500}).json()["contents"]}

    food, words = ids(taxonomy_term_id=term("topics", "food")["id"]), ids(search="restos du coeur")
    assert len(food) > 20
    assert 0 < len(words) < 10
    assert ids(taxonomy_term_id=term("topics", "food")["id"], search="restos du coeur") == food & words
    assert ids(taxonomy_term_id="no-such") == set()
    assert ids(taxonomy_term_id=term("topics", "food")["id"], taxonomy_id=term("topics", "food")["id"]) == set()
    assert ids(modified_after="2026-11-19T00:00:00Z") < ids()
    organization = client.get("/hsds/services").json()["contents"][0]["organization"]["id"]
    assert ids(organization_id=organization)


def test_places_by_postcode_and_distance(client: TestClient) -> None:
    def count(**asked: Any) -> int:
        return int(client.get("/hsds/service_at_locations", params=asked).json()["total_items"])

    assert 0 < count(postcode="44400") < count(postcode="44400", proximity=8000) < count()


def test_lines_instead_of_pages(client: TestClient) -> None:
    said = client.get("/hsds/services", params={"format": "ndjson"})
    assert said.headers["content-type"].startswith("application/x-ndjson")
    assert len([json.loads(line) for line in said.text.splitlines()]) == 208


def test_what_did_not_change_is_not_sent_again(client: TestClient, app: FastAPI) -> None:
    first = client.get("/hsds/services")
    assert first.headers["last-modified"].endswith("GMT")
    again = client.get("/hsds/services", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/hsds/services", headers={"If-None-Match": 'W/"other"'}).status_code == 200


def test_leads_persons_and_professionals_contacts_never_leave(client: TestClient) -> None:
    said = "".join(
        client.get(f"/hsds/{name}", params={"format": "ndjson", "full": True}).text for name in sorted(ONE_A_PAGE)
    )
    for word in ("0699999999", "SECRET", "Camille", "OFII – direction territoriale", "verified_by"):
        assert word not in said


def test_what_is_not_there_is_404_and_what_cannot_be_asked_422(client: TestClient) -> None:
    for name in ONE_A_PAGE:
        assert client.get(f"/hsds/{name}/no-such").status_code == 404
    assert client.get("/hsds/services", params={"page": 0}).status_code == 422
    assert client.get("/hsds/services", params={"page": 99}).json()["empty"] is True
    assert client.delete("/hsds/services").status_code == 405


def test_the_front_page_says_version_and_where_the_description_is(client: TestClient) -> None:
    said = client.get("/hsds/").json()
    assert said["version"] == "3.1"
    assert {"profile", "openapi_url"} <= set(said)
    assert client.get("/hsds").json() == said


def test_a_lead_by_its_id_is_not_there(client: TestClient) -> None:
    assert client.get(f"/hsds/services/{stable_uuid('services', 'escale', 'ofii-nantes')}").status_code == 404
    assert client.get(f"/hsds/services/{stable_uuid('services', 'escale', 'pref44')}").status_code == 200
