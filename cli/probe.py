"""Asks a process of ours whether it is well: the health check of a container, which has no curl."""

import sys
import urllib.request

SECONDS = 4.0


def main(port: str) -> int:
    """Exit status: 0 where /healthz answers 200."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{int(port)}/healthz", timeout=SECONDS):
            return 0
    except (OSError, ValueError):
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
