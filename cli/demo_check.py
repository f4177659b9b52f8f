"""Is the read model what follows from the log: every dossier folded anew from its events, and compared."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from casework.dossiers import DossierState, Transition, apply
from casework.rules import Rules
from cli.log import read_all
from cli.settings import Settings
from desk.store.rows import is_heartbeat
from desk.store.tables import dossiers
from streams.codec import InvalidInput, decode_dossier_state, decode_event

Log = Mapping[str, list[Transition]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was compared, and the codes of the dossiers that differ."""

    events: int
    dossiers: int
    different: tuple[str, ...]


def compare(log: Log, rows: Mapping[str, DossierState], rules: Rules) -> Verdict:
    """Every state but for alert, duty and counts, which depend on when the watch looked."""
    folded = {code: apply(None, code, events, rules).state for code, events in log.items()}
    different = [code for code, state in folded.items() if not _same(rows.get(code), state)]
    unheard_of = rows.keys() - log.keys()
    return Verdict(sum(map(len, log.values())), len(log), tuple(sorted([*different, *unheard_of])))


def lasting(looks: Sequence[Verdict]) -> list[str]:
    """The dossiers that differed whenever one looked; what differs once was on its way."""
    return sorted(set.intersection(*(set(look.different) for look in looks)))


def _same(row: DossierState | None, folded: DossierState) -> bool:
    return row is not None and _timeless(row) == _timeless(folded)


def _timeless(state: DossierState) -> DossierState:
    return replace(state, alert=None, alert_id=None, duty=None, duty_id=None, counts={})


def read_log(settings: Settings) -> Log:
    """The transitions of each dossier, without heartbeats, as the topic of events has them. Raises KafkaError."""
    found: dict[str, list[Transition]] = defaultdict(list)
    for code, transition in _events(record.value for record in read_all(settings, settings.topics.dossier.events)):
        if not is_heartbeat(code):
            found[code].append(transition)
    return found


def _events(values: Iterable[bytes]) -> Iterator[tuple[str, Transition]]:
    for value in values:
        try:
            event = decode_event(value)
        except InvalidInput:
            continue  # the case worker made a dead letter of it
        yield event.dossier_code, event.transition


def read_rows(connection: Connection) -> dict[str, DossierState]:
    """All dossiers of the read model."""
    query = select(dossiers.c.dossier_code, dossiers.c.state)
    return {code: decode_dossier_state(state.encode()) for code, state in connection.execute(query)}
