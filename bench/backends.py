"""The gateway before a real backend, against the backend's own load program straight to it.

Both do the same reads and writes: existing keys of KEY_BYTES, values of the settings' size. They
take turns with the floor within a round, so that a slow minute of the machine hits all alike. The
backend moves: straight, it has the server's CPU for itself; behind the gateway, which then has
that CPU, it shares the load's.
"""

from __future__ import annotations

import csv
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import report
from peers import Binaries, Peer, Pinning, Place, Server, configured, free_port, on_cpu, start

KEYS = 1000
KEY_PREFIX = "straight"  # redis-benchmark appends 12 digits: as long as the load program's keys
CONNECTIONS = 8
STREAMS = 32
PIPELINE = 16
METHODS = ("get", "set")

GATEWAY_CONFIG = """\
listen: 127.0.0.1:{port}
workers: 1
backends:
  redis: {{driver: redis, url: "redis://127.0.0.1:{upstream}"}}
namespaces:
  - {{name: bench, backend: redis}}
"""

# Loads a running server: connections, streams, method.
Measure = Callable[[Server, int, int, str], report.Figures]


@dataclass(frozen=True)
class Effort:
    """How long and how large: of one load."""

    duration_s: float
    value_bytes: int


class Redis:
    """A redis-server of our own, for the length of a with statement, and redis-benchmark on it."""

    name = "redis"
    programs = ("redis-server", "redis-benchmark")

    def __init__(self, pinning: Pinning, effort: Effort) -> None:
        self._pinning, self._effort = pinning, effort
        self._stack = ExitStack()
        self.port = free_port()
        self._pid = 0

    def __enter__(self) -> Redis:
        with ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-redis-"))
            command = ["redis-server", "--bind", "127.0.0.1", "--port", str(self.port)]
            command += ["--dir", folder, "--save", "", "--appendonly", "no"]
            self._pid = start(stack, command, self.port, Path(folder) / "log")
            self._store_keys()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def peer(self, binaries: Binaries) -> Peer:
        """The gateway with a namespace on this server."""

        def command(place: Place) -> list[str]:
            text = GATEWAY_CONFIG.format(port=place.port, upstream=self.port)
            path = configured(place, "prism.yaml", text)
            return [str(binaries.prism), "serve", "--config", path]

        return Peer(f"prism on {self.name}", str(binaries.prism), command)

    def move(self, cpu: int | None) -> None:
        if cpu is None:
            return
        for thread in Path(f"/proc/{self._pid}/task").iterdir():
            os.sched_setaffinity(int(thread.name), {cpu})

    def straight(self, method: str, connections: int, pipeline: int = 1) -> tuple[float, float]:
        """Requests per second and p50 in microseconds, as redis-benchmark has them."""
        expected_per_s = 15_000 if connections == 1 else 80_000 * min(pipeline, 8)
        count = int(expected_per_s * self._effort.duration_s)
        command = ["redis-benchmark", "-p", str(self.port), "--csv", "-n", str(count)]
        command += ["-c", str(connections), "-P", str(pipeline), "-r", str(KEYS)]
        command += [method.upper(), f"{KEY_PREFIX}__rand_int__"]
        command += ["x" * self._effort.value_bytes] if method == "set" else []
        done = subprocess.run(
            on_cpu(command, self._pinning.load), capture_output=True, text=True, check=True
        )
        row = list(csv.DictReader(done.stdout.splitlines()))[-1]
        return float(row["rps"]), float(row["p50_latency_ms"]) * 1000

    def _store_keys(self) -> None:
        value = "x" * self._effort.value_bytes
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            answers = connection.makefile("rb")
            for number in range(KEYS):
                connection.sendall(f"SET {KEY_PREFIX}{number:012d} {value}\r\n".encode())
                if answers.readline() != b"+OK\r\n":
                    raise RuntimeError("redis-server does not take a key")


def measure_redis(
    binaries: Binaries, pinning: Pinning, effort: Effort, floor: Peer, measure: Measure
) -> report.Round:
    """One round: method -> the figures of the gateway, of redis-benchmark and of the floor."""
    found: report.Round = {}
    with Redis(pinning, effort) as redis:
        gateway = redis.peer(binaries)
        for method in METHODS:
            figures: report.Figures = {}
            with Server(floor, binaries, pinning) as server:
                many = measure(server, CONNECTIONS, STREAMS, method)
                figures["floor_cpu_us"] = many["cpu_us"]
            redis.move(pinning.server)
            straight = redis.straight(method, CONNECTIONS * STREAMS)
            figures["straight_requests_per_s"], figures["straight_p50_us"] = straight
            redis.move(pinning.load)
            with Server(gateway, binaries, pinning) as server:
                many = measure(server, CONNECTIONS, STREAMS, method)
                one = measure(server, 1, 1, method)
            figures["requests_per_s"] = many["requests_per_s"]
            figures["cpu_us"] = many["cpu_us"]
            figures["busy"] = many["busy"]
            figures["p50_us"] = many["p50_us"]
            figures["one_p50_us"] = one["p50_us"]
            redis.move(pinning.server)
            figures["straight_one_p50_us"] = redis.straight(method, 1)[1]
            pipelined = redis.straight(method, CONNECTIONS * STREAMS, PIPELINE)
            figures["straight_pipelined_requests_per_s"] = pipelined[0]
            found[f"redis {method}"] = figures
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
    if name != Redis.name:
        return "there are no rows for it yet"
    absent = [program for program in Redis.programs if shutil.which(program) is None]
    return f"{', '.join(absent)} is not there" if absent else ""
