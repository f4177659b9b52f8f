"""The ground of the fault suite: a broker, and a proxy between it and each process that may stand behind one."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from streams.broker import BrokerSettings, answers, prepare
from tests.support.kafka import free_port, new_broker
from tests.support.proxy import Proxy
from tests.support.waiting import eventually

# processes that may stand behind a proxy of their own
BEHIND = ("cases-0", "cases-1", "admit", "projector", "intake", "web", "lag")
READY_SECONDS = 90.0


class Ground:
    """One broker with a plain listener for the test and one listener behind each proxy."""

    def __init__(self, data: Path) -> None:
        broker = new_broker(data)
        self.settings: BrokerSettings = broker.settings
        self.proxies = {name: Proxy(free_port(), free_port()) for name in BEHIND}
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap(self) -> str:
        return self.settings.bootstrap

    def start(self) -> None:
        """Starts the broker and returns when it answers."""
        command = prepare(self.settings)
        self._add_listeners()
        with self.settings.log_file.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        eventually(lambda: answers(self.bootstrap), within=READY_SECONDS, what="the broker answers", every=0.2)

    def _add_listeners(self) -> None:
        """Later lines of a properties file win."""
        named = {f"VIA{number}": proxy for number, proxy in enumerate(self.proxies.values())}
        plain = [f"BROKER://{self.bootstrap}", f"CONTROLLER://127.0.0.1:{self.settings.controller_port}"]
        behind = [f"{name}://127.0.0.1:{proxy.target}" for name, proxy in named.items()]
        shown = [f"{name}://127.0.0.1:{proxy.port}" for name, proxy in named.items()]
        plaintext = ",".join(f"{name}:PLAINTEXT" for name in ("BROKER", "CONTROLLER", *named))
        with (self.settings.data / "server.properties").open("a") as file:
            file.write(f"listeners={','.join(plain + behind)}\nadvertised.listeners={','.join(plain + shown)}\n")
            file.write(f"listener.security.protocol.map={plaintext}\n")

    def end(self, signal_number: int = signal.SIGTERM) -> None:
        """SIGTERM or SIGKILL, and returns when it is gone."""
        assert self.process is not None
        self.process.send_signal(signal_number)
        self.process.wait(30)


@contextmanager
def ground(data: Path) -> Iterator[Ground]:
    """A broker that answers, and its proxies."""
    found = Ground(data)
    for proxy in found.proxies.values():
        proxy.start()
    try:
        found.start()
        yield found
    finally:
        for proxy in found.proxies.values():
            proxy.stop()
        if found.process is not None and found.process.poll() is None:
            found.process.kill()
            found.process.wait()
