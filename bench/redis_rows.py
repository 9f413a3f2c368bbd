"""Redis through the gateway, against redis-benchmark straight to it.

The backend moves: straight, it has the server's CPU for itself; behind the gateway, which then has
that CPU, it shares the load's.
"""

from __future__ import annotations

import csv
import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import report
from measuring import CONNECTIONS, METHODS, STREAMS, Means
from peers import Binaries, Peer, Pinning, Place, Server, configured, free_port, on_cpu, start

KEYS = 1000
KEY_PREFIX = "straight"  # redis-benchmark appends 12 digits: as long as the load program's keys
PIPELINE = 16

GATEWAY_CONFIG = """\
listen: 127.0.0.1:{port}
workers: 1
backends:
  redis: {{driver: redis, url: "redis://127.0.0.1:{upstream}"}}
namespaces:
  - {{name: bench, backend: redis}}
"""


class Redis:
    """A redis-server of our own, for the length of a with statement, and redis-benchmark on it."""

    def __init__(self, means: Means) -> None:
        self._pinning, self._means = means.pinning, means
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

        return Peer("prism on redis", str(binaries.prism), command)

    def move(self, cpu: int | None) -> None:
        if cpu is None:
            return
        for thread in Path(f"/proc/{self._pid}/task").iterdir():
            os.sched_setaffinity(int(thread.name), {cpu})

    def straight(self, method: str, connections: int, pipeline: int = 1) -> tuple[float, float]:
        """Requests per second and p50 in microseconds, as redis-benchmark has them."""
        expected_per_s = 15_000 if connections == 1 else 80_000 * min(pipeline, 8)
        count = int(expected_per_s * self._means.duration_s)
        command = ["redis-benchmark", "-p", str(self.port), "--csv", "-n", str(count)]
        command += ["-c", str(connections), "-P", str(pipeline), "-r", str(KEYS)]
        command += [method.upper(), f"{KEY_PREFIX}__rand_int__"]
        command += ["x" * self._means.value_bytes] if method == "set" else []
        done = subprocess.run(
            on_cpu(command, self._pinning.load), capture_output=True, text=True, check=True
        )
        row = list(csv.DictReader(done.stdout.splitlines()))[-1]
        return float(row["rps"]), float(row["p50_latency_ms"]) * 1000

    def _store_keys(self) -> None:
        value = "x" * self._means.value_bytes
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            answers = connection.makefile("rb")
            for number in range(KEYS):
                connection.sendall(f"SET {KEY_PREFIX}{number:012d} {value}\r\n".encode())
                if answers.readline() != b"+OK\r\n":
                    raise RuntimeError("redis-server does not take a key")


def missing() -> list[str]:
    """The programs that are needed and not there."""
    return [name for name in ("redis-server", "redis-benchmark") if shutil.which(name) is None]


def measure(means: Means) -> report.Round:
    """One round: row -> the figures of the gateway, of redis-benchmark and of the floor."""
    found: report.Round = {}
    pinning = means.pinning
    with Redis(means) as redis:
        gateway = redis.peer(means.binaries)
        for method in METHODS:
            figures: report.Figures = {}
            with Server(means.floor, means.binaries, pinning) as server:
                many = means.load(server, CONNECTIONS, STREAMS, method)
                figures["floor_cpu_us"] = many["cpu_us"]
            redis.move(pinning.server)
            straight = redis.straight(method, CONNECTIONS * STREAMS)
            figures["straight_requests_per_s"], figures["straight_p50_us"] = straight
            redis.move(pinning.load)
            with Server(gateway, means.binaries, pinning) as server:
                many = means.load(server, CONNECTIONS, STREAMS, method)
                one = means.load(server, 1, 1, method)
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
