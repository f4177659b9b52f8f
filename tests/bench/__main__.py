"""`python -m tests.bench`: measures on this machine, with a real Kafka and real processes."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from casework.calendar import VIETNAM
from casework.rules import Rules
from cli.rules import load_rules
from tests.bench import following, pure, report
from tests.bench.figures import FULL, QUICK, Figure, Sizes
from tests.bench.machine import description, load
from tests.bench.recalculate import recalculate
from tests.bench.whole import PARTS as WHOLE
from tests.bench.whole import whole

Measure = Callable[[Path, Sizes, Rules], list[Figure]]
SINGLE: dict[str, Measure] = {
    "folding": lambda _, sizes, rules: pure.folding(sizes, rules),
    "classifying": lambda _, sizes, rules: pure.classifying(sizes, rules),
    "drain": following.drain,
    "stock": following.stock,
    "admit": following.admit,
    "recalculate": recalculate,
}
ALL = (*SINGLE, *WHOLE)


def main(arguments: Sequence[str]) -> int:
    """Exit status 0 when every expectation is met, else 1."""
    options = _parser().parse_args(arguments)
    sizes, results = (QUICK, report.QUICK_RESULTS) if options.quick else (FULL, report.RESULTS)
    met = True
    machine = description()
    with tempfile.TemporaryDirectory(prefix="langnghe-bench-") as directory:
        for name, figures, before in _measured(options.only or ALL, Path(directory), sizes):
            sys.stdout.write(f"{name} (load {before:.1f})\n{report.as_text(figures)}\n")
            sys.stdout.flush()
            met = met and all(figure.met is not False for figure in figures)
            found = report.part(machine, figures, before, sizes, datetime.now(VIETNAM))
            kept = report.keep(results, {name: found})
            if not options.quick:
                report.DOCUMENT.write_text(report.document(kept))
    return 0 if met else 1


def _measured(wanted: Sequence[str], data: Path, sizes: Sizes) -> Iterator[tuple[str, list[Figure], float]]:
    rules = load_rules()
    for name, measure in SINGLE.items():
        if name in wanted:
            before = load()
            yield name, measure(data / name, sizes, rules), before
    if set(WHOLE) & set(wanted):
        before = load()
        for name, figures in whole(data, sizes, wanted).items():
            yield name, figures, before


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", type=_names, help=f"parts, separated by commas: {', '.join(ALL)}")
    parser.add_argument("--quick", action="store_true", help="small numbers, to try it out; docs/ stays as it is")
    return parser


def _names(text: str) -> list[str]:
    names = text.split(",")
    if unknown := set(names) - set(ALL):
        raise argparse.ArgumentTypeError(f"no part {', '.join(sorted(unknown))}")
    return names


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
