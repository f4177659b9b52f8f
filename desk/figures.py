"""Gauges of the state of the province, counted in the read model when they are scraped, but not too often."""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from desk import metrics
from desk.store.figures import Counts, figures

log = logging.getLogger(__name__)
FRESH_SECONDS = 10.0
TIMES_ITS_COST = 20.0  # counting takes at most a twentieth of the time, however large the read model is


class Figures(Collector):
    """Yields nothing while the read model cannot be read: no figure is better than an old one that looks new."""

    def __init__(
        self,
        engine: Engine,
        now: Callable[[], datetime],
        agencies: Collection[str],
        fresh_seconds: float = FRESH_SECONDS,
    ) -> None:
        self._engine, self._now, self._agencies, self._fresh_seconds = engine, now, agencies, fresh_seconds
        self._found: Mapping[str, Counts] = {}
        self._until = 0.0
        self._lock = threading.Lock()

    def describe(self) -> Iterable[Any]:
        return ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        with self._lock:
            found = self._counted()
        for name, counts in found.items():
            spec = metrics.spec(name)
            family = GaugeMetricFamily(spec.name, spec.meaning, labels=spec.labels)
            for labels, value in counts.items():
                family.add_metric(labels, value)
            yield family

    def _counted(self) -> Mapping[str, Counts]:
        began = time.monotonic()
        if began < self._until:
            return self._found
        try:
            with self._engine.connect() as connection:
                self._found = figures(connection, self._now(), self._agencies)
        except SQLAlchemyError as error:
            log.warning("read model cannot be counted: %s", type(error).__name__)
            self._found = {}
        cost = time.monotonic() - began
        self._until = began + max(self._fresh_seconds, cost * TIMES_ITS_COST)
        return self._found


def show_figures(
    registry: CollectorRegistry, engine: Engine, now: Callable[[], datetime], agencies: Collection[str]
) -> None:
    """From now on the registry tells them."""
    registry.register(Figures(engine, now, agencies))
