#!/usr/bin/python3
"""The driver `redis` against real servers: every contract that it claims, over every way to reach a
server."""

import json
import os
import subprocess
import tempfile
import unittest

from servers import Redis, find, harness, redis_cluster
from certificates import Authority


# Messages of topics without durable names go by themselves.
COUNT_LASTING_KEYS = """
local lasting = 0
for _, key in ipairs(redis.call('KEYS', '*')) do
  if redis.call('PTTL', key) == -1 then lasting = lasting + 1 end
end
return lasting
"""


def setUpModule():
    find("redis-server")


class RedisTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="prism-redis-test-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def config(self, **backend):
        """The path of a configuration with two namespaces on a Redis."""
        path = os.path.join(self.folder, "prism.yaml")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"backends": {"store": {"driver": "redis", **backend}},
                       "namespaces": [{"name": "orders", "backend": "store"},
                                      {"name": "carts", "backend": "store"}]}, file)
        return path

    def assert_conforms(self, *arguments, **backend):
        """Whatever the driver claims passes, and whatever it does not claim is refused."""
        done = subprocess.run(
            [harness.program("prism"), "conformance", "--config", self.config(**backend), "-n",
             "orders", "--other-namespace", "carts", "--output", "json", *arguments],
            capture_output=True, text=True, timeout=300, check=False)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        report = json.loads(done.stdout)
        for interface in report["interfaces"]:
            for case in interface["cases"]:
                with self.subTest(interface=interface["interface"], case=case["name"]):
                    self.assertNotEqual(case["result"], "failed", case["failures"])
        self.assertGreater(sum(each["claimed"] for each in report["interfaces"]), 0)

    def test_conforms(self):
        with Redis() as redis:
            self.assert_conforms(url=redis.url)
            keys = redis.command("EVAL", COUNT_LASTING_KEYS, 0)
            self.assertEqual(keys, b":0", "the suites left something behind")

    def test_conforms_over_a_unix_socket_with_a_user_and_a_database(self):
        with Redis() as redis:
            redis.command("ACL", "SETUSER", "gateway", "on", ">se:cret", "~gw:*", "&gw:*", "+@all",
                          "-@dangerous")
            redis.command("ACL", "SETUSER", "default", "off")
            self.assert_conforms("--interface", "keyvalue_*", key_prefix="gw:",
                                 url=f"redis+unix://gateway:se%3Acret@{redis.socket}?database=3")

    def test_conforms_over_tls(self):
        authority = Authority(self.folder, "ca")
        certificate, key = authority.issue("server")
        tls = {"ca": authority.path("pem"), "certificate": certificate, "key": key}
        with Redis(tls=tls) as redis:
            self.assert_conforms("--interface", "keyvalue_basic", url=redis.url, tls_ca=tls["ca"])

    def test_conforms_on_a_cluster(self):
        with redis_cluster() as servers:
            seeds = ",".join(f"127.0.0.1:{server.port}" for server in servers)
            self.assert_conforms(url=f"redis://{seeds}", cluster="true")


if __name__ == "__main__":
    harness.main(__name__)
