"""Another release of the product: `python -m tests.support.other_program older|newer ARGUMENTS…`.

The arguments are those of `langnghe`. Both fold under other rules than the program of this tree. `newer` writes fields
into states, and into what they are folded from, that this program does not know; `older` writes none of `LATER`.
"""

import json
import sys
from typing import Any

from casework import rules
from cli.main import main
from streams import codec
from tests.support.oracle_states import LATER

TOMORROW = "of_tomorrow"
real = codec.encode_state


def older(state: Any) -> bytes:
    """A state without the fields that came later."""
    return _wire({name: value for name, value in json.loads(real(state)).items() if name not in LATER})


def newer(state: Any) -> bytes:
    """A state with fields that are yet to come."""
    data = json.loads(real(state))
    for part in data.get("transitions", []) + data.get("history", []):
        part[TOMORROW] = 1
    return _wire({TOMORROW: {"named": [1, None]}, **data})


def _wire(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def run(release: str) -> None:
    """Runs the command line of the product as of another release."""
    rules.PROGRAM = release
    codec.encode_state = {"older": older, "newer": newer}[release]
    main()


if __name__ == "__main__":
    run(sys.argv.pop(1))
