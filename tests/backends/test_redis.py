#!/usr/bin/python3
"""The driver `redis` against real servers: every contract that it claims, over every way to reach a
server."""

import json
import os
import signal
import subprocess
import tempfile
import threading
import unittest

import grpc

from servers import (Gateway, Redis, find, harness, move_slot, redis_cluster, redis_sentinel,
                     until)
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

    def test_follows_a_slot_that_moves(self):
        servers = self.enterContext(redis_cluster())
        url = f"redis://127.0.0.1:{servers[0].port}"
        backends = {"store": {"driver": "redis", "url": url, "cluster": "true"}}
        namespaces = [{"name": "orders", "backend": "store"}]
        with Gateway(backends=backends, namespaces=namespaces) as gateway:
            orders = gateway.client()
            until(lambda: stored(orders, "count", b"0"), "the gateway knows the cluster")
            slot = int(servers[0].command("CLUSTER", "KEYSLOT", "prism:{orders}:")[1:])
            owner = next(server for server in servers
                         if server.command("CLUSTER", "COUNTKEYSINSLOT", slot) != b":0")
            others = [server for server in servers if server is not owner]
            done, acknowledged = threading.Event(), []
            counter = threading.Thread(target=count_up, args=(orders, done, acknowledged))
            counter.start()
            for source, target in ((owner, others[0]), (others[0], others[1]), (others[1], owner)):
                move_slot(slot, source, target)
            until(lambda: len(acknowledged) > 100, "it goes on counting")
            done.set()
            counter.join(30)
            value = int(orders.call("KeyValueBasicInterface.Get", key="count").value)
            self.assertEqual(value, acknowledged[-1], "nothing was lost and nothing came twice")
            self.assertEqual(acknowledged, list(range(1, value + 1)))

    def test_follows_the_primary_that_a_sentinel_names(self):
        primary, replica = (self.enterContext(Redis()) for _ in range(2))
        port = self.enterContext(redis_sentinel("main", primary, replica))
        backends = {"store": {"driver": "redis", "url": f"redis://127.0.0.1:{port}",
                              "sentinel_master": "main"}}
        namespaces = [{"name": "orders", "backend": "store"}]
        with Gateway(backends=backends, namespaces=namespaces) as gateway:
            orders = gateway.client()
            until(lambda: gateway.admin("/readyz")[0] == 200, "the gateway is ready")
            orders.call("KeyValueBasicInterface.Set", key="before", value=b"1")
            until(lambda: b"keys=" in replica.info("keyspace"), "the replica has it")
            primary.kill()
            until(lambda: b"role:master" in replica.info("replication"), "it is promoted", 30)
            until(lambda: stored(orders, "after", b"2"), "writes go to the new primary", 30)
            self.assertEqual(orders.call("KeyValueBasicInterface.Get", key="before").value, b"1")

    def test_health_is_that_of_the_backends_in_use(self):
        redis = self.enterContext(Redis("--appendonly", "yes", "--appendfsync", "everysec"))
        redis.kill()
        backends = {"store": {"driver": "redis", "url": redis.url},
                    "memory": {"driver": "memstore"}}
        namespaces = [{"name": "orders", "backend": "store"}]
        with Gateway(backends=backends, namespaces=namespaces) as gateway:
            self.assertEqual(gateway.admin("/readyz")[0], 503)
            self.assertIn("backend store: UNAVAILABLE", gateway.admin("/readyz")[1])
            self.assertIn('prism_backend_up{backend="store",driver="redis"} 0',
                          gateway.admin("/metrics")[1])
            self.assertNotIn('backend="memory"', gateway.admin("/metrics")[1], "nobody uses it")
            redis.start()
            until(lambda: gateway.admin("/readyz")[0] == 200, "the gateway is ready")
            self.assertIn('prism_backend_up{backend="store",driver="redis"} 1',
                          gateway.admin("/metrics")[1])
            until(lambda: "appendfsync everysec" in gateway.admin("/status")[1],
                  "the status says what the server's settings mean")
            # Another namespace is served, so the gateway is.
            gateway.config["namespaces"].append({"name": "carts", "backend": "memory"})
            gateway.write_config()
            gateway.signal(signal.SIGHUP)
            until(lambda: "carts" in gateway.admin("/status")[1], "the new namespace is there")
            redis.kill()
            until(lambda: "backend store" in gateway.admin("/readyz")[1], "the loss is noticed")
            self.assertEqual(gateway.admin("/readyz")[0], 200)


def count_up(client, done, acknowledged):
    """Increments "count" by compare-and-swap until told to end. A refused call was not applied."""
    value = 0
    while not done.is_set():
        try:
            answer = client.call("KeyValueCasInterface.CompareAndSwap", key="count",
                                 expected=str(value).encode(), value=str(value + 1).encode())
        except grpc.RpcError:
            continue
        if answer.swapped:
            value += 1
            acknowledged.append(value)


def stored(client, key, value):
    """Whether a Set is answered OK."""
    try:
        client.call("KeyValueBasicInterface.Set", key=key, value=value)
        return True
    except grpc.RpcError:
        return False


if __name__ == "__main__":
    harness.main(__name__)
