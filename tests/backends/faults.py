"""What clients see when the server behind their gateway dies, hangs or is cut off: nothing
acknowledged is lost, nothing comes twice, no call outlives its deadline, and the gateway finds the
server again by itself. The cases are the same for every driver; each has a file that says how to use
its server."""

import itertools
import threading
import time

import grpc

from proxy import Proxy
from servers import Gateway, harness, until
from api import message

KV = "KeyValueBasicInterface."
PUBSUB = "prism.pubsub.v1.PubSubBasicInterface."
DEADLINE_S = 2
# What a busy machine may add to a deadline before we call it missed.
GRACE_S = 2


class Writers:
    """Threads that write and read back, each for itself, until told to end; they note what was
    acknowledged, what is unknown, what was read wrongly, and the longest call."""

    _made = itertools.count()

    def __init__(self, kind, gateway, count=8):
        self._kind = kind
        self._name = next(self._made)
        self._over = threading.Event()
        self._lock = threading.Lock()
        self.acknowledged, self.unknown, self.codes, self.wrong = set(), set(), {}, []
        self.longest_s = 0.0
        self._threads = [
            threading.Thread(target=self._write, args=(gateway.client(timeout=DEADLINE_S), n))
            for n in range(count)]
        for thread in self._threads:
            thread.start()

    def _write(self, client, number):
        for i in range(10 ** 9):
            if self._over.is_set():
                break
            item = f"{self._name}-{number}-{i}"
            self._note(item, lambda: self._append(client, item))
            self._note("key-" + item, lambda: client.call(KV + "Set", key="key-" + item,
                                                          value=item.encode()))
            self._note(None, lambda: self._read_back(client, item))

    def _append(self, client, item):
        if wrong := self._kind.append(client, item):
            self.wrong.append(wrong)

    def _read_back(self, client, item):
        answer = client.call(KV + "Get", key="key-" + item)
        value = answer.value.decode() if answer.found else None
        possible = {item} if "key-" + item in self.acknowledged else {item, None}
        if value not in possible:
            self.wrong.append(f"{item}: {value}")

    def _note(self, item, call):
        started = time.monotonic()
        try:
            call()
            outcome = None
        except grpc.RpcError as error:
            outcome = error.code()
        took = time.monotonic() - started
        with self._lock:
            self.longest_s = max(self.longest_s, took)
            self.codes[outcome] = self.codes.get(outcome, 0) + 1
            if item:
                (self.unknown if outcome else self.acknowledged).add(item)
        if outcome:
            time.sleep(0.01)

    def count(self):
        with self._lock:
            return len(self.acknowledged)

    def wait_for_more(self, more=200):
        target = self.count() + more
        until(lambda: self.count() >= target, f"{more} more writes are acknowledged", 30)

    def end(self):
        self._over.set()
        for thread in self._threads:
            thread.join(30)
            assert not thread.is_alive(), "a call hangs"


def read(client, method, **fields):
    """The answer of a call that may be repeated: a connection may still be on its way down."""
    for _ in range(20):
        try:
            return client.call(method, **fields)
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.UNAVAILABLE:
                raise
            time.sleep(0.1)
    raise AssertionError("the server is not found again")


class FaultCases:
    """What holds on every server. `kind` says which: how to start one, and how to use it."""

    kind = None

    def gateway_on(self, port, **settings):
        """A gateway with a namespace on the server behind `port`, and one on its own memory."""
        store = {"driver": self.kind.driver, "url": self.kind.url(port), **settings}
        return Gateway(backends={"store": store, "memory": {"driver": "memstore"}},
                       namespaces=[{"name": "orders", "backend": "store"},
                                   {"name": "carts", "backend": "memory"}])

    def assert_nothing_lost(self, client, writers):
        items = self.kind.items(client)
        self.assertEqual(len(items), len(set(items)), "something came twice")
        pushed = {item for item in writers.acknowledged if not item.startswith("key-")}
        self.assertEqual(pushed - set(items), set(), "an acknowledged push is lost")
        self.assertLessEqual(set(items) - pushed, writers.unknown, "nobody pushed that")
        keys = [item for item in writers.acknowledged if item.startswith("key-")]
        for start in range(0, len(keys), 500):
            batch = keys[start:start + 500]
            answer = read(client, "KeyValueBatchInterface.BatchGet", keys=batch)
            for key, result in zip(batch, answer.results):
                self.assertEqual(result.value.decode(), key.removeprefix("key-"))

    def assert_codes(self, writers, *allowed):
        self.assertEqual(writers.wrong, [])
        self.assertLessEqual(set(writers.codes), {None, *allowed}, writers.codes)
        self.assertLess(writers.longest_s, DEADLINE_S + GRACE_S, "a call outlived its deadline")

    def test_killed_and_started_again(self):
        with self.kind.durable() as server, self.gateway_on(server.port) as gateway:
            until(lambda: gateway.admin("/readyz")[0] == 200, "the gateway is ready")
            memory = None
            writers = Writers(self.kind, gateway)
            for _ in range(3):
                writers.wait_for_more()
                server.kill()
                time.sleep(0.2)
                self.assertEqual(gateway.client("carts").call(KV + "Get", key="k").found, False)
                server.start()
                writers.wait_for_more()
                memory = memory or gateway.rss_bytes()
            writers.end()
            self.assert_codes(writers, grpc.StatusCode.UNAVAILABLE)
            self.assertIn(grpc.StatusCode.UNAVAILABLE, writers.codes)
            self.assert_nothing_lost(gateway.client(), writers)
            if not harness.sanitized():
                self.assertLess(gateway.rss_bytes() - memory, 8 << 20, "the gateway grows")

    def test_paused(self):
        with self.kind.durable() as server, \
                self.gateway_on(server.port, **self.kind.impatient) as gateway:
            writers = Writers(self.kind, gateway)
            writers.wait_for_more()
            with server.paused():
                time.sleep(5)
            writers.wait_for_more()
            writers.end()
            self.assert_codes(writers, grpc.StatusCode.UNAVAILABLE,
                              grpc.StatusCode.DEADLINE_EXCEEDED)
            self.assert_nothing_lost(gateway.client(), writers)

    def test_cut_in_the_middle_of_replies(self):
        with self.kind.durable() as server, Proxy(server.port) as proxy, \
                self.gateway_on(proxy.port) as gateway:
            writers = Writers(self.kind, gateway)
            writers.wait_for_more()
            proxy.cut_replies_after(2000)
            proxy.cut_all()
            until(lambda: writers.codes.get(grpc.StatusCode.UNAVAILABLE, 0) > 50, "calls fail", 60)
            proxy.cut_replies_after(None)
            writers.wait_for_more()
            writers.end()
            self.assert_codes(writers, grpc.StatusCode.UNAVAILABLE)
            self.assert_nothing_lost(gateway.client(), writers)

    def test_garbage_is_no_answer(self):
        with self.kind.durable() as server, Proxy(server.port) as proxy, \
                self.gateway_on(proxy.port, **self.kind.impatient) as gateway:
            for garbage in self.kind.garbage:
                writers = Writers(self.kind, gateway, 2)
                writers.wait_for_more(20)
                proxy.answer_garbage(garbage)
                until(lambda: writers.unknown, "calls fail")
                proxy.answer_garbage(b"")
                writers.wait_for_more(20)
                writers.end()
                self.assert_codes(writers, grpc.StatusCode.UNAVAILABLE)

    def test_stuck_in_the_middle_of_replies(self):
        with self.kind.durable() as server, Proxy(server.port) as proxy, \
                self.gateway_on(proxy.port, **self.kind.impatient) as gateway:
            writers = Writers(self.kind, gateway)
            writers.wait_for_more()
            proxy.stall(True)
            until(lambda: writers.unknown, "calls fail")
            time.sleep(DEADLINE_S)
            proxy.stall(False)
            writers.wait_for_more()
            writers.end()
            self.assert_codes(writers, grpc.StatusCode.UNAVAILABLE,
                              grpc.StatusCode.DEADLINE_EXCEEDED)
            self.assert_nothing_lost(gateway.client(), writers)

    def test_down_at_the_start(self):
        with self.kind.server() as server:
            server.kill()
            with self.gateway_on(server.port) as gateway:
                carts, orders = gateway.client("carts"), gateway.client(timeout=DEADLINE_S)
                carts.call(KV + "Set", key="k", value=b"v")
                with self.assertRaises(grpc.RpcError) as refused:
                    orders.call(KV + "Get", key="k")
                self.assertEqual(refused.exception.code(), grpc.StatusCode.UNAVAILABLE)
                self.assertIn(str(server.port), refused.exception.details())
                server.start()
                until(lambda: found(orders, "k") is False, "the server is found")

    def test_who_waits_is_told(self):
        with self.kind.server() as server, self.gateway_on(server.port) as gateway:
            client = gateway.client(timeout=30)
            subscription = client.start(PUBSUB + "Subscribe", request_of("Subscribe", topic="a.b"))
            self.assertTrue(next(subscription).HasField("subscribed"))
            waiting = self.kind.wait(client, server, 4)
            server.kill()
            for wait in (*waiting, subscription.__next__):
                with self.assertRaises(grpc.RpcError) as told:
                    wait()
                self.assertEqual(told.exception.code(), grpc.StatusCode.UNAVAILABLE)
            server.start()
            subscription = until(lambda: subscribed(client), "the server is found")
            # By every worker: each has connections of its own.
            until(lambda: published(client, b"again"), "the server is found")
            self.assertEqual(next(subscription).message.payload, b"again")
            subscription.cancel()

    def test_losses_leave_nothing_behind(self):
        with self.kind.server() as server, Proxy(server.port) as proxy, \
                self.gateway_on(proxy.port) as gateway:
            client = gateway.client(timeout=30)
            memory = None
            for _ in range(8):  # the gateway takes its time before it connects again and again
                self.lose_who_waits(client, server, proxy)
                memory = memory or gateway.rss_bytes()
            if not harness.sanitized():
                self.assertLess(gateway.rss_bytes() - memory, 4 << 20, "the gateway grows")

    def lose_who_waits(self, client, server, proxy):
        """Cuts the connections under subscriptions and pops, which are told."""
        streams = [until(lambda: subscribed(client), "the server is found") for _ in range(30)]
        waiting = self.kind.wait(client, server, 30)
        proxy.cut_all()
        if self.kind.waits_go_on:
            self.check_none_hangs(client, waiting)
            waiting = []
        for wait in waiting + [stream.__next__ for stream in streams]:
            with self.assertRaises(grpc.RpcError) as told:
                wait()
            self.assertEqual(told.exception.code(), grpc.StatusCode.UNAVAILABLE)


    def check_none_hangs(self, client, waiting):
        """Each is told of the loss, or gets what is written afterwards."""
        until(lambda: self.kind.write(client), "the server is found")
        for wait in waiting[::2]:
            try:
                self.assertEqual(wait().records[0].payload, b"again")
            except grpc.RpcError as told:
                self.assertEqual(told.code(), grpc.StatusCode.UNAVAILABLE)
        for wait in waiting:
            wait.__self__.cancel()


def found(client, key):
    """Whether the key is there; None if the call fails."""
    try:
        return client.call(KV + "Get", key=key).found
    except grpc.RpcError:
        return None


def subscribed(client):
    """A subscription that is there, or None."""
    stream = client.start(PUBSUB + "Subscribe", request_of("Subscribe", topic="a.b"))
    try:
        next(stream)
        return stream
    except grpc.RpcError:
        return None


def published(client, payload):
    """Whether it was."""
    try:
        client.call(PUBSUB + "Publish", topic="a.b", payload=payload)
        return True
    except grpc.RpcError:
        return False


def request_of(name, model="pubsub", **fields):
    return message(f"prism.{model}.v1.{name}Request")(**fields)
