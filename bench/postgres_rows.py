"""Postgres through the gateway, against pgbench straight to it.

Both read and write rows of the gateway's own table by primary key, over as many connections and in
prepared statements. Nothing is pinned: pgbench and the server share the machine, as the load
program, the gateway and the server do. The server syncs what it commits, as it does by default.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from types import TracebackType

import report
from measuring import CONNECTIONS, METHODS, STREAMS, Means
from peers import Binaries, Peer, Pinning, Place, Server, configured, free_port, start

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
KEYS = 1000
FIRST_KEY = 100_000_000_000  # "straight" and 12 digits: as long as the load program's keys
FREE = Pinning(None, None)

GATEWAY_CONFIG = """\
listen: 127.0.0.1:{port}
workers: 1
backends:
  postgres:
    {{driver: postgres, url: "postgres://bench@127.0.0.1:{upstream}/postgres", schema: bench,
      max_connections: {connections}}}
namespaces:
  - {{name: bench, backend: postgres}}
"""

KEY = "convert_to('straight' || :key, 'UTF8')"
SCRIPTS = {
    "get": f"SELECT value FROM bench.kv WHERE namespace = 'bench' AND key = {KEY} AND more = ''"
    " AND (expires_at IS NULL OR expires_at > clock_timestamp())",
    "set": "INSERT INTO bench.kv (namespace, key, more, value)"
    f" VALUES ('bench', {KEY}, '', convert_to('{{value}}', 'UTF8'))"
    " ON CONFLICT (namespace, key, digest) DO UPDATE SET value = EXCLUDED.value, expires_at = NULL",
}


class Postgres:
    """A server of our own, for the length of a with statement, and pgbench on it."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._stack = ExitStack()
        self._folder = Path()
        self.port = free_port()
        # It refuses to run as root.
        self._as_user: list[str] = []
        if os.geteuid() == 0:
            self._as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]

    def __enter__(self) -> Postgres:
        with ExitStack() as stack:
            name = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-postgres-"))
            self._folder = Path(name)
            self._folder.chmod(0o755)
            data = self._folder / "data"
            data.mkdir()
            if self._as_user:
                for path in (self._folder, data):
                    shutil.chown(path, "postgres", "postgres")
            self._run("initdb", "-D", str(data), "-U", "bench", "--auth=trust", "--no-locale")
            command = [*self._as_user, str(PROGRAMS / "postgres"), "-D", str(data)]
            command += ["-k", name, "-c", "listen_addresses=127.0.0.1", "-c", f"port={self.port}"]
            start(stack, command, self.port, self._folder / "log")
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def _run(self, program: str, *arguments: str) -> str:
        command = [*self._as_user, str(PROGRAMS / program), *arguments]
        done = subprocess.run(command, cwd=self._folder, capture_output=True, text=True, check=True)
        return done.stdout

    def peer(self, binaries: Binaries, connections: int) -> Peer:
        """The gateway with a namespace on this server."""

        def command(place: Place) -> list[str]:
            text = GATEWAY_CONFIG.format(
                port=place.port, upstream=self.port, connections=connections
            )
            path = configured(place, "prism.yaml", text)
            return [str(binaries.prism), "serve", "--config", path]

        return Peer("prism on postgres", str(binaries.prism), command)

    def straight(self, method: str, connections: int) -> tuple[float, float]:
        """Transactions per second and p50 in microseconds, as pgbench has them."""
        value = "x" * self._means.value_bytes
        script = self._folder / f"{method}.sql"
        draw = f"\\set key random({FIRST_KEY}, {FIRST_KEY + KEYS - 1})\n"
        script.write_text(draw + SCRIPTS[method].format(value=value) + ";\n")
        script.chmod(0o644)
        seconds = str(max(1, round(self._means.duration_s)))
        text = self._run(
            "pgbench", "-n", "-M", "prepared", "-c", str(connections), "-j", "1", "-T", seconds,
            "-f", str(script), "-h", "127.0.0.1", "-p", str(self.port), "-U", "bench", "-l",
            "--log-prefix", method, "postgres",
        )  # fmt: skip
        rate = re.search(r"tps = ([0-9.]+)", text)
        if rate is None:
            raise RuntimeError(f"pgbench says\n{text}")
        return float(rate[1]), self._median_us(method)

    def _median_us(self, prefix: str) -> float:
        """Of the latencies that pgbench has logged; its logs go."""
        latencies = []
        for log in self._folder.glob(f"{prefix}.[0-9]*"):
            latencies += [int(line.split()[2]) for line in log.read_text().splitlines()]
            log.unlink()
        return float(median(latencies))

    def store_keys(self) -> None:
        """Those that pgbench reads and writes. The gateway has made the table."""
        last = FIRST_KEY + KEYS - 1
        value = "x" * self._means.value_bytes
        sql = (
            "INSERT INTO bench.kv (namespace, key, more, value) SELECT 'bench', "
            f"convert_to('straight' || n, 'UTF8'), '', '{value}' "
            f"FROM generate_series({FIRST_KEY}, {last}) AS n ON CONFLICT DO NOTHING"
        )
        self._run("psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "bench", "-q", "-c", sql,
                  "postgres")  # fmt: skip


def missing() -> list[str]:
    """The programs that are needed and not there."""
    return [name for name in ("postgres", "pgbench") if not (PROGRAMS / name).exists()]


def measure(means: Means) -> report.Round:
    """One round: row -> the figures of the gateway and of pgbench."""
    found: report.Round = {}
    with Postgres(means) as postgres:
        gateway = postgres.peer(means.binaries, CONNECTIONS)
        for method in METHODS:
            with Server(gateway, means.binaries, FREE) as server:
                many = means.load(server, CONNECTIONS, STREAMS, method)
                one = means.load(server, 1, 1, method)
            postgres.store_keys()
            straight = postgres.straight(method, CONNECTIONS)
            alone = postgres.straight(method, 1)
            found[f"postgres {method}"] = {
                "requests_per_s": many["requests_per_s"],
                "cpu_us": many["cpu_us"],
                "busy": many["busy"],
                "p50_us": many["p50_us"],
                "one_p50_us": one["p50_us"],
                "straight_requests_per_s": straight[0],
                "straight_one_p50_us": alone[1],
            }
    return found
