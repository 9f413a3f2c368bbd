"""Starts programs for tests, waits for them by their ports, and ends them for certain."""

import os
import re
import select
import signal
import socket
import subprocess
import tempfile
import time


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, process, seconds=20):
    """Returns when 127.0.0.1:port accepts; raises if the process ends or the time is up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.popen.poll() is not None:
            break
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    raise AssertionError(f"{process.name} does not listen on port {port}:\n{process.log()}")


class Process:
    """A program under test with its output in a temporary file. A context manager."""

    def __init__(self, *command, env=None):
        self.name = os.path.basename(command[0])
        self._log = tempfile.TemporaryFile()
        self.popen = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self._log,
                                      stderr=subprocess.STDOUT,
                                      env={**os.environ, **(env or {})})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def pid(self):
        return self.popen.pid

    def log(self):
        return os.pread(self._log.fileno(), 1 << 20, 0).decode(errors="replace")

    def alive(self):
        return self.popen.poll() is None

    def rss_bytes(self):
        """Resident memory now."""
        with open(f"/proc/{self.pid}/statm", encoding="ascii") as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def announced_port(self, seconds=20):
        """The port of a program that says `listening on ADDRESS:PORT` once it does."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.alive():
            found = re.search(r"listening on [\d.]+:(\d+)", self.log())
            if found:
                return int(found.group(1))
            time.sleep(0.01)
        raise AssertionError(f"{self.name} announced no port:\n{self.log()}")

    def signal(self, number):
        self.popen.send_signal(number)

    def wait(self, seconds=20):
        return self.popen.wait(seconds)

    def stop(self):
        """Ends the program if it runs and returns its exit code."""
        if self.alive():
            self.signal(signal.SIGTERM)
            try:
                self.wait(10)
            except subprocess.TimeoutExpired:
                self.popen.kill()
                self.wait()
        return self.popen.returncode


def readable(sock, seconds):
    return bool(select.select([sock], [], [], seconds)[0])
