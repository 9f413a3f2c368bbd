"""The servers that are measured: how each is started, and what of a running one is read."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

NAMESPACE = "bench"
READY_LIMIT_S = 10.0

PRISM_CONFIG = """\
listen: 127.0.0.1:{port}
workers: 1
backends:
  memstore: {{driver: memstore}}
namespaces:
  - {{name: bench, backend: memstore}}
"""

HAPROXY_CONFIG = """\
global
  nbthread 1
  maxconn 6000
defaults
  mode http
  timeout connect 5s
  timeout client 1h
  timeout server 1h
frontend front
  bind 127.0.0.1:{port} proto h2
  default_backend floor
backend floor
  http-reuse always
  server floor 127.0.0.1:{upstream} proto h2
"""

NGINX_CONFIG = """\
{user}
daemon off;
pid {directory}/nginx.pid;
error_log stderr error;
worker_processes 1;
worker_rlimit_nofile 12000;
events {{ worker_connections 8000; }}
http {{
  access_log off;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  keepalive_requests 1000000000;
  upstream floor {{
    server 127.0.0.1:{upstream};
    keepalive 512;
    keepalive_requests 1000000000;
  }}
  server {{
    listen 127.0.0.1:{port} http2;
    location / {{ grpc_pass grpc://floor; }}
  }}
}}
"""


@dataclass(frozen=True)
class Binaries:
    """Where the programs are; the optional ones may be missing."""

    build: Path

    @property
    def floor(self) -> Path:
        return self.build / "bench" / "floor_server"

    @property
    def grpcxx(self) -> Path:
        return self.build / "bench" / "grpcxx_server"

    @property
    def load(self) -> Path:
        return self.build / "bench" / "prism_load"

    @property
    def prism(self) -> Path:
        return self.build / "prism"


@dataclass(frozen=True)
class Place:
    """What a server is started with: a port of its own, a directory, its upstream's port."""

    port: int
    directory: Path
    upstream: int


@dataclass(frozen=True)
class Peer:
    """A server to measure. A proxy gets a floor_server behind it."""

    name: str
    program: str
    command: Callable[[Place], list[str]]
    proxy: bool = False

    def missing(self) -> bool:
        return shutil.which(self.program) is None


def configured(place: Place, name: str, text: str) -> str:
    path = place.directory / name
    path.write_text(text)
    return str(path)


def all_peers(binaries: Binaries) -> list[Peer]:
    def prism(place: Place) -> list[str]:
        config = configured(place, "prism.yaml", PRISM_CONFIG.format(port=place.port))
        return [str(binaries.prism), "serve", "--config", config]

    def haproxy(place: Place) -> list[str]:
        text = HAPROXY_CONFIG.format(port=place.port, upstream=place.upstream)
        return ["haproxy", "-db", "-f", configured(place, "haproxy.cfg", text)]

    def nginx(place: Place) -> list[str]:
        text = NGINX_CONFIG.format(
            port=place.port,
            upstream=place.upstream,
            directory=place.directory,
            user="user root;" if os.geteuid() == 0 else "",
        )
        config = configured(place, "nginx.conf", text)
        return ["nginx", "-c", config, "-p", str(place.directory), "-e", "stderr"]

    def plain(program: Path) -> Callable[[Place], list[str]]:
        return lambda place: [str(program), "--port", str(place.port)]

    return [
        Peer("floor", str(binaries.floor), plain(binaries.floor)),
        Peer("prism", str(binaries.prism), prism),
        Peer("grpcxx", str(binaries.grpcxx), plain(binaries.grpcxx)),
        Peer("haproxy", "haproxy", haproxy, proxy=True),
        Peer("nginx", "nginx", nginx, proxy=True),
    ]


@dataclass(frozen=True)
class Pinning:
    """The CPU of the measured server and that of all else; None: the scheduler decides."""

    server: int | None
    load: int | None

    @staticmethod
    def of_this_machine() -> Pinning:
        cpus = sorted(os.sched_getaffinity(0))
        return Pinning(cpus[0], cpus[-1]) if len(cpus) > 1 else Pinning(None, None)


def on_cpu(command: list[str], cpu: int | None) -> list[str]:
    """The command, bound to a CPU where there is one to bind it to."""
    if cpu is None or shutil.which("taskset") is None:
        return command
    return ["taskset", "-c", str(cpu), *command]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A peer and what it needs, running for the length of a with statement.

    With `run=False` all is prepared (a proxy's upstream runs) but the peer itself is not started:
    its command is then timed by the load program.
    """

    def __init__(
        self, peer: Peer, binaries: Binaries, pinning: Pinning, *, run: bool = True
    ) -> None:
        self._peer, self._binaries, self._pinning, self._run = peer, binaries, pinning, run
        self._stack = ExitStack()
        self.port = free_port()
        self.command: list[str] = []
        self.pid = 0

    @property
    def target(self) -> str:
        return f"127.0.0.1:{self.port}"

    def __enter__(self) -> Server:
        with ExitStack() as stack:
            directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
            upstream = self._start_upstream(stack) if self._peer.proxy else 0
            self.command = self._peer.command(Place(self.port, directory, upstream))
            if self._run:
                command = on_cpu(self.command, self._pinning.server)
                self.pid = start(stack, command, self.port, directory / "log")
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def _start_upstream(self, stack: ExitStack) -> int:
        port = free_port()
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        command = [str(self._binaries.floor), "--port", str(port)]
        start(stack, on_cpu(command, self._pinning.load), port, directory / "log")
        return port

    def pids(self) -> list[int]:
        """The server's process and all its descendants."""
        found = [self.pid]
        for pid in found:
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                found += [int(child) for child in children.read_text().split()]
        return found

    def rss_mb(self) -> float:
        """Resident memory of all its processes; pages that they share count in each."""
        kib = 0
        for pid in self.pids():
            for line in Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith("VmRSS:"):
                    kib += int(line.split()[1])
        return kib / 1024


def start(stack: ExitStack, command: list[str], port: int, log: Path) -> int:
    """Starts a server that the stack will stop, and waits until its port answers."""
    output = stack.enter_context(log.open("w"))
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
    )
    stack.callback(_stop, process)
    deadline = time.monotonic() + READY_LIMIT_S
    while not _listening(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{' '.join(command)} does not listen:\n{log.read_text()}")
        time.sleep(0.005)
    return process.pid


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
