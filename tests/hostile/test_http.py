"""Whatever is sent to the API, of any role: never a server's error, always an answer that the document tells of.

Requests are made by schemathesis from the running web's own document, with bodies that fit it and bodies that do not.
"""

import json
import urllib.error
import urllib.request

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

from tests.support.mutants import mutants, valid
from tests.support.system import System

pytestmark = [pytest.mark.kafka]

EXAMPLES = 30
RAW_BODIES = 150
ROLES = ("operator", "source", "supervisor", "inspector", "admin")
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
OPERATIONS = (
    ("POST", "/api/v1/feedback"), ("POST", "/api/v1/dossier-events"), ("GET", "/api/v1/key"),
    ("GET", "/api/v1/feedback/{feedback_id}"), ("GET", "/api/v1/dossiers/{code}"), ("GET", "/api/v1/dossiers"),
    ("POST", "/api/v1/feedback/{feedback_id}/events"), ("POST", "/api/v1/proposals"), ("POST", "/api/v1/accounts"),
)  # fmt: skip


@pytest.fixture(scope="module")
def document(system: System) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_url(f"http://127.0.0.1:{system.base}/openapi.json")


def test_every_route_of_the_contract_is_in_the_document(document) -> None:
    found = {(method.upper(), path) for path, methods in document.raw_schema["paths"].items() for method in methods}
    assert set(OPERATIONS) <= found


@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=lambda value: value)
def test_no_request_is_answered_with_a_servers_error(method: str, path: str, document, system: System) -> None:
    operation = document[path][method]
    tokens = [system.token(role) for role in ROLES]
    asked = []

    def ask(case: schemathesis.Case) -> None:
        token = tokens[len(asked) % len(tokens)]
        asked.append(case)
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS, timeout=20)

    damaged = [schemathesis.GenerationMode.NEGATIVE] if method == "POST" else []
    for mode in (schemathesis.GenerationMode.POSITIVE, *damaged):
        strategy = operation.as_strategy(generation_mode=mode)
        run = settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        run(given(case=strategy)(ask))()
    assert asked


def post_raw(system: System, path: str, body: bytes, **headers: str) -> tuple[int, bytes]:
    request = urllib.request.Request(f"http://127.0.0.1:{system.base}{path}", body, method="POST")
    for name, value in {"Authorization": f"Bearer {system.token('source')}", **headers}.items():
        request.add_header(name.replace("_", "-"), value)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as problem:
        return problem.code, problem.read()


@pytest.mark.parametrize(("path", "where"), [
    ("/api/v1/feedback", "feedback.intake"), ("/api/v1/dossier-events", "dossier.intake"),
], ids=["feedback", "dossiers"])  # fmt: skip
def test_bodies_damaged_in_bytes_are_taken_or_refused_in_vietnamese(path: str, where: str, system: System) -> None:
    statuses = set()
    for number, message in enumerate(valid()[where]):
        for body in mutants(message, RAW_BODIES, seed=number):
            status, answer = post_raw(system, path, body)
            statuses.add(status)
            assert status in (202, 207, 400, 413, 429), (status, body[:300])
            if status not in (202, 207):
                assert json.loads(answer)["errors"][0]["message"], body[:300]
    assert {202, 400} <= statuses


@pytest.mark.parametrize("headers", [
    {"Content_Length": "5"}, {"Content_Type": "text/plain; charset=utf-16"}, {"Content_Encoding": "gzip"},
    {"Idempotency_Key": "x" * 300}, {"Idempotency_Key": "\x07"}, {"Authorization": "Bearer " + "x" * 5_000},
    {"Authorization": "Basic OjE="}, {"Cookie": "langnghe_phien=" + "\xff" * 50}, {"X_Forwarded_For": "' or 1=1"},
    {"Origin": "http://[::1"}, {"Accept": "application/" + "x" * 5_000},
], ids=str)  # fmt: skip
def test_odd_headers_are_no_servers_error(headers: dict[str, str], system: System) -> None:
    status, _ = post_raw(system, "/api/v1/feedback", b'{"text":"C\xe1\xbb\x91ng","channel":"portal"}', **headers)
    assert status < 500


@pytest.mark.parametrize("path", [
    "/api/v1/dossiers/%00", "/api/v1/dossiers/" + "x" * 5_000, "/api/v1/feedback/%ff%fe", "/static/../../tokens.json",
    "/static/%2e%2e/%2e%2e/tokens.json", "/api/v1/dossiers?after=%00", "/api/v1/dossiers?agency=%27%3B--",
    "/theo-doi?trang=-1", "/bao-cao?from=9999-99-99&to=x", "/bao-cao?from=0001-01-01&to=9999-12-31",
    "/dang-nhap?tiep=//x", "/theo-doi/ho-so/%00", "/don-thu/%F0%9F%98%80",
], ids=lambda path: path[:30])  # fmt: skip
@pytest.mark.parametrize("role", [None, "supervisor", "inspector"])
def test_odd_addresses_are_no_servers_error(path: str, role: str | None, system: System) -> None:
    assert system.get(path, role).status < 500


def test_a_body_as_large_as_the_web_takes_is_taken_and_a_larger_one_refused(system: System) -> None:
    """What the web takes, Kafka takes too: else a client would be told for ever to try again."""
    whole = {"text": "ữ" * 100_000, "channel": "portal", "x": "y" * 740_000}
    assert post_raw(system, "/api/v1/feedback", json.dumps(whole, ensure_ascii=False).encode())[0] == 202
    larger = json.dumps(whole | {"z": "y" * 20_000}, ensure_ascii=False).encode()
    assert post_raw(system, "/api/v1/feedback", larger)[0] == 413
