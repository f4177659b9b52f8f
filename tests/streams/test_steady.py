"""The wall clock is believed only while it runs beside the monotonic one."""

from streams.steady import HOLD_SECONDS, SteadyClock

NOON = 1_790_000_000.0


def test_a_clock_that_runs_on_is_steady_from_the_start() -> None:
    clock = SteadyClock()
    assert all(clock.is_steady(NOON + second, second) for second in (0, 1, 9, 3600))


def test_a_slow_drift_is_no_jump() -> None:
    clock = SteadyClock()
    assert all(clock.is_steady(NOON + 1.5 * second, second) for second in range(100))


def test_after_a_jump_it_is_held_for_a_minute_and_a_jump_back_begins_another() -> None:
    clock = SteadyClock()
    clock.is_steady(NOON, 0)
    assert not clock.is_steady(NOON + 86_400, 1)
    assert not clock.is_steady(NOON + 86_400 + 58, 59)
    assert not clock.is_steady(NOON + 60, 60)
    assert not clock.is_steady(NOON + 60 + HOLD_SECONDS - 1, 60 + HOLD_SECONDS - 1)
    assert clock.is_steady(NOON + 60 + HOLD_SECONDS, 60 + HOLD_SECONDS)
