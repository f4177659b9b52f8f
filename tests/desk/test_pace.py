"""A runaway sender is slowed down; nobody else is."""

from desk.web.pace import Pace
from tests.support.desk import TestDesk


def test_what_is_within_the_burst_is_taken_at_once():
    pace = Pace(rate=10, burst=100)
    assert [pace.wait("a", 50, 0.0) for _ in range(3)] == [0, 0, 5]


def test_a_bucket_fills_again_with_time():
    pace = Pace(rate=10, burst=100)
    pace.wait("a", 100, 0.0)
    assert [pace.wait("a", 20, seconds) for seconds in (1.0, 2.0)] == [1, 0]


def test_a_refused_post_costs_nothing():
    pace = Pace(rate=10, burst=100)
    pace.wait("a", 100, 0.0)
    assert [pace.wait("a", 10, 0.0) for _ in range(5)] == [1] * 5
    assert pace.wait("a", 10, 1.0) == 0


def test_accounts_do_not_pay_for_each_other():
    pace = Pace(rate=10, burst=100)
    pace.wait("a", 100, 0.0)
    assert pace.wait("b", 100, 0.0) == 0


def test_a_list_larger_than_the_burst_is_taken_from_a_full_bucket():
    pace = Pace(rate=10, burst=100)
    assert [pace.wait("a", 250, seconds) for seconds in (0.0, 10.0, 25.0)] == [0, 15, 0]


async def test_too_many_posts_are_answered_with_429_and_a_time_and_send_nothing(desk: TestDesk):
    desk.desk.pace.burst = 1
    body = {"text": "Đèn đường trước nhà văn hóa thôn tắt", "channel": "hotline"}
    first, second = [await desk.ask("operator", "POST", "/api/v1/feedback", json=body) for _ in range(2)]
    assert (first.status_code, second.status_code) == (202, 429)
    assert int(second.headers["retry-after"]) >= 1
    assert "gửi quá nhanh" in second.json()["errors"][0]["message"]
    assert len(desk.outbox.sent) == 1
