"""The generated documents are those of the code, and the messages that the code writes fit them."""

import json
import re
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatch
from importlib import import_module
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from casework import dossiers, feedback
from casework.calendar import VIETNAM
from casework.feedback import Alternative, FeedbackEvent
from casework.labels import EVENTS
from casework.outcomes import Outcome
from cli.catalogue import every_metric
from cli.docs import FLOWS, ROOT, asyncapi, generate, main
from cli.schemas import BY_STATUS, schemas
from desk import metrics as desk_metrics
from desk.web.rights import OPTIONAL, REQUIRED
from streams import codec, metrics
from streams.codec import InvalidInput, Reason, Received, Sealer, Text, Tick
from streams.codec.sealing import new_private_key, public_key
from streams.dead_letters import DeadLetters
from streams.topics import SPECS, Topics
from tests.support.feedback import opened
from tests.support.rules import rules

AT = datetime(2026, 9, 14, 8, 30, tzinfo=VIETNAM)
MADE = generate()
SCHEMAS = schemas()
BARE = {"MaHoSo": "H99.1-260914-0001", "TrangThai": 2, "ThoiDiemXuLy": "20260914083000"}


def check(name, value):
    """Raises ValidationError where a message, given as bytes or as a value, does not fit a schema."""
    found = json.loads(value) if isinstance(value, bytes) else value
    Draft202012Validator(SCHEMAS[name], format_checker=FormatChecker()).validate(found)


def fits(name, value):
    try:
        check(name, value)
    except ValidationError:
        return False
    return True


def envelope(data, type_="dossier.status_changed"):
    return {"specversion": "1.0", "id": "1", "source": "/test", "type": type_, "data": data}


@pytest.mark.parametrize("path", sorted(MADE))
def test_the_file_in_docs_is_what_the_code_makes(path):
    assert (ROOT / path).read_text(encoding="utf-8") == MADE[path], "run: python -m cli.docs"


def test_no_schema_stands_in_docs_that_the_code_no_longer_makes():
    kept = {str(path.relative_to(ROOT)) for path in (ROOT / "docs" / "schemas").iterdir()}
    assert kept == {path for path in MADE if path.startswith("docs/schemas/")}


def test_writing_twice_gives_the_same_bytes(tmp_path: Path):
    main(tmp_path)
    first = {path: (tmp_path / path).read_bytes() for path in MADE}
    main(tmp_path)
    assert {path: (tmp_path / path).read_bytes() for path in MADE} == first


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_every_schema_is_a_schema_of_draft_2020_12(name):
    Draft202012Validator.check_schema(SCHEMAS[name])


def test_every_topic_has_a_flow_and_stands_in_the_table_and_in_asyncapi():
    names = [spec.name for spec in SPECS]
    assert sorted(FLOWS) == sorted(names) == sorted(asyncapi()["channels"])
    assert all(f"| `{name}` |" in MADE["docs/topics.md"] for name in names)


def test_asyncapi_refers_only_to_what_exists():
    document = asyncapi()
    refs = set(_refs(document))
    messages = {f"#/components/messages/{name}" for name in document["components"]["messages"]}
    channels = {f"#/channels/{name}" for name in document["channels"]}
    files = {f"./schemas/{name}.json" for name in SCHEMAS}
    assert refs <= messages | channels | files


def test_every_topic_is_sent_to_and_read_by_somebody():
    operations = asyncapi()["operations"].values()
    for name in FLOWS:
        actions = {found["action"] for found in operations if found["channel"]["$ref"] == f"#/channels/{name}"}
        assert actions == {"send", "receive"}


def test_other_systems_neither_write_beyond_the_intake_nor_read_the_restricted_lane():
    senders = {name for name, flow in FLOWS.items() if "other systems" in flow.senders}
    readers = {name for name, flow in FLOWS.items() if "other systems" in flow.readers}
    assert senders == {"dossier.intake", "feedback.intake"}
    assert not any(name.startswith("restricted") for name in readers)


def test_every_metric_of_every_process_is_documented_with_its_meaning():
    for spec in (*metrics.CATALOGUE, *metrics.LAG_CATALOGUE, *desk_metrics.CATALOGUE):
        assert f"| `{spec.name}` |" in MADE["docs/metrics.md"]
        assert spec.meaning in MADE["docs/metrics.md"]


ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
NAMED = {"topic": r"(dossier|feedback|restricted|dead)\.", "metric": "langnghe_", "function": r"casework\."}


def names(page: str, kind: str) -> set[str]:
    """What a page names in backticks: topics, `restricted.*` for all of a family, metrics, functions of `casework`."""
    return {name for name in re.findall(r"`([\w.*]+)`", page) if re.match(NAMED[kind], name)}


def strange(page: str) -> set[str]:
    """Of these names those that nothing has."""
    topics = {name for name in names(page, "topic") if not any(fnmatch(spec.name, name) for spec in SPECS)}
    told = names(page, "metric") - {metric.name for metric in every_metric()}
    split = {name: name.rpartition(".") for name in names(page, "function")}
    return topics | told | {name for name, (module, _, own) in split.items() if not hasattr(import_module(module), own)}


def test_the_page_of_the_architecture_names_topics_metrics_and_functions_that_exist():
    assert strange(ARCHITECTURE) == set()
    assert all(names(ARCHITECTURE, kind) for kind in NAMED)


def test_a_name_that_nothing_has_is_found_in_a_page():
    page = "`dossier.states` `dossier.nothing` `restricted.*` `langnghe_nothing_total` `casework.dossiers.apply`"
    assert strange(f"{page} `casework.dossiers.nothing`") == {
        "dossier.nothing", "langnghe_nothing_total", "casework.dossiers.nothing",
    }  # fmt: skip


@pytest.mark.parametrize("data", [
    BARE,
    {"dossier_code": "X", "status": "10", "occurred_at": "2026-09-14T08:30:00+07:00", "due_at": "14/9/2026"},
    {**BARE, "NgayHenTra": 20260921, "KenhThucHien": 1, "MaTTHC": "1.004194", "ChuHoSo": "chủ hồ sơ"},
    {"MaHoSo": "X", "TrangThaiHoSo": 5, "DanhSachHoSoBoSung": [{"NgayBoSung": "20260914083000"}]},
])  # fmt: skip
def test_what_the_parser_of_dossiers_takes_fits_the_schema_bare_and_in_an_envelope(data):
    codec.parse_status_changed(data)
    check("dossier.status_changed.bare", data)
    check("dossier.status_changed", envelope(data))
    check("dossier.status_changed.clean", codec.encode_event(codec.admit(json.dumps(data).encode())))


@pytest.mark.parametrize("data", [
    {}, {"MaHoSo": "X"}, {"MaHoSo": "X", "TrangThai": 2}, {**BARE, "TrangThai": 0}, {**BARE, "TrangThai": 11},
    {**BARE, "TrangThai": "mới"}, {**BARE, "TrangThai": None}, {**BARE, "NgayHenTra": {}},
])  # fmt: skip
def test_what_the_schema_of_dossiers_refuses_the_parser_refuses_too(data):
    assert not fits("dossier.status_changed.bare", data)
    with pytest.raises(InvalidInput):
        codec.parse_status_changed(data)


@pytest.mark.parametrize(("status", "field"), [(1, 0), (2, 1), (4, 1), (3, 2), (9, 3), (10, 4), (5, 5)])
def test_each_national_moment_that_the_schema_names_is_one_that_the_parser_reads(status, field):
    name = BY_STATUS[field]
    value = [{"NgayBoSung": "20260914083000"}] if name == "DanhSachHoSoBoSung" else "20260914083000"
    assert codec.parse_status_changed({"MaHoSo": "X", "TrangThai": status, name: value})[1].at == AT


RECEIVED = [
    ({"text": "đèn đường tắt", "channel": "hotline"}, True),
    ({"text": "đèn đường tắt", "channel": "app", "feedback_id": "PA-1.a_b", "latitude": 10, "anonymous": True}, True),
    ({"text": "a", "channel": "zalo", "received_at": "14/9/2026", "reporter": {"name": "người gửi"}}, True),
    ({"text": "a", "channel": "zalo", "reporter": {"key_id": "k", "sealed": "c2VhbA=="}, "attachments": ["x"]}, True),
    ({"text": "a", "channel": "portal", "agency": "", "area": None}, True),
    ({"text": "a"}, False),
    ({"channel": "hotline"}, False),
    ({"text": " ", "channel": "hotline"}, False),
    ({"text": "a" * 100_001, "channel": "hotline"}, False),
    ({"text": "a", "channel": "fax"}, False),
    ({"text": "a", "channel": "app", "feedback_id": "có dấu"}, False),
    ({"text": "a", "channel": "app", "latitude": 91}, False),
    ({"text": "a", "channel": "app", "reporter": "tên"}, False),
    ({"text": "a", "channel": "app", "attachments": [1]}, False),
]  # fmt: skip


@pytest.mark.parametrize(("data", "good"), RECEIVED)
def test_schema_and_parser_of_feedback_take_and_refuse_the_same(data, good):
    assert fits("feedback.received", envelope(data, "feedback.received")) is good
    if good:
        received = codec.parse_received(data)
        check("feedback.received", codec.encode_received(received, id="1", source="/test", at=AT))
    else:
        with pytest.raises(InvalidInput):
            codec.parse_received(data)


@pytest.mark.parametrize("type_", sorted(EVENTS))
def test_each_event_of_feedback_fits_its_schema_and_may_carry_no_text(type_):
    values = {"until": AT, "accepted_at": AT}
    names = (*REQUIRED.get(type_, ()), *OPTIONAL.get(type_, ()))
    event = FeedbackEvent(id="1", type=type_, at=AT, by="operator:1", **{name: values.get(name, "x") for name in names})
    message = json.loads(codec.encode_feedback_event("PA-1", event, "/test"))
    check(f"feedback.{type_}", message)
    assert not fits(f"feedback.{type_}", {**message, "data": {**message["data"], "text": "lời người dân"}})


def test_an_opened_event_as_the_classifier_writes_it_fits():
    full = opened(place=(10.778, 106.695), confidence=0.9, abstained=False, model_version="1", area="Phường 1",
                  alternatives=(Alternative("land", 0.9), Alternative("other", 0.1)))  # fmt: skip
    check("feedback.opened", codec.encode_feedback_event("PA-1", full, "/test"))


def test_states_texts_outcomes_and_ticks_fit_their_schemas():
    _, arrival = codec.parse_status_changed({**BARE, "NgayHenTra": "20260921"})
    dossier = dossiers.apply(None, BARE["MaHoSo"], [arrival], rules()).state
    case = feedback.apply(None, "PA-1", [opened()], rules()).state
    alerted = feedback.tick(case, case.watch[0].alert_id)
    check("dossier.state", codec.encode_state(dossier))
    check("feedback.state", codec.encode_state(alerted.state))
    check("feedback.outcome", codec.encode_outcome(alerted.outcomes[0], "feedback"))
    dates = {"from_": "2026-09-14", "to": "2026-09-15"}
    moved = Outcome(id="1", outcome="recalculated", case_id="X", at=AT, source="/test", **dates)
    check("dossier.outcome", codec.encode_outcome(moved, "dossier"))
    check("tick", codec.encode_tick(Tick("X:2026-09-21:overdue", AT)))
    sealed = Sealer(public_key(new_private_key())).seal(b"x")
    text = Text(feedback_id="PA-1", event_id="1", text="đèn đường tắt", at=AT, sealed=sealed,
                reasons=(Reason("đèn đường", 0, 9, 1.5),))  # fmt: skip
    check("text", codec.encode_text(text))


def test_headers_of_a_dead_letter_fit():
    class Refused:
        topic, partition, offset, key, value = "dossier.intake", 3, 41, None, b"?"

    letters = DeadLetters(Topics(), Sealer(public_key(new_private_key())))
    with pytest.raises(InvalidInput) as refused:
        codec.admit(Refused.value)
    send = letters.letter(Refused, refused.value, AT)
    check("dead-letter.headers", {name: value.decode() for name, value in send.headers})


def test_the_heartbeat_and_a_received_message_with_all_fields_fit():
    received = Received(text="a", channel="portal", feedback_id="HB-2026091408", received_at=AT.astimezone(UTC),
                        agency="LG.HCC", area="a", latitude=10.0, longitude=106.0, address="a", reporter={"name": "a"},
                        anonymous=True, attachments=("a",), external_id="1")  # fmt: skip
    check("feedback.received", codec.encode_received(received, id="1", source="/test", at=AT + timedelta(1)))


def _refs(value):
    if isinstance(value, dict):
        yield from (ref for key, ref in value.items() if key == "$ref")
        for inner in value.values():
            yield from _refs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _refs(inner)
