"""/giam-sat: the wall of the operations centre, and the event stream that keeps it true."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, StreamingResponse

from casework.calendar import VIETNAM
from casework.wording import weekday_words
from desk.store import queries
from desk.store.wall import Wall, wall
from desk.web import live, seeing
from desk.web.accounts import Account
from desk.web.context import Desk, DeskOf, only
from desk.web.pages import Pages

Watcher = Annotated[Account, Depends(only("operator", "handler", "supervisor", "inspector", "wall", "admin"))]
ROWS = 8
STEP_SECONDS = 5


def wall_page(desk: DeskOf, account: Watcher, request: Request) -> HTMLResponse:
    return desk.pages.answer("wall.html", request, account=account)


def stream(desk: DeskOf, _account: Watcher) -> StreamingResponse:
    """Server-sent events: a full snapshot first and on each change; at least one every few seconds."""
    return StreamingResponse(desk.live.events(), media_type="text/event-stream", headers=live.HEADERS)


def snapshot(desk: Desk) -> dict[str, Any]:
    """What the wall and other live pages need; public figures only. `step` makes one differ at least every 5 s."""
    now, leaving = desk.now(), desk.moves.under_way()
    with desk.engine.connect() as connection:
        progress = queries.read_progress(connection)
        # while it is filled, the list would name what has moved since
        figures = wall(connection, now, ROWS if progress.as_of else 0, leaving)
    fresh = seeing.freshness(desk, progress, now)
    return {
        "version": desk.settings.version,
        "changes": progress.changes,
        "step": int(now.timestamp()) // STEP_SECONDS,
        "asof": None if fresh.as_of is None else clock_words(fresh.as_of),
        "stale": fresh.stale,
        "beat": lamp(desk, progress, now),
        "day": weekday_words(now.astimezone(VIETNAM).date()),
        "demo": figures.demo,
    } | numbers(figures, desk.pages, now)


def numbers(figures: Wall, pages: Pages, now: datetime) -> dict[str, Any]:
    """The three numbers with their parts, and the list with whole minutes waited (rounded down)."""
    return {
        "urgent_untaken": figures.urgent_untaken,
        "due_today": sum(figures.due_today.values()),
        "due_today_parts": dict(figures.due_today),
        "overdue": sum(figures.overdue.values()),
        "overdue_parts": dict(figures.overdue),
        "untaken": [
            {
                "area": pages.agency_name(row["area"]) if row["area"] else "Chưa rõ địa bàn",
                "minutes": minutes(row["received_at"], now),
            }
            for row in figures.untaken
        ],
    }


def minutes(received_at: str | None, now: datetime) -> int:
    return 0 if not received_at else max(int((now - datetime.fromisoformat(received_at)).total_seconds()) // 60, 0)


def lamp(desk: Desk, progress: queries.Progress, now: datetime) -> dict[str, Any]:
    """The lamp of the heartbeat: whether every way was passed lately, and when the slowest of them last was."""
    beat = progress.heartbeat_at
    lit = beat is not None and (now - beat).total_seconds() <= desk.settings.heartbeat_stale_seconds
    return {"lit": lit, "at": None if beat is None else clock_words(beat)}


def clock_words(moment: datetime) -> str:
    """`09:12`, in Vietnam."""
    return f"{moment.astimezone(VIETNAM):%H:%M}"


def routes() -> APIRouter:
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/giam-sat", wall_page, methods=["GET"])
    router.add_api_route("/giam-sat/dong", stream, methods=["GET"])
    return router
