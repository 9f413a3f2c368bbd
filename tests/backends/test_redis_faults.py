#!/usr/bin/python3
"""What clients see when their Redis dies, hangs or is cut off: nothing acknowledged is lost, nothing
comes twice, no call outlives its deadline, and the gateway finds the server again by itself."""

import os
import signal
import threading
import time
import unittest

import grpc

from proxy import Proxy
from servers import Gateway, Redis, find, harness, until
from api import message

KV = "KeyValueBasicInterface."
LIST = "prism.list.v1.ListBasicInterface."
BLOCKING = "prism.list.v1.ListBlockingInterface."
PUBSUB = "prism.pubsub.v1.PubSubBasicInterface."
DEADLINE_S = 2
# What a busy machine may add to a deadline before we call it missed.
GRACE_S = 2
DURABLE = ("--save", "", "--appendonly", "yes", "--appendfsync", "always")


def setUpModule():
    find("redis-server")


def gateway_on(port, **settings):
    """A gateway with a namespace on the server behind `port`, and one on its own memory."""
    store = {"driver": "redis", "url": f"redis://127.0.0.1:{port}", **settings}
    return Gateway(backends={"store": store, "memory": {"driver": "memstore"}},
                   namespaces=[{"name": "orders", "backend": "store"},
                               {"name": "carts", "backend": "memory"}])


class Writers:
    """Threads that write and read back, each for itself, until told to end; they note what was
    acknowledged, what is unknown, what was read wrongly, and the longest call."""

    def __init__(self, gateway, count=8):
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
            item = f"{number}-{i}"
            self._note(item, lambda: client.call(LIST + "PushRight", list="items",
                                                 values=[item.encode()]))
            self._note("key-" + item, lambda: client.call(KV + "Set", key="key-" + item,
                                                          value=item.encode()))
            self._note(None, lambda: self._read_back(client, item))

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
    """The answer of a call that may be repeated: another connection may still be on its way down."""
    for _ in range(20):
        try:
            return client.call(method, **fields)
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.UNAVAILABLE:
                raise
            time.sleep(0.1)
    raise AssertionError("the server is not found again")


def all_items(client):
    """The elements of the list, page by page."""
    items, start, more = [], 0, True
    while more:
        page = read(client, "prism.list.v1.ListRangeInterface.GetRange", list="items", start=start)
        items += [value.decode() for value in page.values]
        start, more = page.next_start, page.more
    return items


class RedisFaults(unittest.TestCase):
    def assert_nothing_lost(self, client, writers):
        items = all_items(client)
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
        with Redis(*DURABLE) as redis, gateway_on(redis.port) as gateway:
            until(lambda: gateway.admin("/readyz")[0] == 200, "the gateway is ready")
            memory = None
            writers = Writers(gateway)
            for _ in range(3):
                writers.wait_for_more()
                redis.kill()
                time.sleep(0.2)
                self.assertEqual(gateway.client("carts").call(KV + "Get", key="k").found, False)
                redis.start()
                writers.wait_for_more()
                memory = memory or gateway.rss_bytes()
            writers.end()
            self.assert_codes(writers, grpc.StatusCode.UNAVAILABLE)
            self.assertIn(grpc.StatusCode.UNAVAILABLE, writers.codes)
            self.assert_nothing_lost(gateway.client(), writers)
            if not harness.sanitized():
                self.assertLess(gateway.rss_bytes() - memory, 8 << 20, "the gateway grows")

    def test_paused(self):
        with Redis(*DURABLE) as redis, \
                gateway_on(redis.port, response_timeout_ms="1000") as gateway:
            writers = Writers(gateway)
            writers.wait_for_more()
            os.kill(redis.process.pid, signal.SIGSTOP)
            try:
                time.sleep(5)
            finally:
                os.kill(redis.process.pid, signal.SIGCONT)
            writers.wait_for_more()
            writers.end()
            self.assert_codes(writers, grpc.StatusCode.UNAVAILABLE,
                              grpc.StatusCode.DEADLINE_EXCEEDED)
            self.assert_nothing_lost(gateway.client(), writers)

    def test_cut_in_the_middle_of_replies(self):
        with Redis(*DURABLE) as redis, Proxy(redis.port) as proxy, \
                gateway_on(proxy.port) as gateway:
            writers = Writers(gateway)
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
        with Redis(*DURABLE) as redis, Proxy(redis.port) as proxy, \
                gateway_on(proxy.port) as gateway:
            for garbage in (b"HTTP/1.1 400 Bad Request\r\n\r\n", b"$-7\r\n", b"*9999999999\r\n",
                            b"\x00\xff" * 1000, b"$5\r\nhello world\r\n"):
                writers = Writers(gateway, 2)
                writers.wait_for_more(20)
                proxy.answer_garbage(garbage)
                until(lambda: writers.unknown, "calls fail")
                proxy.answer_garbage(b"")
                writers.wait_for_more(20)
                writers.end()
                self.assert_codes(writers, grpc.StatusCode.UNAVAILABLE)

    def test_stuck_in_the_middle_of_replies(self):
        with Redis(*DURABLE) as redis, Proxy(redis.port) as proxy, \
                gateway_on(proxy.port, response_timeout_ms="1000") as gateway:
            writers = Writers(gateway)
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
        with Redis() as redis:
            redis.kill()
            with gateway_on(redis.port) as gateway:
                carts, orders = gateway.client("carts"), gateway.client(timeout=DEADLINE_S)
                carts.call(KV + "Set", key="k", value=b"v")
                with self.assertRaises(grpc.RpcError) as refused:
                    orders.call(KV + "Get", key="k")
                self.assertEqual(refused.exception.code(), grpc.StatusCode.UNAVAILABLE)
                self.assertIn(str(redis.port), refused.exception.details())
                redis.start()
                until(lambda: found(orders, "k") is False, "the server is found")

    def test_who_waits_is_told(self):
        with Redis() as redis, gateway_on(redis.port) as gateway:
            client = gateway.client(timeout=30)
            subscription = client.start(PUBSUB + "Subscribe", request_of("Subscribe", topic="a.b"))
            self.assertTrue(next(subscription).HasField("subscribed"))
            pops = [client.start(BLOCKING + "BlockingPopLeft",
                                 request_of("BlockingPop", "list", lists=["l"], timeout_ms=20000))
                    for _ in range(4)]
            until(lambda: b"blocked_clients:4" in redis.info("clients"), "they wait")
            redis.kill()
            for waiting in (*pops, subscription):
                with self.assertRaises(grpc.RpcError) as told:
                    waiting.result() if waiting in pops else next(waiting)
                self.assertEqual(told.exception.code(), grpc.StatusCode.UNAVAILABLE)
            redis.start()
            subscription = until(lambda: subscribed(client), "the server is found")
            client.call(PUBSUB + "Publish", topic="a.b", payload=b"again")
            self.assertEqual(next(subscription).message.payload, b"again")
            subscription.cancel()


    def test_losses_leave_nothing_behind(self):
        with Redis() as redis, Proxy(redis.port) as proxy, gateway_on(proxy.port) as gateway:
            client = gateway.client(timeout=30)
            memory = None
            for _ in range(8):  # the gateway takes its time before it connects again and again
                self.lose_who_waits(client, redis, proxy)
                memory = memory or gateway.rss_bytes()
            if not harness.sanitized():
                self.assertLess(gateway.rss_bytes() - memory, 4 << 20, "the gateway grows")

    def lose_who_waits(self, client, redis, proxy):
        """Cuts the connections under subscriptions and pops, which are told."""
        streams = [until(lambda: subscribed(client), "the server is found") for _ in range(30)]
        pops = [client.start(BLOCKING + "BlockingPopLeft",
                             request_of("BlockingPop", "list", lists=["l"], timeout_ms=20000))
                for _ in range(30)]
        until(lambda: b"blocked_clients:30\r" in redis.info("clients"), "they wait")
        proxy.cut_all()
        for wait in [pop.result for pop in pops] + [stream.__next__ for stream in streams]:
            with self.assertRaises(grpc.RpcError) as told:
                wait()
            self.assertEqual(told.exception.code(), grpc.StatusCode.UNAVAILABLE)


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


def request_of(name, model="pubsub", **fields):
    return message(f"prism.{model}.v1.{name}Request")(**fields)


if __name__ == "__main__":
    harness.main(__name__)
