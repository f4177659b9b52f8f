"""A small HTTP server in a thread: /healthz, /readyz, /metrics."""

import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

SILENT_SECONDS = 60.0


class Probe:
    """When the process's loop last came round, in seconds of the monotonic clock."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def beat(self, moment: float) -> None:
        self._last = moment

    def alive(self, moment: float) -> bool:
        return moment - self._last < SILENT_SECONDS


def serve(
    host: str, port: int, registry: CollectorRegistry, probe: Probe, ready: Callable[[], bool]
) -> ThreadingHTTPServer:
    """Starts the server in a daemon thread; `shutdown()` of what is returned ends it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            match self.path:
                case "/metrics":
                    self._answer(200, generate_latest(registry), CONTENT_TYPE_LATEST)
                case "/healthz":
                    self._state(probe.alive(time.monotonic()))
                case "/readyz":
                    self._state(ready())
                case _:
                    self._answer(404, b"not found\n", "text/plain")

        def _state(self, good: bool) -> None:
            self._answer(200 if good else 503, b"ok\n" if good else b"not ready\n", "text/plain")

        def _answer(self, status: int, body: bytes, content_type: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Probes come every second; they are not worth a line."""

    server = ThreadingHTTPServer((host, port), Handler)
    threading.Thread(target=server.serve_forever, name="probes", daemon=True).start()
    return server
