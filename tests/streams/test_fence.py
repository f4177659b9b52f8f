"""Which records of a changelog count: those of an owner before the last one seen do not."""

from collections.abc import Iterator

import pytest

from streams.fence import Fence, follows


def read(fence: Fence, *records: tuple[int | None, bytes]) -> list[bool]:
    """By owner (None: not signed) and case, in the order of the changelog."""
    return [fence.lets_in(case, [("owner", b"%d" % owner)] if owner is not None else []) for owner, case in records]


@pytest.mark.parametrize(("records", "counted", "owed"), [
    ([(3, b"a"), (3, b"b")], [True, True], set()),
    ([(3, b"a"), (4, b"b"), (4, b"a")], [True, True, True], set()),
    ([(4, b"a"), (3, b"a")], [True, False], {b"a"}),
    ([(4, b"b"), (3, b"a"), (3, b"c")], [True, False, False], {b"a", b"c"}),
    ([(4, b"b"), (3, b"a"), (4, b"a")], [True, False, True], set()),
    ([(4, b"b"), (5, b"b"), (4, b"a"), (5, b"c")], [True, True, False, True], {b"a"}),
    ([(3, b"a"), (5, b"a"), (4, b"a")], [True, True, False], {b"a"}),
    ([(None, b"a"), (2, b"a"), (None, b"a")], [True, True, True], set()),
])  # fmt: skip
def test_what_a_sleeper_wrote_after_its_successor_s_first_word_does_not_count(
    records: list[tuple[int | None, bytes]], counted: list[bool], owed: set[bytes]
) -> None:
    fence = Fence()
    assert read(fence, *records) == counted
    assert fence.owed == owed


def test_a_store_that_is_read_again_from_an_earlier_record_loses_nothing_it_has() -> None:
    fence = Fence()
    assert read(fence, (3, b"a"), (4, b"b")) == [True, True]
    again = Fence.read(fence.row())
    assert read(again, (3, b"a"), (4, b"b")) == [False, True]
    assert again.owed == {b"a"}, "its state in the store, which is this one or a later one, is written again"


@pytest.mark.parametrize(("seen", "generation", "signs"), [(0, 1, 1), (5, 6, 6), (5, 9, 9), (57, 3, 58), (6, 6, 7)])
def test_a_new_owner_signs_above_all_before_it_also_where_the_group_counts_from_one_again(
    seen: int, generation: int, signs: int
) -> None:
    assert Fence(seen).taken(generation).headers()[0] == ("owner", b"%d" % signs)


@pytest.mark.parametrize(("seen", "one", "other"), [(7, 7, 8), (50, 3, 4)], ids=["joined again", "a group restored"])
@pytest.mark.parametrize("first", [0, 1])
def test_of_two_owners_that_came_to_the_same_number_only_the_first_counts(
    seen: int, one: int, other: int, first: int
) -> None:
    """One joined again in the same generation and slept in its first write; its successor has not seen that."""
    kept = Fence(seen, mark="before").row()
    owners = [Fence.read(kept).taken(generation) for generation in (one, other)]
    assert owners[0].owner == owners[1].owner
    reader, (early, late) = Fence.read(kept), (owners[first], owners[1 - first])
    said = [(early, b"a"), (late, b"a"), (early, b"b"), (late, b"c")]
    assert [reader.lets_in(case, owner.headers()) for owner, case in said] == [True, False, True, False]
    assert reader.owed == {b"a", b"c"}
    successor = Fence.read(reader.row()).taken(1)
    assert reader.lets_in(b"a", successor.headers())
    assert reader.owed == {b"c"}


def test_an_owner_goes_on_where_a_release_without_marks_wrote_before_it_or_comes_back() -> None:
    old, fence = [("owner", b"4")], Fence.read(b'{"owner":4,"owed":[]}')
    assert fence.lets_in(b"a", old)
    new = fence.taken(5)
    assert [fence.lets_in(b"a", signed) for signed in (new.headers(), old, [("owner", b"6")])] == [True, False, True]


def test_a_state_that_is_owed_is_owed_until_it_is_written() -> None:
    fence = Fence(4, {b"a", b"b"})
    kept = Fence.read(fence.taken(5).paid([b"a", b"x"], {}).row())
    assert (kept.owner, kept.owed) == (5, {b"b"})


@pytest.mark.parametrize(("last", "written", "so"), [
    (-1, [(0, 5)], True),
    (-1, [(3, 5)], False),
    (7, [(8, 2), (10, 1)], True),
    (7, [(9, 2)], False),
    (7, [(8, 2), (11, 1)], False),
    (7, [(6, 2)], False),
])  # fmt: skip
def test_records_of_somebody_else_are_seen_by_the_offsets_between(
    last: int, written: list[tuple[int, int]], so: bool
) -> None:
    assert follows(last, written) is so


class Log:
    """A changelog, what was told of it, and owners that a crash may stop before each of their steps."""

    def __init__(self) -> None:
        self.records: list[tuple[bytes, list[tuple[str, bytes]]]] = []
        self.told: list[bytes] = []

    def read(self) -> Fence:
        fence = Fence()
        for key, headers in self.records:
            fence.lets_in(key, headers)
        return fence

    def kept(self) -> list[bytes]:
        """The outcomes of all states that count, as somebody who knows nothing of owners finds them."""
        return [value for _, headers in self.records for name, value in headers if name == "tells"]

    def owner(self, generation: int, *writes: dict[bytes, bytes]) -> Iterator[None]:
        """Writes each case with its outcomes, those of b"" without any, and stops before whatever follows."""
        fence = self.read().taken(generation)
        for write in [{}, *writes]:
            yield
            self.records += [(key, fence.headers(told or None)) for key, told in write.items()]
            fence = fence.paid(write, {key: told for key, told in write.items() if told}) if write else fence
            yield
            self.told += [told for _, told in fence.untold]
            fence = fence.silent()


@pytest.mark.parametrize("first", range(8))
@pytest.mark.parametrize("second", range(6))
def test_whatever_is_kept_is_told_and_nothing_else_though_two_owners_crash_anywhere(first: int, second: int) -> None:
    log = Log()
    for steps, owner in (
        (first, log.owner(1, {b"a": b"1", b"b": b""}, {b"b": b"2"}, {b"c": b""})),
        (second, log.owner(2, {b"a": b""}, {b"a": b"3", b"c": b"4"})),
    ):
        for _ in zip(range(steps), owner, strict=False):
            assert set(log.told) <= set(log.kept())
    left = [told for _, told in log.read().untold]
    assert set(log.told + left) == set(log.kept())


def test_what_a_sleeper_kept_just_before_its_successor_s_first_write_is_still_told() -> None:
    log = Log()
    sleeper, successor = log.owner(1, {b"a": b"1"}), log.owner(2, {b"b": b"2"}, {b"b": b"3"})
    for owner in [sleeper] * 3 + [successor] * 3 + [sleeper, successor]:
        next(owner, None)
    assert [key for key, _ in log.records] == [b"a", b"b"], "the successor had read neither"
    assert [told for _, told in log.read().untold] == [b"1", b"2"]


@pytest.mark.parametrize(("writes", "left"), [([b"1", b"2"], [b"2"]), ([b"1", b"2", b""], [])])
def test_of_an_owner_s_writes_only_the_last_is_told_again_by_the_next(writes: list[bytes], left: list[bytes]) -> None:
    log = Log()
    assert list(log.owner(1, *({b"a": told} for told in writes)))
    assert [told for _, told in log.read().untold] == left


def test_a_late_copy_of_what_an_owner_wrote_takes_nothing_back_that_it_wrote_since() -> None:
    """Sent twice over a connection that broke: the first copy arrives after the next write."""
    reader, owner = Fence(), Fence().taken(1)
    first = owner.headers()
    second = owner.paid([b"a"], {}).headers(b"2")
    assert [reader.lets_in(b"a", headers) for headers in (first, second, first)] == [True, True, False]
    assert (reader.owed, reader.untold) == ({b"a"}, [(b"a", b"2")])
