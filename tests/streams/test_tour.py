"""The tour of a recovered table: every case is looked at once, stale ones are folded again, in batches, by turns."""

from datetime import UTC, datetime

import pytest

from streams.tour import BATCH, SECTION, Tour

NOW = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)


def keys(count, start=0):
    return [b"%05d" % number for number in range(start, start + count)]


def looked(*counts):
    """A tour that has looked through as many stale open cases in each partition."""
    tour = Tour(range(len(counts)))
    for partition, count in enumerate(counts):
        found = keys(count)
        for start in range(0, count + 1, SECTION):
            part = found[start : start + SECTION]
            tour.looked(partition, part, stale=len(part))
    return tour


def taken(tour, *counts):
    """Readings in turn, each done before the next: partition and keys, of tables of as many stale open cases."""
    found = []
    while reading := tour.next_reading(NOW):
        part = [key for key in keys(counts[reading.partition]) if key > reading.behind][:BATCH]
        found.append((reading.partition, part))
        tour.read(reading, part, len(part))
    return found


def test_nothing_is_owned_before_recovery():
    tour = Tour()
    assert (tour.next_section(), tour.next_reading(NOW), len(tour)) == (None, None, 0)


def test_each_partition_is_read_section_by_section_up_to_its_end():
    tour, table, read = Tour([2, 5]), {2: keys(SECTION + 3), 5: keys(2)}, []
    while place := tour.next_section():
        partition, after = place
        section = [key for key in table[partition] if key > after][:SECTION]
        read += [(partition, key) for key in section]
        tour.looked(partition, section)
    assert read == [(partition, key) for partition in (2, 5) for key in table[partition]]


def test_a_partition_of_exactly_one_section_is_asked_once_more_and_then_through():
    tour = Tour([0])
    tour.looked(0, keys(SECTION))
    assert tour.next_section() == (0, keys(SECTION)[-1])
    tour.looked(0, [])
    assert tour.next_section() is None


def test_what_changes_ahead_of_the_tour_is_left_to_it_and_what_changes_behind_is_not():
    tour = Tour([0])
    tour.looked(0, keys(SECTION))
    behind, ahead = b"00010", b"%05d" % (SECTION + 40)
    assert not tour.comes_to(0, behind)
    assert tour.comes_to(0, ahead)
    assert tour.is_quiet(0, behind)
    assert not tour.is_quiet(0, ahead)
    tour.looked(0, [ahead])
    assert not tour.comes_to(0, ahead)


def test_after_the_end_a_new_case_behind_every_key_is_no_longer_the_tours():
    tour = Tour([0])
    tour.looked(0, keys(3))
    assert not tour.comes_to(0, b"99999")


def test_stale_cases_come_in_batches_none_lost_and_none_twice():
    tour = looked(2 * BATCH + 7)
    assert len(tour) == 2 * BATCH + 7
    batches = taken(tour, 2 * BATCH + 7)
    assert [len(found) for _, found in batches] == [BATCH, BATCH, 7]
    assert [key for _, found in batches for key in found] == keys(2 * BATCH + 7)
    assert (len(tour), tour.folded) == (0, 2 * BATCH + 7)


def test_no_second_batch_of_a_partition_is_given_before_the_first_is_done():
    tour = looked(3 * BATCH)
    first = tour.next_reading(NOW)
    assert first == (0, b"", False)
    assert tour.next_reading(NOW) is None
    tour.read(first, keys(BATCH), BATCH)
    assert tour.next_reading(NOW) == (0, keys(BATCH)[-1], False)


def test_moments_are_still_being_found_until_every_partition_with_cases_of_other_rules_was_looked_through():
    tour = Tour([0, 1])
    assert not tour.moving, "as far as is known all stand under the rules in force"
    tour.looked(0, keys(SECTION), stale=1)
    assert tour.moving
    tour.looked(0, [])
    assert tour.moving
    tour.looked(1, keys(3))
    assert not tour.moving


@pytest.mark.parametrize(("stale", "closed"), [(0, 0), (0, 3)])
def test_nothing_has_moved_where_no_open_case_stands_under_other_rules(stale, closed):
    tour = Tour([0])
    tour.looked(0, keys(SECTION), stale=stale, closed=closed)
    assert not tour.moving


def test_nothing_is_folded_before_all_was_looked_through():
    tour = Tour([0, 1])
    tour.looked(0, keys(3), stale=3)
    assert tour.next_reading(NOW) is None
    tour.looked(1, [])
    assert tour.next_reading(NOW) == (0, b"", False)


def test_partitions_take_turns():
    counts = (2 * BATCH - 1, BATCH - 1, 2 * BATCH - 1)
    assert [partition for partition, _ in taken(looked(*counts), *counts)] == [0, 1, 2, 0, 2]


def test_it_ends_once_with_the_last_batch_and_not_before():
    tour = looked(BATCH - 1, BATCH - 1)
    ended = [tour.has_ended()]
    for reading in (tour.next_reading(NOW), tour.next_reading(NOW)):
        tour.read(reading, keys(BATCH - 1), BATCH - 1)
        ended.append(tour.has_ended())
    assert [*ended, tour.has_ended()] == [False, False, True, False]


def test_where_nothing_was_stale_there_is_no_end_to_tell():
    assert not looked(0, 0).has_ended()


def test_it_remembers_when_the_first_batch_was_taken():
    tour = looked(BATCH)
    assert tour.began is None
    tour.next_reading(NOW)
    assert tour.began == NOW


def run(tour, table, rules):
    """The shell's work on plain values: `table` and `rules` by partition; what was folded again, in order."""
    folded = []
    while place := tour.next_section():
        section = [key for key in table[place[0]] if key > place[1]][:SECTION]
        stale = [key.endswith(b"x") for key in section if key in rules[place[0]]]
        tour.looked(place[0], section, stale=stale.count(False), closed=stale.count(True))
    while reading := tour.next_reading(NOW):
        rows = [key for key in table[reading.partition] if key > reading.behind][:BATCH]
        mine = [key for key in rows if key in rules[reading.partition] and key.endswith(b"x") == reading.closed]
        folded += mine
        rules[reading.partition] -= set(mine)
        tour.read(reading, rows, len(mine))
    return folded


@pytest.mark.parametrize("count", [1, BATCH - 1, BATCH, 2 * BATCH, 2 * BATCH + 30])
def test_open_cases_are_folded_before_closed_ones_and_all_of_both(count):
    table = {0: [b"%05d%s" % (number, b"x" if number % 3 else b"o") for number in range(count)], 1: [b"ax", b"bo"]}
    rules = {partition: set(found) for partition, found in table.items()}
    tour = Tour(table)
    folded = run(tour, table, rules)
    assert sorted(folded) == sorted(key for found in table.values() for key in found)
    assert [key[-1:] for key in folded] == sorted(key[-1:] for key in folded)  # open ones end in o, closed ones in x
    assert (len(tour), tour.has_ended()) == (0, True)


@pytest.mark.parametrize("end", ["o", "x"])
def test_cases_that_events_folded_meanwhile_leave_nothing_behind(end):
    table = {0: [b"%05d%s" % (number, end.encode()) for number in range(BATCH + 10)]}
    tour = Tour(table)
    tour.looked(0, [], stale=BATCH + 10) if end == "o" else tour.looked(0, [], closed=BATCH + 10)
    assert len(tour) == BATCH + 10
    assert run(tour, table, {0: set()}) == []
    assert len(tour) == 0
