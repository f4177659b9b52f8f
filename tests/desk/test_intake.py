"""POST /api/v1/feedback and /api/v1/dossier-events: the contract of design.md."""

import base64
from datetime import timedelta
from typing import Any

import httpx
import pytest

from desk.web.watching import Limited
from tests.support.desk import TOKENS, TOPICS, TestDesk, envelope

FEEDBACK = {"text": "Đèn đường hỏng từ tuần trước", "channel": "hotline"}
NATIONAL = {
    "MaHoSo": "H99.11-260901-0001",
    "TrangThai": "2",
    "ThoiDiemXuLy": "20260901083000",
    "ChuHoSo": "người nộp",
    "SoDienThoai": "0900 000 001",
}


async def test_feedback_is_answered_with_its_id_once_kafka_has_it(desk: TestDesk) -> None:
    answer = await desk.ask("operator", "POST", "/api/v1/feedback", json=FEEDBACK)
    (message,) = desk.outbox.on(TOPICS.feedback_intake)
    sent = envelope(message)
    assert answer.status_code == 202
    assert sent["type"] == "feedback.received"
    assert sent["data"]["feedback_id"] == answer.json()["feedback_id"]
    assert sent["data"]["text"] == FEEDBACK["text"]


async def test_a_list_is_answered_line_by_line_and_its_good_items_are_sent(desk: TestDesk) -> None:
    answer = await desk.ask("source", "POST", "/api/v1/feedback", json=[FEEDBACK, {"channel": "hotline"}, 3])
    assert answer.status_code == 207
    assert [line["status"] for line in answer.json()] == [202, 400, 400]
    assert answer.json()[1]["errors"][0]["field"] == "text"
    assert len(desk.outbox.sent) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param({"channel": "hotline"}, "text", id="no text"),
        pytest.param({"text": "   ", "channel": "hotline"}, "text", id="an empty text"),
        pytest.param({"text": "Đường ngập"}, "channel", id="no channel"),
        pytest.param({"text": "Đường ngập", "channel": "fax"}, "channel", id="an unknown channel"),
        pytest.param(FEEDBACK | {"latitude": 200}, "latitude", id="a place off the map"),
        pytest.param(FEEDBACK | {"received_at": "30/2/2026"}, "received_at", id="a day that does not exist"),
        pytest.param(FEEDBACK | {"feedback_id": "mã có dấu"}, "feedback_id", id="an id with marks"),
        pytest.param(FEEDBACK | {"feedback_id": "HB-2026091412"}, "feedback_id", id="an id of the heartbeat"),
        pytest.param("chuỗi", "$", id="not an object"),
    ],
)
async def test_what_is_wrong_is_named_with_its_field_and_nothing_is_sent(desk: TestDesk, body: Any, field: str) -> None:
    answer = await desk.ask("operator", "POST", "/api/v1/feedback", json=body)
    errors = answer.json()["errors"]
    assert answer.status_code == 400
    assert field in [error["field"] for error in errors]
    assert all(error["message"] for error in errors)
    assert desk.outbox.sent == []


async def test_all_errors_of_one_item_come_together(desk: TestDesk) -> None:
    answer = await desk.ask("operator", "POST", "/api/v1/feedback", json={"latitude": "x"})
    assert {error["field"] for error in answer.json()["errors"]} == {"text", "channel", "latitude"}


async def test_bytes_that_are_not_json_are_refused(desk: TestDesk) -> None:
    answer = await desk.ask("operator", "POST", "/api/v1/feedback", content=b"\xff{")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "$"


async def test_a_body_that_nfc_makes_too_large_for_kafka_is_413(desk: TestDesk) -> None:
    """U+1D160 is four bytes as sent and twelve in NFC."""
    grown = b'{"text":"a","channel":"hotline","x":"' + "\U0001d160".encode() * 250_000 + b'"}'
    answer = await desk.ask("operator", "POST", "/api/v1/feedback", content=grown)
    assert answer.status_code == 413
    assert desk.outbox.sent == []


async def test_bodies_that_together_hold_too_much_are_503_and_leave_nothing_behind(desk: TestDesk) -> None:
    limited = Limited(desk.app, limit=1 << 20, together=100)
    transport = httpx.ASGITransport(app=limited)
    headers = {"Authorization": f"Bearer {TOKENS['operator']}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://desk", headers=headers) as client:
        for _ in range(3):
            large = await client.post("/api/v1/feedback", content=b"x" * 200)
            assert (large.status_code, large.headers["retry-after"]) == (503, "5")
            assert large.json()["errors"][0]["message"]
        assert (await client.post("/api/v1/feedback", json=FEEDBACK)).status_code == 202


async def test_a_body_above_the_limit_is_413(desk: TestDesk) -> None:
    big = FEEDBACK | {"text": "a" * (1 << 20)}
    answer = await desk.ask("operator", "POST", "/api/v1/feedback", json=big)
    assert answer.status_code == 413
    assert answer.json()["errors"][0]["message"]


async def test_without_kafka_the_answer_is_503_with_a_time_to_come_back(desk: TestDesk) -> None:
    desk.outbox.down = True
    answer = await desk.ask("operator", "POST", "/api/v1/feedback", json=FEEDBACK)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


async def test_the_same_key_gets_the_same_answer_and_sends_once(desk: TestDesk) -> None:
    key = {"Idempotency-Key": "k1"}
    first = await desk.ask("operator", "POST", "/api/v1/feedback", json=FEEDBACK, headers=key)
    second = await desk.ask("operator", "POST", "/api/v1/feedback", json=FEEDBACK, headers=key)
    assert first.json() == second.json()
    assert len(desk.outbox.sent) == 1


async def test_a_retry_after_503_under_the_same_key_sends_the_same_event(desk: TestDesk) -> None:
    key = {"Idempotency-Key": "k1"}
    desk.outbox.down = True
    await desk.ask("operator", "POST", "/api/v1/feedback", json=FEEDBACK, headers=key)
    desk.outbox.down = False
    first = await desk.ask("operator", "POST", "/api/v1/feedback", json=FEEDBACK, headers=key)
    other = TestDesk.again(desk)
    second = await other.ask("operator", "POST", "/api/v1/feedback", json=FEEDBACK, headers=key)
    other.close()
    assert first.status_code == 202
    assert first.json() == second.json()


async def test_another_body_under_the_same_key_is_409(desk: TestDesk) -> None:
    key = {"Idempotency-Key": "k1"}
    await desk.ask("operator", "POST", "/api/v1/feedback", json=FEEDBACK, headers=key)
    answer = await desk.ask("operator", "POST", "/api/v1/feedback", json=FEEDBACK | {"area": "x"}, headers=key)
    assert answer.status_code == 409
    assert len(desk.outbox.sent) == 1


async def test_a_key_that_was_forgotten_after_days_gives_another_item_an_id_of_its_own(desk: TestDesk) -> None:
    key = {"Idempotency-Key": "batch-0001"}
    ids = []
    for said in ("Cống tắc", "Dây điện đứt"):
        body = {"text": said, "channel": "portal"}
        ids.append((await desk.ask("source", "POST", "/api/v1/feedback", json=body, headers=key)).json()["feedback_id"])
        desk.now += timedelta(days=8)
    assert ids[0] != ids[1]


async def test_a_dossier_code_of_the_heartbeat_is_refused(desk: TestDesk) -> None:
    answer = await desk.ask("source", "POST", "/api/v1/dossier-events", json=NATIONAL | {"MaHoSo": "HB-260914-0001"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "dossier_code")
    assert desk.outbox.sent == []


async def test_keys_of_two_accounts_do_not_meet(desk: TestDesk) -> None:
    key = {"Idempotency-Key": "k1"}
    first = await desk.ask("operator", "POST", "/api/v1/feedback", json=FEEDBACK, headers=key)
    second = await desk.ask("source", "POST", "/api/v1/feedback", json=FEEDBACK, headers=key)
    assert first.json() != second.json()


async def test_a_national_payload_is_taken_without_its_personal_fields(desk: TestDesk) -> None:
    answer = await desk.ask("source", "POST", "/api/v1/dossier-events", json=NATIONAL)
    (message,) = desk.outbox.on(TOPICS.dossier_intake)
    assert answer.status_code == 202
    assert answer.json() == {"dossier_code": "H99.11-260901-0001"}
    assert envelope(message)["data"].keys() == {"MaHoSo", "TrangThai", "ThoiDiemXuLy"}


async def test_a_dossier_event_without_a_code_or_status_is_refused(desk: TestDesk) -> None:
    answer = await desk.ask("source", "POST", "/api/v1/dossier-events", json={"status": 11})
    assert answer.status_code == 400
    assert {"dossier_code", "status"} <= {error["field"] for error in answer.json()["errors"]}


async def test_the_public_key_is_for_everybody(desk: TestDesk) -> None:
    answer = await desk.ask(None, "GET", "/api/v1/key")
    assert base64.b64decode(answer.json()["public_key"]) == desk.settings.sealer.public_key
    assert answer.json()["key_id"] == desk.settings.sealer.key_id


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (None, "/api/v1/feedback", 401),
        ("handler", "/api/v1/feedback", 403),
        ("wall", "/api/v1/feedback", 403),
        ("operator", "/api/v1/dossier-events", 403),
        ("handler", "/api/v1/proposals", 403),
    ],
)
async def test_who_may_not_post_is_told_so(desk: TestDesk, role: str | None, path: str, status: int) -> None:
    answer = await desk.ask(role, "POST", path, json=FEEDBACK)
    assert answer.status_code == status
    assert answer.json()["errors"][0]["field"] == "$"


async def test_without_a_model_a_proposal_is_503_with_a_sentence(desk: TestDesk) -> None:
    answer = await desk.ask("operator", "POST", "/api/v1/proposals", json={"text": "Rác không được thu gom"})
    assert answer.status_code == 503
    assert "langnghe train" in answer.json()["errors"][0]["message"]


async def test_posts_are_counted_by_their_result(desk: TestDesk) -> None:
    await desk.ask("operator", "POST", "/api/v1/feedback", json=FEEDBACK)
    await desk.ask("operator", "POST", "/api/v1/feedback", json={})
    registry = desk.desk.metrics.registry
    for result in ("accepted", "refused"):
        labels = {"kind": "feedback", "result": result}
        assert registry.get_sample_value("langnghe_web_posts_total", labels) == 1
