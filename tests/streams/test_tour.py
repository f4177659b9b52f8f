"""The tour of a recovered table: every case is looked at once, stale ones are folded again, in batches, by turns."""

from datetime import UTC, datetime

import pytest

from streams.tour import BATCH, SECTION, Tour

NOW = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)


def keys(count, start=0):
    return [b"%05d" % number for number in range(start, start + count)]


def looked(*counts):
    """A tour that has looked through as many stale cases in each partition; fewer than a section each."""
    tour = Tour(range(len(counts)))
    for partition, count in enumerate(counts):
        found = keys(count)
        for start in range(0, max(count, 1), SECTION):
            part = found[start : start + SECTION]
            tour.looked(partition, part, part)
        if count % SECTION == 0 and count:
            tour.looked(partition, [], [])
    return tour


def taken(tour):
    """Batches in turn, each done before the next is taken."""
    found = []
    while batch := tour.next_batch(NOW):
        found.append(batch)
        tour.folded_again(batch[0], len(batch[1]))
    return found


def test_nothing_is_owned_before_recovery():
    tour = Tour()
    assert (tour.next_section(), tour.next_batch(NOW), len(tour)) == (None, None, 0)


def test_each_partition_is_read_section_by_section_up_to_its_end():
    tour, table, read = Tour([2, 5]), {2: keys(SECTION + 3), 5: keys(2)}, []
    while place := tour.next_section():
        partition, after = place
        section = [key for key in table[partition] if key > after][:SECTION]
        read += [(partition, key) for key in section]
        tour.looked(partition, section, [])
    assert read == [(partition, key) for partition in (2, 5) for key in table[partition]]


def test_a_partition_of_exactly_one_section_is_asked_once_more_and_then_through():
    tour = Tour([0])
    tour.looked(0, keys(SECTION), [])
    assert tour.next_section() == (0, keys(SECTION)[-1])
    tour.looked(0, [], [])
    assert tour.next_section() is None


def test_what_changes_ahead_of_the_tour_is_left_to_it_and_what_changes_behind_is_not():
    tour = Tour([0])
    tour.looked(0, keys(SECTION), [])
    behind, ahead = b"00010", b"%05d" % (SECTION + 40)
    assert not tour.comes_to(0, behind)
    assert tour.comes_to(0, ahead)
    assert tour.is_quiet(0, behind)
    assert not tour.is_quiet(0, ahead)
    tour.looked(0, [ahead], [])
    assert not tour.comes_to(0, ahead)


def test_after_the_end_a_new_case_behind_every_key_is_no_longer_the_tours():
    tour = Tour([0])
    tour.looked(0, keys(3), [])
    assert not tour.comes_to(0, b"99999")


def test_stale_cases_come_in_batches_none_lost_and_none_twice():
    tour = looked(2 * BATCH + 7)
    assert len(tour) == 2 * BATCH + 7
    batches = taken(tour)
    assert [len(found) for _, found in batches] == [BATCH, BATCH, 7]
    assert [key for _, found in batches for key in found] == keys(2 * BATCH + 7)
    assert (len(tour), tour.folded) == (0, 2 * BATCH + 7)


def test_no_second_batch_of_a_partition_is_given_before_the_first_is_done():
    tour = looked(3 * BATCH)
    assert tour.next_batch(NOW)[0] == 0
    assert tour.next_batch(NOW) is None
    tour.folded_again(0, BATCH)
    assert tour.next_batch(NOW)[0] == 0


def test_partitions_take_turns():
    assert [partition for partition, _ in taken(looked(2 * BATCH, BATCH, 2 * BATCH))] == [0, 1, 2, 0, 2]


def test_it_ends_once_with_the_last_batch_and_not_before():
    tour = looked(BATCH, BATCH)
    ended = [tour.has_ended()]
    for partition, keys in (tour.next_batch(NOW), tour.next_batch(NOW)):
        tour.folded_again(partition, len(keys))
        ended.append(tour.has_ended())
    assert [*ended, tour.has_ended()] == [False, False, True, False]


def test_where_nothing_was_stale_there_is_no_end_to_tell():
    assert not looked(0, 0).has_ended()


def test_it_remembers_when_the_first_batch_was_taken():
    tour = looked(BATCH)
    assert tour.began is None
    tour.next_batch(NOW)
    assert tour.began == NOW


def run(tour, table, rules):
    """The shell's work on plain values: `table` and `rules` by partition; what was folded again, in order."""
    folded = []
    while place := tour.next_section():
        section = [key for key in table[place[0]] if key > place[1]][:SECTION]
        stale = [key for key in section if key in rules[place[0]]]
        still_open = [key for key in stale if not key.endswith(b"x")]
        tour.looked(place[0], section, still_open, len(stale) - len(still_open))
    while True:
        if batch := tour.next_batch(NOW):
            folded += batch[1]
            rules[batch[0]] -= set(batch[1])
            tour.folded_again(batch[0], len(batch[1]))
        elif place := tour.next_closed_section():
            section = [key for key in table[place[0]] if key > place[1]][:SECTION]
            tour.looked_for_closed(place[0], section, [key for key in section if key in rules[place[0]]])
        else:
            return folded


@pytest.mark.parametrize("count", [1, SECTION - 1, SECTION, 2 * SECTION, 2 * SECTION + 30])
def test_open_cases_are_folded_before_closed_ones_and_all_of_both(count):
    table = {0: [b"%05d%s" % (number, b"x" if number % 3 else b"o") for number in range(count)], 1: [b"ax", b"bo"]}
    rules = {partition: set(found) for partition, found in table.items()}
    tour = Tour(table)
    folded = run(tour, table, rules)
    assert sorted(folded) == sorted(key for found in table.values() for key in found)
    assert [key[-1:] for key in folded] == sorted(key[-1:] for key in folded)  # open ones end in o, closed ones in x
    assert (len(tour), tour.has_ended()) == (0, True)


def test_closed_cases_that_events_folded_meanwhile_leave_nothing_behind():
    table = {0: [b"%05dx" % number for number in range(SECTION + 10)]}
    tour = Tour(table)
    while place := tour.next_section():
        section = [key for key in table[0] if key > place[1]][:SECTION]
        tour.looked(0, section, [], len(section))
    assert len(tour) == SECTION + 10
    while place := tour.next_closed_section():
        tour.looked_for_closed(0, [key for key in table[0] if key > place[1]][:SECTION], [])
    assert len(tour) == 0
