"""`langnghe explain` reads the read model; what is restricted it does not know."""

from sqlalchemy import Engine

from cli.explaining import dossier_lines, explained
from desk.store import tables
from desk.store.rows import dossier_row, feedback_row
from streams.codec import encode_state
from tests.support.cli import at, run
from tests.support.dossiers import CODE, dossier, moment, small_rules, step
from tests.support.feedback import CASE, after, opened
from tests.support.rules import rules


def read_model(data, **rows) -> Engine:
    engine = tables.open_engine(f"sqlite:///{data / 'read-model.db'}")
    tables.ensure(engine)
    with engine.begin() as connection:
        for table, state in rows.items():
            row = dossier_row if table == "dossiers" else feedback_row
            connection.execute(getattr(tables, table).insert().values(row("", encode_state(state))))
    return engine


def test_a_dossier_is_explained_with_its_history(tmp_path):
    state = dossier(step("03-02 09:00", 4, procedure_code="9.000010"), step("03-05 10:00", 9))
    read_model(tmp_path, dossiers=state)
    status, out, _ = run(["explain", CODE, *at(tmp_path)])
    assert status == 0
    assert "Tiếp nhận lúc 09:00 thứ Hai 2/3/2026." in out
    assert "10:00 thứ Năm 5/3/2026: Đã xử lý xong (kết thúc)" in out


def test_each_transition_is_told_with_the_clock_after_it():
    lines = dossier_lines(dossier(step("03-02 09:00", 4), step("03-03 09:00", 5)), small_rules(), moment("03-03 10:00"))
    assert lines[lines.index("Diễn biến:") + 1 :] == [
        "  09:00 thứ Hai 2/3/2026: Đang xử lý (đang tính thời hạn; sau đó đang tính 1 ngày làm việc)",
        "  09:00 thứ Ba 3/3/2026: Yêu cầu bổ sung giấy tờ (tạm dừng tính thời hạn)",
        "Mốc tiếp theo: 00:00 thứ Tư 25/3/2026, đến lúc kết thúc hồ sơ vì không bổ sung (hạn thứ Ba 24/3/2026)",
    ]


def test_public_feedback_is_explained(tmp_path):
    read_model(tmp_path, feedback=after(opened()))
    status, out, _ = run(["explain", CASE, *at(tmp_path)])
    assert (status, out.startswith(f"Phản ánh {CASE}\n")) == (0, True)


def test_a_restricted_case_is_refused_in_the_words_of_an_unknown_one(tmp_path):
    read_model(tmp_path, restricted=after(opened(lane="to_cao")))
    hidden, unknown = (run(["explain", case, *at(tmp_path)]) for case in (CASE, "PA-2"))
    assert hidden[0] == unknown[0] == 1
    assert hidden[2].replace(CASE, "PA-2") == unknown[2]


def test_a_case_that_stands_in_both_lanes_is_refused(tmp_path):
    engine = read_model(tmp_path, feedback=after(opened()), restricted=after(opened(lane="to_cao")))
    with engine.connect() as connection:
        assert explained(connection, CASE, rules()) is None


def test_without_a_read_model_the_user_learns_what_to_do(tmp_path):
    status, _, error = run(["explain", CODE, *at(tmp_path)])
    assert (status, "langnghe up" in error) == (1, True)
