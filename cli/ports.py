"""Which ports a `langnghe up` takes, and whether they are free."""

import socket

from cli.settings import Ports


def wanted(ports: Ports, workers: int, *, own_kafka: bool) -> list[int]:
    """Every port that `langnghe up` listens on."""
    found = [ports.web, ports.intake, ports.admit, ports.projector, ports.lag]
    found += [ports.cases(number) for number in range(workers)]
    return found + ([ports.kafka, ports.controller] if own_kafka else [])


def is_free(port: int) -> bool:
    """True when nobody listens on that port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
