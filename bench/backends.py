"""The gateway before a real backend, against the backend's own load program straight to it.

Both do the same reads and writes: existing keys of the same length, values of the settings' size.
They take turns within a round, so that a slow minute of the machine hits all alike.
"""

from __future__ import annotations

from types import ModuleType

import postgres_rows
import redis_rows
import report
from measuring import Means
from peers import Binaries

# Each has missing() and measure().
ROWS: dict[str, ModuleType] = {"redis": redis_rows, "postgres": postgres_rows}


def measure(means: Means, chosen: list[str]) -> report.Round:
    """One round: row -> its figures."""
    found: report.Round = {}
    for name in chosen:
        found |= ROWS[name].measure(means)
    return found


def choose(binaries: Binaries, names: str) -> list[str]:
    """The backends asked for that can be measured; the others are named with the reason."""
    chosen = []
    for name in [] if names == "none" else [one.strip() for one in names.split(",")]:
        if reason := _missing(binaries, name):
            print(f"skipped: {name} ({reason})")
        else:
            chosen.append(name)
    return chosen


def _missing(binaries: Binaries, name: str) -> str:
    if not binaries.prism.exists():
        return f"{binaries.prism} is not there"
    if name not in ROWS:
        return f"there are rows for {', '.join(ROWS)}"
    absent: list[str] = ROWS[name].missing()
    return f"{', '.join(absent)} is not there" if absent else ""
