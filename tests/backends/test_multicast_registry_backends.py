#!/usr/bin/python3
"""The multicast registry with servers in its slots: the same clients and the same tests as on
MemStore alone."""

import json
import os
import subprocess
import tempfile
import unittest

from servers import Gateway, Postgres, Redis, find, harness, until
import test_multicast_registry
from api import message
from test_multicast_registry import DELIVERED, PACKAGE, QUEUED, SERVICE, Listener, pattern


def setUpModule():
    find("redis-server")


class OnRedis(test_multicast_registry.MulticastRegistry):
    """Identities and messages on Redis; what waits for the absent is kept by MemStore."""

    SLOTS = {"registry": "redis", "messaging": "redis", "durability": "memory"}

    @classmethod
    def backends(cls):
        redis = cls.enterClassContext(Redis())
        return {"redis": {"driver": "redis", "url": redis.url}, "memory": {"driver": "memstore"}}


class OnRedisAndPostgres(test_multicast_registry.MulticastRegistry):
    """Identities and messages on Redis; what waits for the absent is kept by Postgres."""

    SLOTS = {"registry": "redis", "messaging": "redis", "durability": "postgres"}

    @classmethod
    def backends(cls):
        return servers_of(cls.enterClassContext(Redis()), cls.enterClassContext(Postgres()))


class KeptMessages(unittest.TestCase):
    """What waits in Postgres outlives everything but Postgres's disk."""

    def setUp(self):
        self.redis = self.enterContext(Redis())
        self.postgres = self.enterContext(Postgres("-c", "synchronous_commit=on"))
        self.config = {
            "backends": servers_of(self.redis, self.postgres),
            "namespaces": [pattern("devices", registry="redis", messaging="redis",
                                   durability="postgres")]}
        self.gateway = self.start()

    def start(self):
        gateway = self.enterContext(Gateway(**self.config))
        until(lambda: gateway.admin("/readyz")[0] == 200, "the gateway is ready")
        return gateway

    def call(self, method, **fields):
        with self.gateway.client("devices") as client:
            request = message(PACKAGE + method + "Request")(**fields)
            return client.start(SERVICE + method, request).result()

    def send(self, payload):
        return self.call("Multicast", filter={"has": ["kind"]}, payload=payload)

    def test_they_outlive_gateway_and_postgres(self):
        for name in ("here", "away"):
            self.call("Register", identity=name, metadata={"kind": "pump"})
        here = Listener(self.gateway.client("devices"), "here")
        expected = [b"%d" % number for number in range(50)]
        for payload in expected:
            sent = self.send(payload)
            self.assertEqual({each.identity: each.outcome for each in sent.deliveries},
                             {"here": DELIVERED, "away": QUEUED})
        here.wait(lambda: here.payloads() == expected)
        self.gateway.popen.kill()
        self.gateway.wait()
        self.postgres.kill()
        self.postgres.start()
        self.gateway = self.start()
        away = Listener(self.gateway.client("devices"), "away")
        away.wait(lambda: len(away.messages) >= len(expected), 20)
        self.assertEqual(away.payloads(), expected)
        self.assertTrue(all(each.kept for each in away.messages))
        away.close()

    def test_validate_shows_what_each_slot_needs(self):
        with tempfile.TemporaryDirectory(prefix="prism-validate-") as folder:
            path = os.path.join(folder, "prism.yaml")
            with open(path, "w", encoding="utf-8") as file:
                json.dump(self.config, file)
            done = subprocess.run([harness.program("prism"), "validate", path], capture_output=True,
                                  text=True, timeout=30, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        for line in ("keyvalue_scan (redis implements)", "pubsub_basic (redis implements)",
                     "queue_basic (postgres implements)",
                     "queue_visibility (postgres implements)",
                     "queue_dead_letter (postgres implements)"):
            self.assertIn("\u2713 " + line, done.stdout)
        self.assertNotIn("\u2717", done.stdout)


def servers_of(redis, postgres):
    return {"redis": {"driver": "redis", "url": redis.url},
            "postgres": {"driver": "postgres", "url": postgres.url}}


if __name__ == "__main__":
    harness.main(__name__)
