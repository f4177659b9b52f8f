"""The libraries that a model's numbers depend on."""

import sys
from importlib.metadata import version

_LIBRARIES = ("numpy", "scikit-learn", "scipy", "skops")


def library_versions() -> dict[str, str]:
    """Name to version, and Python's major and minor."""
    return {name: version(name) for name in _LIBRARIES} | {
        "python": f"{sys.version_info.major}.{sys.version_info.minor}"
    }
