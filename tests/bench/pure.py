"""What needs no Kafka: folding dossiers and classifying texts, on one core."""

import gc
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from casework import dossiers
from casework.rules import Rules
from cli.settings import HERE
from cli.text_commands import classified
from models.artifact import load
from models.classifier import Classifier
from streams import codec
from tests.bench.arithmetic import percentile
from tests.bench.figures import Figure, Sizes
from tests.bench.load import Dossiers, History, clean, in_order, texts
from tests.bench.machine import on_core, two_cores

BATCH = 64
EXPECTED_HISTORIES = 20_000
TURNS = 3


def folding(sizes: Sizes, rules: Rules) -> list[Figure]:
    """`casework.dossiers.apply`: whole histories at once; transitions one by one, without and with the wire.

    Python's collector of cycles is off, as it nearly is in the workers: it would walk what the benchmark keeps.
    """
    histories = Dossiers(rules).histories(sizes.folds)
    count = sum(len(history.transitions) for history in histories)
    values = [value for _, value in map(clean, in_order(histories))]
    with on_core(two_cores()[0]), _uncollected():
        at_once = len(histories) / _cpu(lambda: _fold_whole(histories, rules))
        bare = count / _cpu(lambda: _fold(histories, rules))
        whole = count / _cpu(lambda: _fold_encoded(values, rules))
    note = f"{count:,} transitions of {len(histories):,} dossiers, the best of {TURNS}"
    return [
        Figure("whole histories at once", at_once, "histories/CPU s", low=EXPECTED_HISTORIES, note=note),
        Figure("casework.dossiers.apply", bare, "transitions/CPU s", note=note),
        Figure("the same with states, events and outcomes read and written", whole, "transitions/CPU s", note=note),
    ]


def _cpu(work: Callable[[], object]) -> float:
    """Seconds of the quickest of TURNS: what the machine did beside it only adds to the others."""
    taken = []
    for _ in range(TURNS):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)


@contextmanager
def _uncollected() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _fold_whole(histories: Iterable[History], rules: Rules) -> None:
    for history in histories:
        dossiers.apply(None, history.code, history.transitions, rules)


def _fold(histories: Iterable[History], rules: Rules) -> None:
    for history in histories:
        state = None
        for step in history.transitions:
            state = dossiers.apply(state, history.code, (step,), rules).state


def _fold_encoded(values: Iterable[bytes], rules: Rules) -> None:
    states: dict[str, bytes] = {}
    for value in values:
        event = codec.decode_event(value)
        stored = states.get(event.dossier_code)
        before = codec.decode_dossier_state(stored) if stored else None
        step = dossiers.apply(before, event.dossier_code, (event.transition,), rules)
        states[event.dossier_code] = codec.encode_state(step.state)
        for outcome in step.outcomes:
            codec.encode_outcome(outcome, "dossier")


def classifying(sizes: Sizes, rules: Rules) -> list[Figure]:
    """The work of `langnghe classify` but for reading and writing lines: 64 texts as written at once, or one."""
    wanted = texts(sizes.texts)
    with on_core(two_cores()[0]):
        model = load(HERE / "build" / "model")
        _answer(model, wanted[:BATCH])
        began = time.perf_counter()
        for start in range(0, len(wanted), BATCH):
            _answer(model, wanted[start : start + BATCH])
        rate = len(wanted) / (time.perf_counter() - began)
        singles = [_timed(model, text) for text in wanted[: sizes.singles]]
    return [
        Figure(f"texts classified in batches of {BATCH}", rate, "texts/s", note=f"{len(wanted):,} texts"),
        Figure("one text, p50", percentile(singles, 0.5) * 1000, "ms"),
        Figure("one text, p99", percentile(singles, 0.99) * 1000, "ms", note=f"{len(singles):,} texts one by one"),
    ]


def _answer(model: Classifier, wanted: Sequence[str]) -> None:
    classified(model, [{"id": str(number), "text": text} for number, text in enumerate(wanted)])


def _timed(model: Classifier, text: str) -> float:
    began = time.perf_counter()
    _answer(model, [text])
    return time.perf_counter() - began
