"""Open cases that may tell the same matter as a text: shown with why, never blocking."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from casework.labels import STAGES
from desk.store import similar
from desk.store.queries import Agencies, is_filled, read_progress
from desk.web.pages import moment_text
from desk.web.words import case_name
from models.similar import Item, Match, SimilarItems
from models.similar_words import shared

MOST_SHOWN = 5
MOST_ASKED = 20
MOST_HELD = 20_000


class SimilarCases:
    """The open public cases of the read model as an index, which follows it where `follow` is called.

    The index only proposes: what is shown is read from the read model at that moment, as far as the caller may see it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine, self._index = engine, SimilarItems()
        self._changes: int | None = None

    def follow(self) -> None:
        """Takes up what changed in the read model since the last time. One caller at a time. Raises SQLAlchemyError."""
        with self._engine.connect() as connection:
            progress = read_progress(connection)
            if progress.changes != self._changes and progress.as_of:
                items = similar.open_items(connection, MOST_HELD)
                self._index.hold(items, lambda ids: similar.opening_texts(connection, ids))
                self._changes = progress.changes

    def find(self, text: str, asked: Item, agencies: Agencies, now: datetime) -> list[dict[str, Any]]:
        """The nearest cases in codes and words, best first; `agencies` None means all. None while all are read again:
        some are erased or moved further on in Kafka.
        """
        with self._engine.connect() as connection:
            if not is_filled(connection):
                return []
            among = None if agencies is None else similar.open_ids(connection, agencies)
            near = self._index.nearest(text, asked, MOST_ASKED, among)
            rows = similar.still_open(connection, [match.item.id for match in near], agencies)
            shown = [match for match in near if match.item.id in rows][:MOST_SHOWN]
            texts = similar.opening_texts(connection, [match.item.id for match in shown])
        return [_told(match, rows[match.item.id], _why(text, texts.get(match.item.id, "")), now) for match in shown]


def _told(match: Match, row: Mapping[str, Any], why: str, now: datetime) -> dict[str, Any]:
    return {
        "feedback_id": row["feedback_id"],
        "name": case_name(row["feedback_id"]),
        "received": moment_text(row["received_at"]),
        "age": age(row["received_at"], now),
        "stage": STAGES[row["stage"]],
        "area": row["area"],
        "distance": None if match.metres is None else distance(match.metres),
        "why": why,
        "score": round(match.score, 3),
    }


def _why(text: str, other: str) -> str:
    """`cùng đường Lê Lợi; cùng từ: ổ gà, nắp cống`."""
    common = shared(text, other)
    places = [f"cùng {', '.join(common.places)}"] if common.places else []
    words = [f"cùng từ: {', '.join(common.words)}"] if common.words else []
    return "; ".join(places + words) or "cùng lĩnh vực, địa bàn"


def age(received_at: str | None, now: datetime) -> str | None:
    """How long ago in the largest unit that fits: `3 ngày trước`, `2 giờ trước`, `vừa xong`."""
    if received_at is None:
        return None
    passed = max(0, int((now - datetime.fromisoformat(received_at)).total_seconds()))
    for unit, seconds in (("ngày", 86_400), ("giờ", 3_600), ("phút", 60)):
        if amount := passed // seconds:
            return f"{amount} {unit} trước"
    return "vừa xong"


def distance(metres: int) -> str:
    """`cách khoảng 200 m`, `cách khoảng 1,4 km`: places are rounded, so that no metre is certain."""
    if metres < 100:
        return "cách dưới 100 m"
    hundreds = round(metres, -2)
    return (
        f"cách khoảng {hundreds} m" if hundreds < 1_000 else f"cách khoảng {hundreds / 1_000:.1f} km".replace(".", ",")
    )
