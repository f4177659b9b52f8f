"""JSON lines come and go in batches: full ones when much has come, small ones when the input is slow."""

import io

from cli.lines import batches


class Slow:
    """A stream that hands over one piece at a time, as a pipe does."""

    def __init__(self, *pieces):
        self.pieces = list(pieces)

    def read1(self, size):
        return self.pieces.pop(0) if self.pieces else b""


def test_a_line_that_has_come_whole_does_not_wait_for_the_next():
    stream = Slow(b"one\ntw", b"o\n")
    found = batches(stream)
    assert next(found) == [b"one"]
    assert stream.pieces == [b"o\n"]
    assert list(found) == [[b"two"]]


def test_many_lines_are_cut_into_batches_in_order():
    found = list(batches(io.BytesIO(b"".join(b"%d\n" % n for n in range(150))), 64))
    assert [len(batch) for batch in found] == [64, 64, 22]
    assert [line for batch in found for line in batch] == [b"%d" % n for n in range(150)]


def test_an_empty_input_has_no_batches():
    assert list(batches(io.BytesIO(b""))) == []
