"""Where to draw the lines: chosen on what held-out rows say, each by two bounds that pull apart."""

import numpy as np

from models.crossval import Flags
from models.pipeline import Floats

_WANTED_ACCURACY = 0.9
_ACCUSATIONS_FOUND, _HELD_BACK = 0.98, 0.03
_URGENT_FOUND, _ALARMS_RIGHT = 0.975, 0.72
_LOWEST, _HIGHEST = 0.02, 0.6
"""Bounds of a threshold where few rows would set an extreme one."""


def choose_abstention(confidence: Floats, hit: Flags, wanted: float = _WANTED_ACCURACY) -> float:
    """The lowest confidence above which `wanted` of the answers are right (a point of the risk-coverage curve)."""
    order = np.argsort(-confidence, kind="stable")
    accuracy = np.cumsum(hit[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(accuracy >= wanted)
    return round(float(confidence[order[enough[-1]]]) if len(enough) else 1.0, 4)


def choose_restriction(
    suspicion: Floats, is_accusation: Flags, wanted: float = _ACCUSATIONS_FOUND, allowed: float = _HELD_BACK
) -> float:
    """The highest threshold that finds `wanted` of the tố cáo, but none that holds back more than `allowed` others."""
    found_at = _quantile(suspicion[is_accusation], 1 - wanted)
    kept_at = _quantile(suspicion[~is_accusation], 1 - allowed)
    return _bounded(max(found_at, kept_at))


def choose_alarm(
    danger: Floats, is_urgent: Flags, wanted: float = _URGENT_FOUND, precision: float = _ALARMS_RIGHT
) -> float:
    """The highest threshold that finds `wanted` of the urgent, but none of whose alarms fewer than `precision` are."""
    order = np.argsort(-danger, kind="stable")
    right = np.cumsum(is_urgent[order]) / np.arange(1, len(order) + 1)
    precise = np.flatnonzero(right >= precision)
    precise_at = float(danger[order[precise[-1]]]) if len(precise) else 1.0
    return _bounded(max(_quantile(danger[is_urgent], 1 - wanted), precise_at))


def _quantile(values: Floats, share: float) -> float:
    return float(np.quantile(values, share)) if len(values) else 0.0


def _bounded(threshold: float) -> float:
    return round(float(np.clip(threshold, _LOWEST, _HIGHEST)), 4)
