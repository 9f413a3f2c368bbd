#!/usr/bin/python3
"""Concurrent calls on single keys are linearizable and transactions strictly serializable, on each
backend, also when its server is killed and comes back meanwhile. See histories.py."""

import contextlib
import random
import threading
import time
import unittest

import grpc

from histories import Call, Transaction, not_linearizable, not_serializable
from servers import Gateway, Postgres, Redis, find, harness, until

BASIC = "KeyValueBasicInterface."
CAS = "KeyValueCasInterface."
TRANSACTIONAL = "KeyValueTransactionalInterface."
THREADS = 6
DEADLINE_S = 3
ACCOUNTS = [f"account{n}" for n in range(5)]
BALANCE = 100


class RegisterHistories(unittest.TestCase):
    """The checker tells good from bad."""

    def test_good(self):
        for calls in (
                [],
                [Call("get", None, 0, 1)],
                [Call("set", "a", 0, 1), Call("get", "a", 2, 3)],
                # Overlapping, so either answer is right, and they fix the order of the two sets.
                [Call("set", "a", 0, 9), Call("set", "b", 0, 9), Call("get", "b", 1, 2),
                 Call("get", "a", 3, 4)],
                [Call("cas", "a", 0, 1), Call("cas", "b", 2, 3, expected="a"),
                 Call("cas", "c", 4, 5, expected="a", swapped=False, actual="b")],
                # Unknown outcomes: late, never, and not what was expected.
                [Call("set", "a", 0), Call("get", None, 1, 2), Call("get", "a", 3, 4)],
                [Call("set", "a", 0), Call("get", None, 1, 2)],
                [Call("cas", "b", 0, expected="a"), Call("set", "c", 1, 2),
                 Call("get", "c", 3, 4)],
                [Call("set", "a", 0, 1), Call("cas", "b", 2, expected="a"),
                 Call("get", "b", 5, 6)]):
            self.assertIsNone(not_linearizable(calls), calls)

    def test_bad(self):
        for name, calls in {
                "stale": [Call("set", "a", 0, 1), Call("set", "b", 2, 3), Call("get", "a", 4, 5)],
                "lost": [Call("set", "a", 0, 1), Call("get", None, 2, 3)],
                "from nowhere": [Call("get", "a", 0, 1)],
                "from the future": [Call("get", "a", 0, 1), Call("set", "a", 2, 3)],
                "back and forth": [Call("set", "a", 0, 9), Call("set", "b", 0, 9),
                                   Call("get", "a", 1, 2), Call("get", "b", 3, 4),
                                   Call("get", "a", 5, 6)],
                "swapped twice": [Call("set", "a", 0, 1), Call("cas", "b", 2, 9, expected="a"),
                                  Call("cas", "c", 2, 9, expected="a")],
                "swapped, said not": [
                    Call("set", "a", 0, 1), Call("get", "b", 4, 5),
                    Call("cas", "b", 2, 3, expected="a", swapped=False, actual="a")],
                "refused though equal": [
                    Call("set", "a", 0, 1),
                    Call("cas", "b", 2, 3, expected="a", swapped=False, actual="a")],
                "unknown, seen, then gone": [
                    Call("set", "a", 0), Call("get", "a", 1, 2), Call("get", None, 3, 4)],
                "unknown, seen before it began": [Call("get", "a", 0, 1), Call("set", "a", 2)],
                "unknown swap of what was never there": [
                    Call("cas", "b", 0, expected="a"), Call("get", "b", 1, 2)],
        }.items():
            self.assertIsNotNone(not_linearizable(calls), name)

    def test_one_wrong_answer_among_many(self):
        calls, now = [], 0.0
        for n in range(300):
            calls.append(Call("set", n, now, now + 2.5))
            calls.append(Call("get", n, now + 1, now + 2.5))
            now += 2
        self.assertIsNone(not_linearizable(calls))
        calls[401].value = 150
        self.assertIsNotNone(not_linearizable(calls))


class TransactionHistories(unittest.TestCase):
    """So does the one of transactions. Values are "x0", "x1", ...: key and version."""

    def verdict(self, *transactions):
        return not_serializable({"x": "x0", "y": "y0"}, list(transactions))

    def test_good(self):
        for transactions in (
                [Transaction({"x": "x0"}, {"x": "x1"}, 0, 1),
                 Transaction({"x": "x1", "y": "y0"}, {}, 2, 3)],
                # Overlapping: the reader goes before the writer.
                [Transaction({"x": "x0"}, {"x": "x1"}, 0, 5), Transaction({"x": "x0"}, {}, 1, 6)],
                [Transaction({"x": "x0"}, {"x": "x1"}, 0, committed=None),
                 Transaction({"x": "x0"}, {}, 1, 2), Transaction({"x": "x1"}, {}, 3, 4)],
                [Transaction({"x": "x0"}, {"x": "x1"}, 0, committed=None),
                 Transaction({"x": "x0"}, {"x": "x2"}, 1, 2)],
                [Transaction({"x": "x0"}, {"x": "x1"}, 0, 1, committed=False),
                 Transaction({"x": "x0"}, {}, 2, 3)]):
            self.assertIsNone(self.verdict(*transactions))

    def test_bad(self):
        for name, transactions in {
                "lost update": [Transaction({"x": "x0"}, {"x": "x1"}, 0, 9),
                                Transaction({"x": "x0"}, {"x": "x2"}, 0, 9)],
                "write skew": [Transaction({"x": "x0", "y": "y0"}, {"x": "x1"}, 0, 9),
                               Transaction({"x": "x0", "y": "y0"}, {"y": "y1"}, 0, 9)],
                "half seen": [Transaction({"x": "x0", "y": "y0"}, {"x": "x1", "y": "y1"}, 0, 9),
                              Transaction({"x": "x1", "y": "y0"}, {}, 0, 9)],
                "half seen, unknown": [
                    Transaction({"x": "x0", "y": "y0"}, {"x": "x1", "y": "y1"}, 0, committed=None),
                    Transaction({"x": "x1", "y": "y0"}, {}, 1, 9)],
                "rolled back, read": [
                    Transaction({"x": "x0"}, {"x": "x1"}, 0, 1, committed=False),
                    Transaction({"x": "x1"}, {}, 2, 3)],
                "from nowhere": [Transaction({"x": "x7"}, {}, 0, 1)],
                "stale": [Transaction({"x": "x0"}, {"x": "x1"}, 0, 1),
                          Transaction({"x": "x0"}, {}, 2, 3)],
                "long fork": [Transaction({"x": "x0"}, {"x": "x1"}, 0, 9),
                              Transaction({"y": "y0"}, {"y": "y1"}, 0, 9),
                              Transaction({"x": "x1", "y": "y0"}, {}, 0, 9),
                              Transaction({"x": "x0", "y": "y1"}, {}, 0, 9)],
        }.items():
            self.assertIsNotNone(self.verdict(*transactions), name)


class Clients:
    """Threads that each repeat `work(client, number, turn)`, which returns records, until told to
    end. A failure that is not an rpc's ends its thread and is raised again by `end`."""

    def __init__(self, gateway, work):
        self.records = []
        self._failures = []
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(gateway, work, n))
                         for n in range(THREADS)]
        for thread in self._threads:
            thread.start()

    def _run(self, gateway, work, number):
        turn = 0
        try:
            with gateway.client(timeout=DEADLINE_S) as client:
                while not self._over.is_set():
                    turn += 1
                    self.records.extend(work(client, number, turn))
        except Exception as failure:  # pylint: disable=broad-except
            self._failures.append(failure)

    def wait_for_more(self, count, good):
        """Returns after `count` more records that are `good`."""
        start = len(self.records)

        def enough():
            return self._failures or sum(map(good, self.records[start:])) >= count
        until(enough, f"{count} more calls have an answer", 40)

    def end(self):
        self._over.set()
        for thread in self._threads:
            thread.join(30)
            assert not thread.is_alive(), "a call hangs"
        if self._failures:
            raise self._failures[0]
        return self.records


class Register:
    """Gets, sets and swaps of a few keys. A record is (key, Call)."""

    KEYS = ("r0", "r1", "r2")

    def __init__(self):
        self._last_seen = {}  # by thread and key: what a swap expects, often rightly

    def __call__(self, client, number, turn):
        key = random.choice(self.KEYS)
        kind = random.choice(("get", "set", "cas"))
        call = Call(kind, f"{number}-{turn}", time.monotonic())
        call.expected = self._last_seen.get((number, key))
        try:
            getattr(self, kind)(client, key, call)
            call.ended = time.monotonic()
            self._last_seen[number, key] = call.value if call.swapped else call.actual
        except grpc.RpcError as error:
            wait_after(error)
        return [(key, call)]

    def get(self, client, key, call):
        answer = client.call(BASIC + "Get", key=key)
        call.value = answer.value.decode() if answer.found else None

    def set(self, client, key, call):
        client.call(BASIC + "Set", key=key, value=call.value.encode())

    def cas(self, client, key, call):
        expected = {} if call.expected is None else {"expected": call.expected.encode()}
        answer = client.call(CAS + "CompareAndSwap", key=key, value=call.value.encode(),
                             **expected)
        call.swapped = answer.swapped
        call.actual = answer.actual.decode() if answer.found else None


def wait_after(error):
    """Whatever else comes than a server that is away is the gateway's fault."""
    if error.code() not in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED):
        raise error
    time.sleep(0.02)


def bank(client, number, turn):
    """A transfer between two accounts, or now and then a look at all of them. A balance is followed
    by who wrote it. The record is a Transaction."""
    audit = turn % 4 == 0
    keys = ACCOUNTS if audit else random.sample(ACCOUNTS, 2)
    record = Transaction({}, {}, time.monotonic(), committed=False)
    try:
        handle = client.call(TRANSACTIONAL + "BeginTransaction")
        opened = {"transaction_id": handle.transaction_id}
        for key in keys:
            record.reads[key] = client.call(TRANSACTIONAL + "GetInTransaction", key=key,
                                            **opened).value.decode()
        for key, change in [] if audit else zip(keys, (-1, 1)):
            value = f"{balance(record.reads[key]) + change}:{number}-{turn}"
            client.call(TRANSACTIONAL + "SetInTransaction", key=key, value=value.encode(),
                        **opened)
            record.writes[key] = value
        record.committed = None
        client.call(TRANSACTIONAL + "Commit", **opened)
        record.committed = True
    except grpc.RpcError as error:
        if error.code() == grpc.StatusCode.ABORTED:
            record.committed = False
        else:
            wait_after(error)
    if record.committed is not None:
        record.ended = time.monotonic()
    return [record]


def balance(value):
    return int(value.split(":")[0])


class Backend:
    """What a backend has to pass. A subclass says how to get one: `server` is a context manager of
    something durable with `start` and `kill`, or of None, and `config` is its entry in `backends`.
    """

    @contextlib.contextmanager
    def gateway(self, server=None):
        """(the gateway, its backend's server)."""
        with server or self.server() as server, \
                Gateway(backends={"store": self.config(server)},
                        namespaces=[{"name": "orders", "backend": "store"}]) as gateway:
            with gateway.client() as client:
                until(lambda: reachable(client), "the backend is there")
            yield gateway, server

    def history(self, gateway, server, work, count, good, kills):
        clients = Clients(gateway, work)
        try:
            clients.wait_for_more(count, good)
            for _ in range(kills):
                server.kill()
                time.sleep(0.2)
                server.start()
                clients.wait_for_more(count, good)
        finally:
            records = clients.end()
        return records

    def register_history(self, gateway, server, kills):
        return self.history(gateway, server, Register(), 1500,
                            lambda record: not record[1].unknown(), kills)

    def check_registers(self, kills):
        with self.gateway() as (gateway, server):
            records = self.register_history(gateway, server, kills) + last_gets(gateway)
        unknown = sum(call.unknown() for _, call in records)
        swaps = [call for _, call in records if call.kind == "cas" and not call.unknown()]
        told = f"{len(records)} calls, {unknown} unknown, {len(swaps)} swaps"
        self.assertTrue(any(call.swapped for call in swaps), told)
        self.assertTrue(any(not call.swapped for call in swaps), told)
        self.assertEqual(unknown > 0, kills > 0, told)
        self.assertEqual(problems(records), [], told)

    def check_transactions(self, kills):
        initial = {key: f"{BALANCE}:{key}" for key in ACCOUNTS}
        with self.gateway() as (gateway, server):
            with gateway.client() as client:
                for key, value in initial.items():
                    client.call(BASIC + "Set", key=key, value=value.encode())
            records = self.history(gateway, server, bank, 150, lambda t: t.committed, kills)
            records.append(last_audit(gateway))
        committed = [t for t in records if t.committed]
        audits = [t for t in committed if not t.writes]
        told = f"{len(records)} transactions, {len(committed)} committed, {len(audits)} audits"
        self.assertGreater(len(audits), 5, told)
        self.assertGreater(len(committed) - len(audits), 50, told)
        for each in audits:
            self.assertEqual(sum(map(balance, each.reads.values())), BALANCE * len(ACCOUNTS), told)
        self.assertIsNone(not_serializable(initial, records), told)

    def test_registers(self):
        self.check_registers(kills=0)

    def test_transactions(self):
        self.check_transactions(kills=0)


class KilledBackend(Backend):
    """One whose server can be killed without losing what it acknowledged."""

    def test_registers_while_the_server_is_killed(self):
        self.check_registers(kills=2)

    def test_transactions_while_the_server_is_killed(self):
        self.check_transactions(kills=2)


def problems(records):
    """What the checker finds, key by key."""
    by_key = [[call for k, call in records if k == key] for key in Register.KEYS]
    return [problem for problem in map(not_linearizable, by_key) if problem]


def last_gets(gateway):
    """What the keys hold in the end, as records."""
    with gateway.client() as client:
        until(lambda: reachable(client), "the backend is there")
        calls = [(key, Call("get", None, time.monotonic())) for key in Register.KEYS]
        for key, call in calls:
            Register().get(client, key, call)
            call.ended = time.monotonic()
    return calls


def last_audit(gateway):
    """Tells which transactions of unknown outcome were committed, too."""
    with gateway.client() as client:
        return until(lambda: next((t for t in bank(client, 0, 0) if t.committed), None),
                     "an audit is committed")


def reachable(client):
    try:
        client.call(BASIC + "Exists", key="k")
        return True
    except grpc.RpcError:
        return False


class OnMemStore(Backend, unittest.TestCase):
    def server(self):
        return contextlib.nullcontext()

    def config(self, _):
        return {"driver": "memstore"}


class OnRedis(KilledBackend, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        find("redis-server")

    def server(self):
        return Redis("--save", "", "--appendonly", "yes", "--appendfsync", "always")

    def config(self, server):
        return {"driver": "redis", "url": server.url}

    def test_a_server_that_forgets_is_found_out(self):
        with self.gateway(Redis()) as (gateway, server):
            records = self.register_history(gateway, server, kills=0)
            server.kill()
            server.start()
            records += last_gets(gateway)
        self.assertEqual(len(problems(records)), len(Register.KEYS))


class OnPostgres(KilledBackend, unittest.TestCase):
    def server(self):
        return Postgres()

    def config(self, server):
        return {"driver": "postgres", "url": server.url}


if __name__ == "__main__":
    harness.main(__name__)
