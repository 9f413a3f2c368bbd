#!/usr/bin/python3
"""Streams that several gateways share on a Postgres, while things die."""

import threading
import time
import unittest

import grpc
from servers import Gateway, Postgres, harness, until
from api import message

STREAM = "prism.stream.v1.Stream"
APPEND = STREAM + "BasicInterface.Append"
GROUPS = STREAM + "ConsumerGroupsInterface."
RETENTION = STREAM + "RetentionInterface."


class StreamsTest(unittest.TestCase):
    def gateways(self, postgres, count):
        found = []
        for _ in range(count):
            backends = {"store": {"driver": "postgres", "url": postgres.url}}
            gateway = self.enterContext(
                Gateway(backends=backends, namespaces=[{"name": "orders", "backend": "store"}]))
            until(lambda g=gateway: g.admin("/readyz")[0] == 200, "the gateway is ready")
            found.append(gateway)
        return found

    def test_records_are_one_line_whatever_dies(self):
        postgres = self.enterContext(Postgres("-c", "fsync=on"))
        gateways = self.gateways(postgres, 2)
        over = threading.Event()
        appended = [Appended() for _ in range(8)]
        threads = [threading.Thread(target=append, args=(gateways[i % 2].client(timeout=3), i, over,
                                                         mine))
                   for i, mine in enumerate(appended)]
        followers = [Follower(gateway.client(timeout=60)) for gateway in gateways for _ in range(2)]
        for thread in threads:
            thread.start()
        for _ in range(2):
            more = acknowledged(appended) + 500
            until(lambda m=more: acknowledged(appended) > m, "they append", 30)
            postgres.kill()
            postgres.start()
        more = acknowledged(appended) + 500
        until(lambda: acknowledged(appended) > more, "they append again", 30)
        over.set()
        for thread in threads:
            thread.join(30)
        kept = read_all(gateways[0].client(timeout=30))
        self.check_line(kept, appended)
        for follower in followers:
            until(lambda f=follower: len(f.seen) >= len(kept), "it has seen all", 20)
            follower.end()
            self.assertEqual(follower.seen, kept, "each once, in order")

    def check_line(self, kept, appended):
        places = dict(kept)
        self.assertEqual(len(places), len(kept), "no offset twice")
        payloads = [payload for _, payload in kept]
        self.assertEqual(len(set(payloads)), len(payloads), "no record twice")
        for mine in appended:
            for offset, payload in mine.acknowledged:
                self.assertEqual(places.get(offset), payload, "what was acknowledged is kept")
            ours = [int(offset) for offset, _ in mine.acknowledged]
            self.assertEqual(ours, sorted(ours), "later calls append behind")
        unknown = sum(mine.unknown for mine in appended)
        self.assertLessEqual(len(kept) - acknowledged(appended), unknown)

    def test_groups_lose_nothing_when_gateways_and_server_die(self):
        postgres = self.enterContext(Postgres("-c", "fsync=on"))
        gateways = self.gateways(postgres, 3)
        client = gateways[0].client(timeout=10)
        names = {str(i).encode() for i in range(4000)}
        fill(client, names)
        client.call(GROUPS + "CreateConsumerGroup", stream="s", group="g", ack_wait_ms=1500)
        work = Work(names)
        members = [threading.Thread(target=work.consume, args=(gateways[i % 3], f"m{i}"))
                   for i in range(6)]
        for member in members:
            member.start()
        until(lambda: len(work.acked) > 500, "they work", 30)
        gateways[2].popen.kill()
        until(lambda: len(work.acked) > 1500, "the others work on", 30)
        postgres.kill()
        postgres.start()
        for member in members:
            member.join(60)
        self.assertEqual(work.wrong, [], "what was acknowledged came again")
        self.assertEqual(names - set(work.acked) - work.unknown, set(), "nothing was lost")
        self.assertLess(len(work.unknown), 500, "few acknowledgments were lost")
        info = client.call(GROUPS + "GetConsumerGroupInfo", stream="s", group="g")
        self.assertEqual(info.lag, 0)
        self.assertLessEqual(info.pending, len(work.unknown))

    def test_the_work_does_not_grow_with_the_stream(self):
        postgres = self.enterContext(Postgres())
        gateway, = self.gateways(postgres, 1)
        client = gateway.client(timeout=30)
        client.call(APPEND, stream="s", payload=b"first")
        postgres.execute(
            "SET search_path TO prism; INSERT INTO stream_records SELECT s.id, s.last + i, s.last_ms,"
            " 1, NULL, '', 'x' FROM streams s, generate_series(1, 50000) AS i;"
            "UPDATE streams SET last = last + 50000, records = records + 50000, bytes = bytes + 50000")
        rows = "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_user_tables " \
               "WHERE schemaname = 'prism' AND relname LIKE 'stream%'"
        before = int(postgres.execute(rows))
        latest = client.call(STREAM + "BasicInterface.GetLatestOffset", stream="s").offset
        for _ in range(50):
            client.call(APPEND, stream="s", payload=b"more")
        self.assertEqual(len(read_all(client, from_offset=latest)), 51)
        client.call(GROUPS + "CreateConsumerGroup", stream="s", group="g", start="NEXT")
        found = client.call(STREAM + "ReplayInterface.SeekToTimestamp", stream="s", group="g",
                            timestamp_unix_ms=int(time.time() * 1000) - 3_600_000)
        self.assertTrue(found.found)
        self.assertEqual(client.call(GROUPS + "GetConsumerGroupInfo", stream="s", group="g").lag,
                         50_051)
        gateway.stop()  # its connections tell what they read
        read = int(postgres.execute(rows)) - before
        self.assertTrue(100 < read < 3000, f"{read} rows were read")

    def test_what_was_deleted_is_swept(self):
        postgres = self.enterContext(Postgres())
        gateway, = self.gateways(postgres, 1)
        client = gateway.client(timeout=30)
        fill(client, {str(i).encode() for i in range(1200)})
        client.call(GROUPS + "CreateConsumerGroup", stream="s", group="g")
        member = client.start(GROUPS + "JoinConsumerGroup", message(
            "prism.stream.v1.JoinConsumerGroupRequest")(stream="s", group="g", member="m"))
        self.assertEqual([len(next(member).deliveries) for _ in range(2)], [0, 100])
        self.assertTrue(client.call(RETENTION + "DeleteStream", stream="s").found)
        with self.assertRaises(grpc.RpcError) as told:
            next(member)
        self.assertEqual(told.exception.code(), grpc.StatusCode.ABORTED)
        for table in ("records", "groups", "members", "pending", "gone"):
            count = f"SELECT count(*) FROM prism.stream_{table}"
            until(lambda c=count: postgres.execute(c) == "0", f"no {table} are left", 20)

    def test_what_is_too_old_goes_though_nobody_calls(self):
        postgres = self.enterContext(Postgres())
        gateway, = self.gateways(postgres, 1)
        client = gateway.client(timeout=30)
        fill(client, {str(i).encode() for i in range(1200)})
        client.call(RETENTION + "SetRetention", stream="s", retention={"max_age_ms": 1000})
        until(lambda: postgres.execute("SELECT count(*) FROM prism.stream_records") == "0",
              "they go", 20)

    def test_the_work_does_not_grow_where_statistics_are_old(self):
        postgres = self.enterContext(Postgres("-c", "autovacuum=off"))
        gateway, = self.gateways(postgres, 1)
        client = gateway.client(timeout=30)
        for stream in ("old", "s"):
            client.call(APPEND, stream=stream, payload=b"first")
        old, new = postgres.execute("SELECT id FROM prism.streams ORDER BY id").split()
        make = "SET search_path TO prism; INSERT INTO stream_records SELECT s.id, s.last + i, " \
               "s.last_ms, 1, int8send(i), '', 'x' FROM streams s, generate_series(1, {1}::int8) " \
               "AS i WHERE s.id = {0};" \
               "UPDATE streams SET last = last + {1}, records = records + {1} WHERE id = {0};"
        postgres.execute(make.format(old, 60_000) + "ANALYZE")
        postgres.execute(make.format(new, 20_000))
        rows = "SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE schemaname = 'prism'"
        before = int(postgres.execute(rows))
        client.call(GROUPS + "CreateConsumerGroup", stream="s", group="g")
        member = client.start(GROUPS + "JoinConsumerGroup", message(
            "prism.stream.v1.JoinConsumerGroupRequest")(stream="s", group="g", member="m"))
        self.assertEqual([len(next(member).deliveries) for _ in range(2)], [0, 100])
        self.assertEqual(client.call(RETENTION + "Compact", stream="s").removed, 0)
        self.assertEqual(len(client.call(STREAM + "BasicInterface.Read", stream="s", limit=100)), 1)
        member.cancel()
        gateway.stop()  # its connections tell what they read
        read = int(postgres.execute(rows)) - before
        self.assertTrue(20_000 < read < 100_000, f"{read} entries were read")

    def test_streams_and_groups_come_and_go(self):
        postgres = self.enterContext(Postgres())
        gateways = self.gateways(postgres, 2)
        clients = [gateway.client(timeout=10) for gateway in gateways]
        over, outcomes = time.monotonic() + 4, {}
        threads = [threading.Thread(target=repeat, args=(clients[i % 2], over, step, outcomes))
                   for i, step in enumerate([*STEPS, *STEPS])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        self.assertEqual(set(outcomes) - {"OK", "NOT_FOUND", "ABORTED"}, set(), outcomes)
        self.assertGreater(outcomes["OK"], 500)
        for gateway in gateways:
            gateway.stop()  # its connections tell what they met
        self.assertEqual(postgres.execute(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = 'prism'"), "0")

    def test_who_claimed_what_is_compacted_is_no_member(self):
        postgres = self.enterContext(Postgres())
        gateway, = self.gateways(postgres, 1)
        client = gateway.client(timeout=10)
        client.call(APPEND, stream="s", payload=b"1", key="k")
        client.call(GROUPS + "CreateConsumerGroup", stream="s", group="g")
        member = client.start(GROUPS + "JoinConsumerGroup", message(
            "prism.stream.v1.JoinConsumerGroupRequest")(stream="s", group="g", member="m"))
        self.assertEqual([len(next(member).deliveries) for _ in range(2)], [0, 1])
        claim = {"stream": "s", "group": "g", "member": "other"}
        self.assertEqual(len(client.call(GROUPS + "ClaimPending", **claim).deliveries), 1)
        client.call(APPEND, stream="s", payload=b"2", key="k")
        self.assertEqual(client.call(RETENTION + "Compact", stream="s").removed, 1)
        info = client.call(GROUPS + "GetConsumerGroupInfo", stream="s", group="g")
        self.assertEqual([each.name for each in info.members], ["m"])
        member.cancel()


def take_some(client):
    member = client.start(GROUPS + "JoinConsumerGroup", message(
        "prism.stream.v1.JoinConsumerGroupRequest")(stream="s", group="g", member="m"))
    next(member)
    offsets = [each.record.offset for each in next(member).deliveries]
    client.call(GROUPS + "Ack", stream="s", group="g", offsets=offsets)
    member.cancel()


# What the callers of test_streams_and_groups_come_and_go do, each one thing.
STEPS = [
    lambda client: client.call(APPEND, stream="s", payload=b"x", key="k"),
    lambda client: client.call(GROUPS + "CreateConsumerGroup", stream="s", group="g"),
    take_some,
    lambda client: client.call(GROUPS + "ClaimPending", stream="s", group="g", member="c"),
    lambda client: client.call(RETENTION + "Compact", stream="s"),
    lambda client: client.call(RETENTION + "SetRetention", stream="s",
                               retention={"max_records": 20}),
    lambda client: (time.sleep(0.02), client.call(RETENTION + "DeleteStream", stream="s")),
    lambda client: (time.sleep(0.03),
                    client.call(GROUPS + "DeleteConsumerGroup", stream="s", group="g")),
]


def repeat(client, over, step, outcomes):
    while time.monotonic() < over:
        try:
            step(client)
            outcome = "OK"
        except grpc.RpcError as error:
            outcome = error.code().name
            if outcome not in ("NOT_FOUND", "ABORTED"):
                outcome += ": " + error.details()
        outcomes[outcome] = outcomes.get(outcome, 0) + 1


class Appended:
    """What one caller was told of its appends."""

    def __init__(self):
        self.acknowledged = []  # offset and payload
        self.unknown = 0


def acknowledged(appended):
    return sum(len(mine.acknowledged) for mine in appended)


def append(client, number, over, mine):
    i = 0
    while not over.is_set():
        payload = f"{number}-{i}".encode()
        i += 1
        try:
            answer = client.call(APPEND, stream="s", payload=payload)
            mine.acknowledged.append((answer.offset, payload))
        except grpc.RpcError:
            mine.unknown += 1
            time.sleep(0.02)


def read_all(client, **fields):
    """Offset and payload of each record."""
    pages = client.call(STREAM + "BasicInterface.Read", stream="s", **fields)
    return [(each.offset, each.payload) for page in pages for each in page.records]


class Follower:
    """Reads a stream as it grows; where it was told to go on when its call fails."""

    def __init__(self, client):
        self.seen = []
        self._client = client
        self._call = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._follow)
        self._thread.start()

    def _follow(self):
        place = ""
        request = message("prism.stream.v1.ReadRequest")
        while not self._over.is_set():
            try:
                self._call = self._client.start(STREAM + "BasicInterface.Read", request(
                    stream="s", from_offset=place, follow=True))
                for page in self._call:
                    self.seen += [(each.offset, each.payload) for each in page.records]
                    place = page.next_offset
            except grpc.RpcError:
                time.sleep(0.05)

    def end(self):
        self._over.set()
        self._call.cancel()
        self._thread.join(20)


def fill(client, payloads):
    """Appends all, many at once."""
    request = message("prism.stream.v1.AppendRequest")
    futures = [client.start(APPEND, request(stream="s", payload=payload)) for payload in payloads]
    for each in futures:
        each.result()


class Work:
    """What the members of a group got and acknowledged."""

    def __init__(self, names):
        self.names = names
        self.acked = {}  # when the answer was there
        self.unknown = set()  # acknowledged without an answer
        self.wrong = []

    def consume(self, gateway, member):
        """Until all is done or its gateway is dead."""
        client = gateway.client(timeout=5)
        request = message("prism.stream.v1.JoinConsumerGroupRequest")(
            stream="s", group="g", member=member, max_pending=50)
        while len(self.names - set(self.acked) - self.unknown) > 0 and gateway.popen.poll() is None:
            try:
                for page in client.start(GROUPS + "JoinConsumerGroup", request):
                    self._acknowledge(client, page)
            except grpc.RpcError:
                time.sleep(0.05)

    def _acknowledge(self, client, page):
        begun = time.monotonic()
        for each in page.deliveries:
            if self.acked.get(each.record.payload, begun) < begun - 1:
                self.wrong.append(each.record.payload)
        names = [each.record.payload for each in page.deliveries]
        if not names:
            return
        try:
            client.call(GROUPS + "Ack", stream="s", group="g",
                        offsets=[each.record.offset for each in page.deliveries])
            for name in names:
                self.acked.setdefault(name, time.monotonic())
        except grpc.RpcError:
            self.unknown.update(names)


if __name__ == "__main__":
    harness.main(__name__)
