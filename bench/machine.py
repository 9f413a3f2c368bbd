"""What a result must be read with: the machine and the versions."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

from peers import Binaries


def _first_line(*command: str) -> str:
    if shutil.which(command[0]) is None:
        return "not installed"
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = (done.stdout + done.stderr).strip().splitlines()
    return lines[0] if lines else "unknown"


def _package(name: str) -> str:
    found = _first_line("pkg-config", "--modversion", name)
    return found if re.match(r"\d", found) else "not installed"


def _proc_field(path: str, field: str) -> str:
    for line in Path(path).read_text().splitlines():
        if line.startswith(field):
            return line.split(":", 1)[1].strip()
    return "unknown"


def machine() -> dict[str, str | int]:
    return {
        "cpu": _proc_field("/proc/cpuinfo", "model name"),
        "cpus": len(os.sched_getaffinity(0)),
        "memory": _proc_field("/proc/meminfo", "MemTotal"),
        "kernel": platform.release(),
        "architecture": platform.machine(),
    }


def versions(binaries: Binaries) -> dict[str, str]:
    return {
        "compiler": _first_line("c++", "--version"),
        "nghttp2": _package("libnghttp2"),
        "protobuf": _package("protobuf"),
        "grpc++": _package("grpc++"),
        "haproxy": _first_line("haproxy", "-v"),
        "nginx": _first_line("nginx", "-v"),
        "redis": _first_line("redis-server", "--version"),
        "prism": _first_line(str(binaries.prism), "--version"),
        "python": platform.python_version(),
    }
