#!/usr/bin/python3
"""Debian's gRPC C++ library as a client of the gateway."""

import os
import subprocess
import unittest

from prism_server import NAMESPACES, Gateway, harness


class GrpcCxx(unittest.TestCase):
    def test_client(self):
        client = os.path.join(harness.build_dir(), "tests/interop/grpcxx_client")
        if not os.path.exists(client):
            self.skipTest("libgrpc++-dev or protobuf-compiler-grpc not found, or a sanitizer build")
        with Gateway() as gateway:
            done = subprocess.run([client, gateway.address, NAMESPACES[0]], capture_output=True,
                                  text=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, "PASS\n"), done.stderr)


harness.main(__name__)
