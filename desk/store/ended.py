"""Ended dossiers of a period, for reports: read one after the other, however many there are."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, select

from casework.dossiers import DossierState
from desk.store.rows import comparable
from desk.store.tables import dossiers
from streams.codec import decode_dossier_state


def ended_dossiers(connection: Connection, start: datetime, end: datetime) -> Iterator[DossierState]:
    """Dossiers that were ended in [start, end), aware moments; those refused before receipt never ended."""
    ended = dossiers.c.ended_at
    query = select(dossiers.c.state).where(ended >= comparable(start), ended < comparable(end))
    for state in connection.execute(query).yield_per(1000).scalars():
        yield decode_dossier_state(state.encode())
