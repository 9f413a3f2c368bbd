#!/usr/bin/python3
"""The six keyvalue interfaces over MemStore, called through an independent client."""

import threading
import time
import unittest

import grpc

from prism_server import Gateway, api, harness

gateway = None


def setUpModule():
    global gateway
    gateway = Gateway()
    unittest.addModuleCleanup(gateway.stop)


class KvTest(unittest.TestCase):
    """A client on the first namespace, and a key prefix of the test's own."""

    def setUp(self):
        self.kv = gateway.client()
        self.addCleanup(self.kv.channel.close)
        self.prefix = self.id() + "/"

    def key(self, name="k"):
        return self.prefix + name

    def set(self, name, value, client=None):
        (client or self.kv).call("KeyValueBasicInterface.Set", key=self.key(name), value=value)

    def get(self, name, client=None):
        """The value, or None if the key is absent."""
        answer = (client or self.kv).call("KeyValueBasicInterface.Get", key=self.key(name))
        if not answer.found:
            self.assertEqual(answer.value, b"")
            return None
        return answer.value


class Basic(KvTest):
    def test_set_get_delete_exists(self):
        exists = lambda: self.kv.call("KeyValueBasicInterface.Exists", key=self.key()).found
        delete = lambda: self.kv.call("KeyValueBasicInterface.Delete", key=self.key()).found
        self.assertIsNone(self.get("k"))
        self.assertFalse(exists())
        self.set("k", b"one")
        self.set("k", b"two")
        self.assertEqual(self.get("k"), b"two")
        self.assertTrue(exists())
        self.assertTrue(delete())
        self.assertFalse(delete())
        self.assertIsNone(self.get("k"))

    def test_values_are_any_bytes(self):
        for value in (b"", b"\0\xff" * 7, bytes(range(256)) * 4096):
            self.set("k", value)
            self.assertEqual(self.get("k"), value)

    def test_namespaces_do_not_meet(self):
        with gateway.client("carts") as other:
            self.set("k", b"mine")
            self.assertIsNone(self.get("k", other))
            self.set("k", b"theirs", other)
            self.assertEqual(self.get("k"), b"mine")

    def test_every_connection_sees_a_write_at_once(self):
        # Separate connections, so that the kernel spreads them over the workers.
        clients = [gateway.client() for _ in range(8)]
        for number, writer in enumerate(clients):
            self.set("k", b"%d" % number, writer)
            for reader in clients:
                self.assertEqual(self.get("k", reader), b"%d" % number)
        for client in clients:
            client.channel.close()

    def test_keys_are_checked(self):
        longest = "k" * 4096
        self.kv.call("KeyValueBasicInterface.Set", key=longest)
        self.assertTrue(self.kv.call("KeyValueBasicInterface.Delete", key=longest).found)
        for bad in ("", longest + "k"):
            api.refusal(self, grpc.StatusCode.INVALID_ARGUMENT, self.kv.call,
                        "KeyValueBasicInterface.Set", key=bad)


class Scan(KvTest):
    def setUp(self):
        super().setUp()
        self.names = [f"{n:04}" for n in range(2500)]
        entries = [{"key": self.key(n), "value": n.encode()} for n in self.names]
        for start in range(0, len(entries), 1000):
            self.kv.call("KeyValueBatchInterface.BatchSet", entries=entries[start:start + 1000])

    def test_scan_returns_all_in_order_in_bounded_pages(self):
        pages = self.kv.call("KeyValueScanInterface.Scan", prefix=self.prefix)
        self.assertTrue(all(0 < len(page.entries) <= 1000 for page in pages))
        entries = [(e.key, e.value) for page in pages for e in page.entries]
        self.assertEqual(entries, [(self.key(n), n.encode()) for n in self.names])
        self.assertEqual(pages[-1].cursor, b"")

    def test_cursor_resumes(self):
        cursor, keys = b"", []
        while True:
            pages = self.kv.call("KeyValueScanInterface.ScanKeys", prefix=self.prefix,
                                 cursor=cursor, limit=700)
            for page in pages:
                keys += page.keys
            if not pages or not pages[-1].cursor:
                break
            cursor = pages[-1].cursor
        self.assertEqual(keys, [self.key(n) for n in self.names])

    def test_count_and_nothing(self):
        count = self.kv.call("KeyValueScanInterface.Count", prefix=self.prefix + "00").count
        self.assertEqual(count, 100)
        self.assertEqual(self.kv.call("KeyValueScanInterface.Scan", prefix=self.key("x")), [])

    def test_damaged_cursor(self):
        api.refusal(self, grpc.StatusCode.INVALID_ARGUMENT, self.kv.call,
                    "KeyValueScanInterface.Scan", prefix=self.prefix, cursor=b"nonsense")


class Ttl(KvTest):
    def expire(self, name, ttl_ms):
        return self.kv.call("KeyValueTTLInterface.Expire", key=self.key(name), ttl_ms=ttl_ms).found

    def ttl(self, name="k"):
        return self.kv.call("KeyValueTTLInterface.GetTTL", key=self.key(name))

    def test_key_vanishes(self):
        self.set("k", b"v")
        self.assertTrue(self.expire("k", 60))
        end = time.monotonic() + 10
        while self.get("k") is not None:
            self.assertLess(time.monotonic(), end)
        self.assertFalse(self.ttl().found)
        self.assertEqual(self.kv.call("KeyValueScanInterface.Count", prefix=self.prefix).count, 0)

    def test_ttl_is_told_removed_and_overwritten(self):
        self.assertFalse(self.expire("k", 1000))
        self.set("k", b"v")
        self.assertFalse(self.ttl().has_ttl)
        self.expire("k", 60_000)
        self.assertTrue(self.ttl().has_ttl)
        self.assertTrue(50_000 < self.ttl().ttl_ms <= 60_000)
        self.assertTrue(self.kv.call("KeyValueTTLInterface.Persist", key=self.key()).removed)
        self.assertFalse(self.ttl().has_ttl)
        self.expire("k", 60_000)
        self.set("k", b"w")
        self.assertFalse(self.ttl().has_ttl)

    def test_bad_ttl(self):
        self.set("k", b"v")
        for bad in (0, -1, 3_155_760_000_001):
            api.refusal(self, grpc.StatusCode.INVALID_ARGUMENT, self.expire, "k", bad)


class Cas(KvTest):
    def swap(self, value, **expected):
        return self.kv.call("KeyValueCasInterface.CompareAndSwap", key=self.key(), value=value,
                            **expected)

    def test_compare_and_swap(self):
        self.assertTrue(self.swap(b"1").swapped)
        refused = self.swap(b"2")
        self.assertEqual((refused.swapped, refused.found, refused.actual), (False, True, b"1"))
        self.assertFalse(self.swap(b"2", expected=b"x").swapped)
        self.assertTrue(self.swap(b"2", expected=b"1").swapped)
        self.assertEqual(self.get("k"), b"2")

    def test_set_if_absent_and_compare_and_delete(self):
        put = lambda v: self.kv.call("KeyValueCasInterface.SetIfAbsent", key=self.key(), value=v)
        drop = lambda v: self.kv.call("KeyValueCasInterface.CompareAndDelete", key=self.key(),
                                      expected=v)
        self.assertTrue(put(b"1").stored)
        self.assertEqual((put(b"2").stored, put(b"2").actual), (False, b"1"))
        self.assertEqual((drop(b"2").deleted, drop(b"2").actual), (False, b"1"))
        self.assertTrue(drop(b"1").deleted)
        self.assertFalse(drop(b"1").found)

    def test_one_winner_of_many(self):
        self.set("k", b"0")
        wins = []

        def contend(number):
            with gateway.client() as kv:
                answer = kv.call("KeyValueCasInterface.CompareAndSwap", key=self.key(),
                                 expected=b"0", value=b"%d" % number)
                wins.append(answer.swapped)
        threads = [threading.Thread(target=contend, args=(n,)) for n in range(1, 9)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((len(wins), wins.count(True)), (8, 1))


class Batch(KvTest):
    def test_set_get_delete(self):
        entries = [{"key": self.key(n), "value": n.encode()} for n in ("a", "b", "a")]
        entries[2]["value"] = b"last"
        self.kv.call("KeyValueBatchInterface.BatchSet", entries=entries)
        keys = [self.key(n) for n in ("b", "x", "a", "b")]
        results = self.kv.call("KeyValueBatchInterface.BatchGet", keys=keys).results
        self.assertEqual([(r.found, r.value) for r in results],
                         [(True, b"b"), (False, b""), (True, b"last"), (True, b"b")])
        found = self.kv.call("KeyValueBatchInterface.BatchDelete", keys=keys).found
        self.assertEqual(list(found), [True, False, True, False])

    def test_too_many_entries_change_nothing(self):
        entries = [{"key": self.key(str(n)), "value": b"v"} for n in range(1001)]
        api.refusal(self, grpc.StatusCode.INVALID_ARGUMENT, self.kv.call,
                    "KeyValueBatchInterface.BatchSet", entries=entries)
        self.assertEqual(self.kv.call("KeyValueScanInterface.Count", prefix=self.prefix).count, 0)


class Transaction(KvTest):
    def transact(self, method, transaction, client=None, **fields):
        return (client or self.kv).call("KeyValueTransactionalInterface." + method,
                                        transaction_id=transaction, **fields)

    def begin(self, **fields):
        return self.kv.call("KeyValueTransactionalInterface.BeginTransaction",
                            **fields).transaction_id

    def test_commit_shows_all_at_once(self):
        self.set("gone", b"v")
        tx = self.begin()
        # Another connection: the id works wherever the call lands.
        with gateway.client() as other:
            self.transact("SetInTransaction", tx, other, key=self.key("a"), value=b"1")
        self.assertTrue(self.transact("DeleteInTransaction", tx, key=self.key("gone")).found)
        self.assertEqual(self.transact("GetInTransaction", tx, key=self.key("a")).value, b"1")
        self.assertIsNone(self.get("a"))
        self.assertEqual(self.get("gone"), b"v")
        self.transact("Commit", tx)
        self.assertEqual(self.get("a"), b"1")
        self.assertIsNone(self.get("gone"))
        api.refusal(self, grpc.StatusCode.NOT_FOUND, self.transact, "Commit", tx)

    def test_rollback_forgets(self):
        tx = self.begin()
        self.transact("SetInTransaction", tx, key=self.key("a"), value=b"1")
        self.transact("Rollback", tx)
        self.assertIsNone(self.get("a"))
        api.refusal(self, grpc.StatusCode.NOT_FOUND, self.transact, "Rollback", tx)

    def test_conflict_aborts(self):
        self.set("a", b"0")
        tx = self.begin()
        self.transact("GetInTransaction", tx, key=self.key("a"))
        self.transact("SetInTransaction", tx, key=self.key("b"), value=b"1")
        self.set("a", b"changed")
        api.refusal(self, grpc.StatusCode.ABORTED, self.transact, "Commit", tx)
        self.assertIsNone(self.get("b"))

    def test_abandoned_is_rolled_back(self):
        tx = self.begin(timeout_ms=50)
        self.transact("SetInTransaction", tx, key=self.key("a"), value=b"1")
        end = time.monotonic() + 10
        code = None
        while code != grpc.StatusCode.NOT_FOUND:
            self.assertLess(time.monotonic(), end)
            try:
                self.transact("GetInTransaction", tx, key=self.key("a"))
            except grpc.RpcError as error:
                code = error.code()
        self.assertIsNone(self.get("a"))


harness.main(__name__)
