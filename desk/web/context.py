"""What every route shares, and how a request gets it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, cast
from urllib.parse import urlsplit

from fastapi import Depends, Request
from sqlalchemy import Connection, Engine

from desk.outbox import Outbox
from desk.settings import WebSettings
from desk.store import queries
from desk.web.accounts import Account, Accounts
from desk.web.live import Broadcaster
from desk.web.moves import Moves
from desk.web.pace import Pace
from desk.web.pages import Pages
from desk.web.problems import FILLING, RequestError, unavailable
from desk.web.proposer import Proposer
from desk.web.similar import SimilarCases
from desk.web.watching import UNSEEN, WebMetrics
from models.places import AreaFinder

COOKIE = "langnghe_phien"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The parts of one running web process; made by `create_app`, kept in `app.state.desk`."""

    settings: WebSettings
    engine: Engine
    accounts: Accounts
    outbox: Outbox
    moves: Moves
    pace: Pace
    pages: Pages
    proposer: Proposer
    similar: SimilarCases
    areas: AreaFinder
    live: Broadcaster
    metrics: WebMetrics
    now: Callable[[], datetime]

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to the read model, for cases. Raises RequestError 503 while it is filled.

        Kafka still holds for a day what was erased or moved since; until all of it is read, old states would show.
        """
        with self.engine.connect() as connection:
            if not queries.is_filled(connection):
                raise unavailable(self.settings.retry_after, FILLING)
            yield connection

    def below(self, account: Account) -> frozenset[str] | None:
        """The agencies whose cases an account reads; None: all. A handler has its own, a supervisor those below too."""
        if account.agency is None:
            return None
        return (
            self.settings.rules.agencies.below(account.agency)
            if account.role == "supervisor"
            else frozenset({account.agency})
        )


def the_desk(request: Request) -> Desk:
    return cast(Desk, request.app.state.desk)


def signed_in(request: Request) -> Account:
    """The account of the bearer token or of the browser's session. Raises RequestError 401 or 403."""
    desk = the_desk(request)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        account = desk.accounts.by_token(token.strip())
    elif _from_elsewhere(request):
        raise RequestError(403)
    else:
        account = desk.accounts.by_session(request.cookies.get(COOKIE, ""), desk.now())
    if account is None:
        raise RequestError(401)
    setattr(request.state, UNSEEN, account.role == "inspector")
    return account


def _from_elsewhere(request: Request) -> bool:
    """A browser that posts with a session, but from a page of another site."""
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host")


def only(*roles: str) -> Callable[[Account], Account]:
    """A dependency that lets these roles in. Raises RequestError 403."""

    def check(account: Annotated[Account, Depends(signed_in)]) -> Account:
        if account.role not in roles:
            raise RequestError(403)
        return account

    return check


async def whole_body(request: Request) -> bytes:
    return await request.body()


DeskOf = Annotated[Desk, Depends(the_desk)]
Someone = Annotated[Account, Depends(signed_in)]
Body = Annotated[bytes, Depends(whole_body)]
