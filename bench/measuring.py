"""What the rows of all backends share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import report
from peers import Binaries, Peer, Pinning, Server

CONNECTIONS = 8
STREAMS = 32
METHODS = ("get", "set")

# Loads a running server: connections, streams, method.
Load = Callable[[Server, int, int, str], report.Figures]


@dataclass(frozen=True)
class Means:
    """What a row is measured with."""

    binaries: Binaries
    pinning: Pinning
    floor: Peer
    load: Load
    duration_s: float
    value_bytes: int
