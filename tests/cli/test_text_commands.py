"""`langnghe classify`, `train`, `evaluate`: the contract of the command line."""

import json
import unicodedata

import pytest

from casework.labels import DOMAINS, KINDS, LANES, URGENCIES
from tests.support.cli import at, run

FIELDS = {"id", "domain", "confidence", "alternatives", "abstained", "missing", "kind", "lane", "urgency", "text",
          "reasons", "model_version"}  # fmt: skip
LAMP = "Đèn đường ở ngõ 12 phường Bến Lam hỏng một tuần nay, gọi 0900 000 012"


def classify(model_file, *lines):
    status, out, _ = run(["classify"], "\n".join(lines) + "\n", LANGNGHE_MODEL=str(model_file))
    return status, [json.loads(line) for line in out.splitlines()]


def line(id_, text):
    return json.dumps({"id": id_, "text": text})


def test_each_text_is_answered_in_order_with_just_the_fields_of_the_contract(model_file):
    status, answers = classify(model_file, line("b", LAMP), line("a", "khoi bui tu lo gach"), line(3, "Xin cảm ơn"))
    assert status == 0
    assert [answer["id"] for answer in answers] == ["b", "a", 3]
    assert all(set(answer) == FIELDS for answer in answers)
    assert all(answer["domain"] in DOMAINS and answer["kind"] in KINDS for answer in answers)
    assert all(answer["lane"] in LANES and answer["urgency"] in URGENCIES for answer in answers)


def test_the_first_of_three_alternatives_is_the_domain(model_file):
    _, (answer,) = classify(model_file, line("a", LAMP))
    assert len(answer["alternatives"]) == 3
    assert answer["alternatives"][0] == {"domain": answer["domain"], "confidence": answer["confidence"]}


def test_the_text_is_redacted_and_reasons_are_spans_of_its_code_points(model_file):
    _, (answer,) = classify(model_file, line("a", unicodedata.normalize("NFD", LAMP)))
    assert "0900" not in answer["text"]
    assert unicodedata.is_normalized("NFC", answer["text"])
    assert answer["reasons"]
    assert all(answer["text"][reason["start"] : reason["end"]] == reason["text"] for reason in answer["reasons"])


def test_a_text_of_nothing_is_answered_with_what_would_have_helped(model_file):
    status, (answer,) = classify(model_file, line("a", "!!! ???"))
    assert (status, answer["abstained"]) == (0, True)
    assert answer["missing"]


@pytest.mark.parametrize(
    ("bad", "id_"),
    [
        pytest.param("{", None, id="not JSON"),
        pytest.param('"text"', None, id="not an object"),
        pytest.param('{"text":"không có mã"}', None, id="no id"),
        pytest.param('{"id":{},"text":"mã là đối tượng"}', None, id="an id that is no id"),
        pytest.param('{"id":"x"}', "x", id="no text"),
        pytest.param('{"id":"x","text":["a"]}', "x", id="text is a list"),
        pytest.param(line("x", "a" * 100_001), "x", id="longer than any citizen writes"),
        pytest.param('{"id":"x","text":"\\ud800"}', None, id="half a character"),
    ],
)
def test_a_bad_line_gets_an_error_in_its_place_and_status_one(model_file, bad, id_):
    status, (before, error, after) = classify(model_file, line("1", LAMP), bad, line("2", LAMP))
    assert status == 1
    assert (before["id"], after["id"]) == ("1", "2")
    assert error["id"] == id_
    assert set(error) == {"id", "error"}


def test_more_lines_than_a_batch_holds_keep_their_order(model_file):
    _, answers = classify(model_file, *(line(n, f"ổ gà trên đường số {n}") for n in range(150)))
    assert [answer["id"] for answer in answers] == list(range(150))


def test_nothing_in_is_nothing_out(model_file):
    assert run(["classify"], "", LANGNGHE_MODEL=str(model_file))[:2] == (0, "")


def test_a_model_of_another_make_is_refused_with_the_way_out(tmp_path):
    (tmp_path / "model").write_bytes(b"no model")
    status, out, error = run(["classify"], line("a", LAMP), LANGNGHE_MODEL=str(tmp_path / "model"))
    assert (status, out) == (1, "")
    assert "langnghe train --force" in error


def test_evaluate_measures_on_a_file(model_file, tmp_path):
    file = tmp_path / "rows.jsonl"
    file.write_text(json.dumps({"id": "1", "text": LAMP, "domain": "urban_infra"}) + "\n")
    status, out, _ = run(["evaluate", str(file)], LANGNGHE_MODEL=str(model_file))
    assert status == 0
    assert "Lĩnh vực, đúng ngay" in out


def test_evaluate_can_sit_the_exam(model_file):
    status, out, _ = run(["evaluate", "--exam"], LANGNGHE_MODEL=str(model_file))
    assert status == 0
    assert "/480)" in out.splitlines()[0]


@pytest.mark.parametrize("content", ["{", '{"id":"1","text":"thiếu nhãn"}', "[]"])
def test_evaluate_refuses_a_file_without_labels(model_file, tmp_path, content):
    file = tmp_path / "rows.jsonl"
    file.write_text(content)
    status, _, error = run(["evaluate", str(file), *at(tmp_path)], LANGNGHE_MODEL=str(model_file))
    assert status == 1
    assert "rows.jsonl" in error
