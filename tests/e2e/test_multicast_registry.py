#!/usr/bin/python3
"""The multicast registry on MemStore in every slot: its API end to end, with and without a place to
keep messages for those who are away."""

import threading
import time
import unittest

import grpc
from api import message, refusal
from prism_server import Gateway, harness

PACKAGE = "prism.patterns.multicast_registry.v1."
SERVICE = PACKAGE + "MulticastRegistry."
DELIVERED, QUEUED, FAILED = 1, 2, 3


def pattern(name, **backends):
    """A namespace of the pattern with a backend in each slot named."""
    return {"name": name, "pattern": "multicast-registry",
            "slots": {slot: {"backend": backend} for slot, backend in backends.items()}}


class Listener:
    """A Listen stream read by a thread; ready when the server has said that it listens."""

    def __init__(self, client, identity):
        self.messages = []
        self.error = None
        self._changed = threading.Condition()
        request = message(PACKAGE + "ListenRequest")(identity=identity)
        self.stream = client.start(SERVICE + "Listen", request, timeout=60)
        first = next(self.stream)
        assert first.HasField("listening"), first
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        try:
            for event in self.stream:
                with self._changed:
                    self.messages.append(event.message)
                    self._changed.notify_all()
        except grpc.RpcError as error:
            with self._changed:
                self.error = error
                self._changed.notify_all()

    def wait(self, condition, seconds=10):
        with self._changed:
            if not self._changed.wait_for(condition, seconds):
                raise AssertionError(f"not in {seconds} s: {self.messages} {self.error}")

    def payloads(self):
        return [each.payload for each in self.messages]

    def close(self):
        self.stream.cancel()
        self._thread.join(10)


class MulticastRegistry(unittest.TestCase):
    # Which backend is in which slot; the same tests run with others.
    SLOTS = {"registry": "memory", "messaging": "memory", "durability": "memory"}

    @classmethod
    def backends(cls):
        """The configuration's section, with servers that go with the class."""
        return {"memory": {"driver": "memstore"}}

    @classmethod
    def setUpClass(cls):
        fleeting = {slot: cls.SLOTS[slot] for slot in ("registry", "messaging")}
        cls.gateway = Gateway(backends=cls.backends(), namespaces=[
            pattern("devices", **cls.SLOTS), pattern("fleeting", **fleeting),
            {"name": "plain", "backend": cls.SLOTS["registry"]}])
        cls.addClassCleanup(cls.gateway.stop)

    def client(self, namespace="devices"):
        # A channel of its own, so that calls meet both workers.
        client = self.gateway.client(namespace)
        self.addCleanup(client.channel.close)
        return client

    def call(self, method, namespace="devices", **fields):
        request = message(PACKAGE + method + "Request")(**fields)
        return self.client(namespace).start(SERVICE + method, request).result()

    def listen(self, identity, namespace="devices"):
        listener = Listener(self.client(namespace), identity)
        self.addCleanup(listener.close)
        return listener

    def test_register_renew_unregister(self):
        first = self.call("Register", identity="r1", metadata={"kind": "pump"}, lease_ms=60_000)
        self.assertTrue(first.registered)
        again = self.call("Register", identity="r1", metadata={"kind": "valve"})
        self.assertFalse(again.registered)
        self.assertEqual(again.current.metadata["kind"], "pump")
        replaced = self.call("Register", identity="r1", metadata={"kind": "valve"}, replace=True)
        self.assertTrue(replaced.registered)
        self.assertTrue(self.call("Renew", identity="r1", lease_ms=5000).found)
        self.assertTrue(self.call("Unregister", identity="r1").found)
        self.assertFalse(self.call("Unregister", identity="r1").found)
        self.assertFalse(self.call("Renew", identity="r1").found)

    def test_of_many_registrations_at_once_one_wins(self):
        wins = []

        def register(number):
            answer = self.call("Register", identity="race", metadata={"by": str(number)})
            wins.append((number, answer.registered))

        threads = [threading.Thread(target=register, args=(n,)) for n in range(16)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        self.assertEqual(sum(won for _, won in wins), 1, wins)

    def test_a_lease_runs_out(self):
        self.call("Register", identity="lease", metadata={"test": "lease"}, lease_ms=1000)
        listener = self.listen("lease")
        end = time.monotonic() + 10
        while self.call("Enumerate", filter={"equals": {"test": "lease"}}).identities:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)
        listener.wait(lambda: listener.error, 15)
        self.assertEqual(listener.error.code(), grpc.StatusCode.NOT_FOUND)

    def test_enumerate_filters_and_pages(self):
        for number in range(25):
            self.call("Register", identity=f"page-{number:02}",
                      metadata={"set": "page", "parity": str(number % 2)})
        found, cursor = [], b""
        while True:
            page = self.call("Enumerate", filter={"equals": {"set": "page", "parity": "1"}},
                             limit=5, cursor=cursor)
            self.assertLessEqual(len(page.identities), 5)
            found += [each.identity for each in page.identities]
            cursor = page.cursor
            if not cursor:
                break
        self.assertEqual(found, [f"page-{n:02}" for n in range(1, 25, 2)])
        self.assertFalse(self.call("Enumerate", filter={"has": ["no-such"]}).identities)

    def test_those_who_listen_get_it_and_others_later(self):
        for name in ("here", "away"):
            self.call("Register", identity=name, metadata={"set": "both"})
        here = self.listen("here")
        sent = self.call("Multicast", filter={"equals": {"set": "both"}}, payload=b"one")
        self.assertEqual({d.identity: d.outcome for d in sent.deliveries},
                         {"here": DELIVERED, "away": QUEUED})
        self.assertEqual((sent.delivered, sent.queued, sent.failed), (1, 1, 0))
        here.wait(lambda: here.payloads() == [b"one"])
        away = self.listen("away")
        away.wait(lambda: away.payloads() == [b"one"])
        self.assertTrue(away.messages[0].kept)
        self.assertEqual(away.messages[0].message_id, sent.message_id)

    def test_durable_messages_are_kept_even_for_listeners_and_come_once(self):
        self.call("Register", identity="durable")
        listener = self.listen("durable")
        expected = [b"%d" % n for n in range(50)]
        for payload in expected:
            sent = self.call("Multicast", identities=["durable"], payload=payload, durable=True)
            self.assertEqual(sent.queued, 1)
        listener.wait(lambda: len(listener.messages) >= len(expected), 20)
        self.assertEqual(listener.payloads(), expected)

    def test_a_message_id_is_kept_once(self):
        self.call("Register", identity="once")
        for _ in range(3):
            self.call("Multicast", identities=["once"], payload=b"x", message_id="m1")
        self.call("Multicast", identities=["once"], payload=b"end")
        listener = self.listen("once")
        listener.wait(lambda: b"end" in listener.payloads())
        self.assertEqual(listener.payloads(), [b"x", b"end"])

    def test_without_durability_those_away_fail(self):
        self.call("Register", "fleeting", identity="away")
        sent = self.call("Multicast", "fleeting", identities=["away", "nobody"], payload=b"x")
        self.assertEqual([d.outcome for d in sent.deliveries], [FAILED, FAILED])
        self.assertIn("not listening", sent.deliveries[0].reason)
        self.assertIn("not registered", sent.deliveries[1].reason)
        listener = self.listen("away", "fleeting")
        sent = self.call("Multicast", "fleeting", identities=["away"], payload=b"now")
        self.assertEqual(sent.delivered, 1)
        listener.wait(lambda: listener.payloads() == [b"now"])
        refusal(self, grpc.StatusCode.FAILED_PRECONDITION, self.call, "Multicast", "fleeting",
                identities=["away"], durable=True)

    def test_namespaces_do_not_meet(self):
        self.call("Register", identity="mine")
        names = [each.identity for each in self.call("Enumerate", "fleeting").identities]
        self.assertNotIn("mine", names)

    def test_misuse_is_refused(self):
        invalid = grpc.StatusCode.INVALID_ARGUMENT
        refusal(self, invalid, self.call, "Register", identity="")
        refusal(self, invalid, self.call, "Register", identity="x", lease_ms=5)
        refusal(self, invalid, self.call, "Multicast", identities=["x"], filter={"has": ["y"]})
        refusal(self, grpc.StatusCode.FAILED_PRECONDITION, self.listen, "never-registered")
        refused = refusal(self, grpc.StatusCode.UNIMPLEMENTED, self.call, "Renew", "plain",
                          identity="x")
        self.assertIn("multicast_registry", refused.details())
        # The slots' own interfaces are not the namespace's.
        with self.client() as client:
            refusal(self, grpc.StatusCode.UNIMPLEMENTED, client.call,
                    "KeyValueBasicInterface.Get", key="k")


harness.main(__name__)
