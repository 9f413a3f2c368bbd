"""Starts real servers for tests: on loopback, on free ports, with folders that go with them."""

import contextlib
import glob
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../e2e"))

from prism_server import Gateway, harness, processes  # noqa: E402, F401


def find(name):
    """The path of a server's program; a test that needs one which is not there is skipped."""
    path = shutil.which(name)
    if not path:
        raise unittest.SkipTest(f"{name} is not installed")
    return path


def until(condition, what, seconds=20):
    """Returns what `condition` returns as soon as that is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        result = condition()
        if result:
            return result
        time.sleep(0.02)
    raise AssertionError(f"it never came true that {what}")


class Redis:
    """A redis-server. A context manager; `start` and `kill` may be called again and again."""

    def __init__(self, *options, port=None, tls=None, program="redis-server"):
        self._program = find(program)
        self.folder = tempfile.mkdtemp(prefix="prism-redis-")
        self.port = port or processes.free_port()
        self.socket = os.path.join(self.folder, "redis.sock")
        self._tls = tls
        port_options = ["--port", str(self.port)]
        if tls:
            port_options = ["--port", "0", "--tls-port", str(self.port)]
            port_options += ["--tls-cert-file", tls["certificate"], "--tls-key-file", tls["key"],
                             "--tls-ca-cert-file", tls["ca"], "--tls-auth-clients", "no"]
        self._options = ["--bind", "127.0.0.1", "--dir", self.folder, "--unixsocket", self.socket,
                         *port_options, *(options or ("--save", "", "--appendonly", "no"))]
        self.process = None
        self.start()

    def start(self):
        self.process = processes.Process(self._program, *self._options)
        processes.wait_for_port(self.port, self.process)
        until(lambda: self.command("PING") != b"-LOADING", "Redis has loaded its data")

    def kill(self):
        self.process.popen.kill()
        self.process.wait()

    @contextlib.contextmanager
    def paused(self):
        os.kill(self.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.process.pid, signal.SIGCONT)

    def command(self, *words):
        """Sends one command on a connection of its own; returns the reply's first line."""
        if self._tls:
            return b"+PONG"
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            parts = [f"*{len(words)}\r\n".encode()]
            for word in words:
                raw = word if isinstance(word, bytes) else str(word).encode()
                parts.append(b"$%d\r\n%s\r\n" % (len(raw), raw))
            connection.sendall(b"".join(parts))
            reply = connection.makefile("rb").readline().rstrip()
            return b"-LOADING" if reply.startswith(b"-LOADING") else reply

    def info(self, section):
        """The text of INFO; nothing if the server hangs up, as when a sentinel promotes it."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(f"INFO {section}\r\n".encode())
            reply = connection.makefile("rb")
            return reply.read(int(reply.readline()[1:] or b"0"))

    @property
    def url(self):
        return f"redis{'s' if self._tls else ''}://127.0.0.1:{self.port}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


POSTGRES_PROGRAMS = "/usr/lib/postgresql/15/bin"


class Postgres:
    """A Postgres with a database `prism`. A context manager; `start` and `kill` may be called again
    and again. It refuses to run as root, and becomes `postgres` then."""

    def __init__(self, *options):
        if not os.path.exists(f"{POSTGRES_PROGRAMS}/postgres"):
            raise unittest.SkipTest("postgresql-15 is not installed")
        self.folder = tempfile.mkdtemp(prefix="prism-postgres-", dir="/tmp")
        os.chmod(self.folder, 0o755)
        self._data = os.path.join(self.folder, "data")
        os.mkdir(self._data)
        self._as_user = []
        if os.geteuid() == 0:
            self._as_user = [find("setpriv"), "--reuid=postgres", "--regid=postgres", "--clear-groups"]
            for path in (self.folder, self._data):
                shutil.chown(path, "postgres", "postgres")
        self.port = processes.free_port()
        self._options = ["-c", "fsync=off", *options]
        self._run("initdb", "-D", self._data, "-U", "prism", "--auth=trust", "--no-sync",
                  "--no-locale", "--encoding=UTF8")
        self.process = None
        self.start()
        self.execute("CREATE DATABASE prism", database="postgres")

    def _run(self, program, *arguments):
        done = subprocess.run([*self._as_user, f"{POSTGRES_PROGRAMS}/{program}", *arguments],
                              cwd=self.folder, capture_output=True, text=True, timeout=60, check=False)
        if done.returncode != 0:
            raise AssertionError(f"{program}: {done.stderr}")
        return done.stdout

    def start(self):
        # Right after a kill its old processes may still hold the data.
        until(self._starts, "Postgres starts")
        until(self._accepts, "Postgres accepts connections")

    def _starts(self):
        self.process = processes.Process(
            *self._as_user, f"{POSTGRES_PROGRAMS}/postgres", "-D", self._data, "-k", self.folder,
            "-c", "listen_addresses=127.0.0.1", "-c", f"port={self.port}", *self._options)
        try:
            processes.wait_for_port(self.port, self.process)
        except AssertionError:
            return False
        return True

    def _accepts(self):
        return subprocess.run([f"{POSTGRES_PROGRAMS}/pg_isready", "-q", "-h", "127.0.0.1", "-p",
                               str(self.port)], timeout=20, check=False).returncode == 0

    def _signal(self, number):
        """To all its processes: the first one alone neither stops nor ends the others."""
        for pid in [self.process.pid, *children(self.process.pid)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def kill(self):
        self._signal(signal.SIGKILL)
        self.process.wait()

    @contextlib.contextmanager
    def paused(self):
        self._signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._signal(signal.SIGCONT)

    def execute(self, sql, database="prism"):
        """What one statement answers, as psql prints it without decoration."""
        return self._run("psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "prism", "-d", database,
                         "-v", "ON_ERROR_STOP=1", "-At", "-c", sql).strip()

    @property
    def url(self):
        return f"postgres://prism@127.0.0.1:{self.port}/prism"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # At once: it waits for its sessions otherwise.
        self.process.signal(signal.SIGQUIT)
        self.process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def children(pid):
    """The processes that `pid` has started and that are still there."""
    found = []
    for stat in glob.glob("/proc/[0-9]*/stat"):
        with contextlib.suppress(OSError), open(stat, encoding="utf-8", errors="replace") as file:
            number, parent = file.read().rpartition(")")[::2]
            if int(parent.split()[1]) == pid:
                found.append(int(number.split()[0]))
    return found


@contextlib.contextmanager
def redis_cluster(nodes=3):
    """Servers that have made a cluster, all slots served."""
    cli = find("redis-cli")
    with contextlib.ExitStack() as stack:
        servers = []
        while len(servers) < nodes:
            port = processes.free_port()
            if port + 10000 > 65535:  # the cluster's own port
                continue
            servers.append(stack.enter_context(
                Redis("--save", "", "--cluster-enabled", "yes", "--cluster-config-file",
                      "nodes.conf", "--cluster-node-timeout", "2000", port=port)))
        addresses = [f"127.0.0.1:{server.port}" for server in servers]
        subprocess.run([cli, "--cluster", "create", *addresses, "--cluster-yes"], check=True,
                       capture_output=True, timeout=60)
        for server in servers:
            until(lambda s=server: cluster_is_up(s), "the cluster serves all slots")
        yield servers


def move_slot(slot, source, target):
    """Moves a slot with its keys between two servers of a cluster, as an operator's tools do."""
    cli = find("redis-cli")

    def run(server, *words):
        done = subprocess.run([cli, "-p", str(server.port), *map(str, words)], check=True,
                              capture_output=True, text=True, timeout=20)
        return done.stdout.strip()

    source_id, target_id = run(source, "CLUSTER", "MYID"), run(target, "CLUSTER", "MYID")
    run(target, "CLUSTER", "SETSLOT", slot, "IMPORTING", source_id)
    run(source, "CLUSTER", "SETSLOT", slot, "MIGRATING", target_id)
    while keys := run(source, "CLUSTER", "GETKEYSINSLOT", slot, 10).split():
        run(source, "MIGRATE", "127.0.0.1", target.port, "", 0, 5000, "KEYS", *keys)
    for server in (target, source):
        run(server, "CLUSTER", "SETSLOT", slot, "NODE", target_id)


def cluster_is_up(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(b"CLUSTER INFO\r\n")
        return b"cluster_state:ok" in connection.recv(4096)


@contextlib.contextmanager
def redis_sentinel(name, *servers):
    """A sentinel that watches the first server as the primary `name`, with the others as its
    replicas; its port. It alone decides about a failover."""
    program = find("redis-sentinel")
    primary, replicas = servers[0], servers[1:]
    for replica in replicas:
        replica.command("REPLICAOF", "127.0.0.1", primary.port)
        until(lambda r=replica: b"master_link_status:up" in r.info("replication"), "it replicates")
    port = processes.free_port()
    with tempfile.TemporaryDirectory(prefix="prism-sentinel-") as folder:
        config = os.path.join(folder, "sentinel.conf")
        with open(config, "w", encoding="ascii") as file:
            file.write(f"port {port}\nbind 127.0.0.1\ndir {folder}\n"
                       f"sentinel monitor {name} 127.0.0.1 {primary.port} 1\n"
                       f"sentinel down-after-milliseconds {name} 500\n"
                       f"sentinel failover-timeout {name} 3000\n")
        with processes.Process(program, config) as process:
            processes.wait_for_port(port, process)
            yield port
