"""Builds the Go programs that tests/interop/go pins, or skips by name where that cannot be."""

import functools
import os
import shutil
import subprocess
import unittest

import harness

PACKAGES = {
    "interop client": ("client", "google.golang.org/grpc/interop/client"),
    "interop server": ("server", "google.golang.org/grpc/interop/server"),
    "h2spec": ("h2spec", "github.com/summerwind/h2spec/cmd/h2spec"),
}


@functools.lru_cache(maxsize=None)
def program(name):
    """The path of a built program of PACKAGES. Raises SkipTest without toolchain or modules."""
    go = shutil.which("go") or shutil.which("/usr/local/go/bin/go")
    if not go:
        raise unittest.SkipTest("Go toolchain not found")
    binary, package = PACKAGES[name]
    out = os.path.join(harness.ROOT, "build", "go", binary)
    # -mod=readonly: what go.sum does not vouch for is not built.
    done = subprocess.run([go, "build", "-mod=readonly", "-o", out, package], check=False,
                          cwd=os.path.join(harness.ROOT, "tests/interop/go"),
                          capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["no output"])[-1]
        raise unittest.SkipTest(f"Go program {package} cannot be built: {reason}")
    return out
