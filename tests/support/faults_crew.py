"""A whole system that several scenarios share: each hurts it, and finds it healed."""

from dataclasses import dataclass
from itertools import count

from tests.support.faults import Field
from tests.support.faults_load import Message
from tests.support.faults_worker import Worker
from tests.support.offsets import count as records
from tests.support.proxy import Proxy

NAMES = ("admit", "cases-0", "cases-1", "projector")
_scenarios = count(1)


@dataclass
class Crew:
    """`first` and `second` are the case workers; each process is behind the proxy of its name."""

    field: Field

    def __getitem__(self, name: str) -> Worker:
        return next(worker for worker in self.field.workers if worker.name == name)

    @property
    def first(self) -> Worker:
        return self["cases-0"]

    @property
    def second(self) -> Worker:
        return self["cases-1"]

    def proxies(self, *names: str) -> list[Proxy]:
        """Those of the named processes."""
        return [self.field.ground.proxies[name] for name in names]

    def heal(self) -> None:
        """Every process runs and is ready, nothing is in the way of the network."""
        self.leave()
        running = {worker.name for worker in self.field.workers}
        for name in NAMES:
            if name not in running:
                self.field.worker(name, proxied=True)
            elif not self[name].runs():
                self[name].start()
        for name in NAMES:
            self[name].wait_ready()

    def leave(self) -> None:
        for proxy in self.field.ground.proxies.values():
            proxy.heal()

    def storm(self, dossiers: int) -> list[Message]:
        """A load of dossiers that no other scenario has."""
        number = next(_scenarios)
        return self.field.storm(f"H99.{number}-260907-", dossiers, number)

    def written(self) -> int:
        """States written so far."""
        return records(self.field.ground.bootstrap, self.field.topics.dossier.states)
