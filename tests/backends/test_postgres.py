#!/usr/bin/python3
"""The driver `postgres` against a real server: every contract that it claims, and its loss."""

import json
import os
import random
import subprocess
import tempfile
import threading
import time
import unittest

import grpc
from servers import Gateway, Postgres, harness, until
from api import message


DOCUMENT = "prism.document.v1.Document"
PUBSUB = "prism.pubsub.v1.PubSubBasicInterface."


class PostgresTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.postgres = cls.enterClassContext(Postgres())

    def gateway(self, postgres, **settings):
        backends = {"store": {"driver": "postgres", "url": postgres.url, **settings}}
        return self.enterContext(
            Gateway(backends=backends, namespaces=[{"name": "orders", "backend": "store"}]))

    def test_conforms(self):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="prism-postgres-test-"))
        path = os.path.join(folder, "prism.yaml")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"backends": {"store": {"driver": "postgres", "url": self.postgres.url}},
                       "namespaces": [{"name": "orders", "backend": "store"},
                                      {"name": "carts", "backend": "store"}]}, file)
        done = subprocess.run(
            [harness.program("prism"), "conformance", "--config", path, "-n", "orders",
             "--other-namespace", "carts", "--output", "json"],
            capture_output=True, text=True, timeout=300, check=False)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        report = json.loads(done.stdout)
        for interface in report["interfaces"]:
            for case in interface["cases"]:
                with self.subTest(interface=interface["interface"], case=case["name"]):
                    self.assertNotEqual(case["result"], "failed", case["failures"])
        self.assertGreater(sum(each["claimed"] for each in report["interfaces"]), 0)

    def test_many_gateways_make_the_schema_together(self):
        gateways = [self.gateway(self.postgres, schema="together") for _ in range(3)]
        for gateway in gateways:
            until(lambda g=gateway: g.admin("/readyz")[0] == 200, "the gateway is ready")
        applied = self.postgres.execute("SELECT version FROM together.migrations ORDER BY 1").split()
        self.assertEqual(applied, [str(i + 1) for i in range(len(applied))])

    def test_a_schema_of_a_later_release_is_refused(self):
        self.postgres.execute("CREATE SCHEMA later; CREATE TABLE later.migrations (version integer);"
                              "INSERT INTO later.migrations VALUES (1000)")
        gateway = self.gateway(self.postgres, schema="later")
        until(lambda: "later release" in gateway.admin("/readyz")[1], "the reason is told")

    def test_counts_on_while_the_server_dies(self):
        postgres = self.enterContext(Postgres("-c", "synchronous_commit=on"))
        gateway = self.gateway(postgres)
        until(lambda: gateway.admin("/readyz")[0] == 200, "the gateway is ready")
        client, done, acknowledged = gateway.client(), threading.Event(), []
        client.call("KeyValueBasicInterface.Set", key="count", value=b"0")
        counter = threading.Thread(target=count_up, args=(client, done, acknowledged))
        counter.start()
        for _ in range(2):
            before = len(acknowledged)
            until(lambda n=before: len(acknowledged) > n + 50, "it counts")
            postgres.kill()
            until(lambda: gateway.admin("/readyz")[0] == 503, "the loss is noticed")
            postgres.start()
        before = len(acknowledged)
        until(lambda: len(acknowledged) > before + 50, "it goes on counting")
        done.set()
        counter.join(30)
        value = int(client.call("KeyValueBasicInterface.Get", key="count").value)
        self.assertEqual(value, acknowledged[-1], "nothing was lost")
        self.assertEqual(acknowledged, sorted(set(acknowledged)), "nothing came twice")
        self.assertIn("fsync off", gateway.admin("/status")[1])

    def test_consumers_lose_nothing_when_a_gateway_dies(self):
        gateways = [self.gateway(self.postgres, schema="consumed") for _ in range(3)]
        for gateway in gateways:
            until(lambda g=gateway: g.admin("/readyz")[0] == 200, "the gateway is ready")
        names = {str(number).encode() for number in range(5000)}
        fill("jobs", gateways[0].client(), names)
        work = Work("jobs", names)
        consumers = [threading.Thread(target=work.consume, args=(gateways[i % 3].client(),))
                     for i in range(6)]
        for each in consumers:
            each.start()
        until(lambda: len(work.acked) > 1000, "they work")
        gateways[2].popen.kill()
        for each in consumers:
            each.join(30)
        work.consume(gateways[0].client(), until_empty=True)
        self.assertEqual(work.wrong, [], "what was acknowledged came again")
        self.assertEqual(names - set(work.acked) - work.unknown, set(), "nothing was lost")
        self.assertLess(len(names) - len(work.acked), 500, "few acknowledgments were lost")

    def test_the_line_of_waiting_calls_is_that_of_all_gateways(self):
        gateways = [self.gateway(self.postgres, schema="waiting") for _ in range(2)]
        for gateway in gateways:
            until(lambda g=gateway: g.admin("/readyz")[0] == 200, "the gateway is ready")
        calls = []
        for i in range(6):
            client = gateways[i % 2].client()
            request = message("prism.queue.v1.DequeueRequest")(queue="line", wait_ms=8000)
            calls.append(client.start("prism.queue.v1.QueueBasicInterface.Dequeue", request))
            until(lambda n=i: self.postgres.execute(
                "SELECT count(*) FROM waiting.queue_waiter") == str(n + 1), "it waits")
        gateways[1].popen.kill()
        for number in (0, 2, 4):
            gateways[0].client().call(QUEUES + "QueueBasicInterface.Enqueue", queue="line",
                                      payload=str(number).encode())
        for number in (0, 2, 4):
            answer = calls[number].result()
            self.assertEqual([each.payload for each in answer.messages], [str(number).encode()])

    def test_a_statement_that_nobody_waits_for_is_cancelled(self):
        gateway = self.gateway(self.postgres, schema="cancelled")
        until(lambda: gateway.admin("/readyz")[0] == 200, "the gateway is ready")
        client = gateway.client()
        client.call("KeyValueBasicInterface.Set", key="held", value=b"1")
        hold = "BEGIN; SELECT value FROM cancelled.kv FOR UPDATE; SELECT pg_sleep(6)"
        holder = threading.Thread(target=self.postgres.execute, args=(hold,))
        holder.start()
        waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        sleeps = ("SELECT count(*) FROM pg_stat_activity "
                  "WHERE wait_event = 'PgSleep' AND query LIKE '%cancelled.kv%'")
        until(lambda: self.postgres.execute(sleeps) == "1", "the row is locked")
        client.timeout = 1
        with self.assertRaises(grpc.RpcError) as raised:
            client.call("KeyValueBasicInterface.Set", key="held", value=b"2")
        self.assertEqual(raised.exception.code(), grpc.StatusCode.DEADLINE_EXCEEDED)
        until(lambda: self.postgres.execute(waits) == "0", "the server has ended it", 3)
        client.timeout = 10
        holder.join(20)
        self.assertEqual(client.call("KeyValueBasicInterface.Get", key="held").value, b"1")

    def test_a_held_row_delays_others_no_longer_than_its_callers_deadline(self):
        gateway = self.gateway(self.postgres, schema="line", max_connections=1)
        until(lambda: gateway.admin("/readyz")[0] == 200, "the gateway is ready")
        client, impatient = gateway.client(), gateway.client()
        for key in ("held", "free"):
            client.call("KeyValueBasicInterface.Set", key=key, value=b"1")
        hold = "BEGIN; SELECT value FROM line.kv WHERE key = 'held' FOR UPDATE; SELECT pg_sleep(8)"
        holder = threading.Thread(target=self.postgres.execute, args=(hold,))
        holder.start()
        sleeps = ("SELECT count(*) FROM pg_stat_activity "
                  "WHERE wait_event = 'PgSleep' AND query LIKE '%line.kv%'")
        until(lambda: self.postgres.execute(sleeps) == "1", "the row is locked")
        impatient.timeout, done, cut = 0.05, threading.Event(), []
        cutter = threading.Thread(target=give_up_again_and_again, args=(impatient, done, cut))
        cutter.start()
        client.timeout, written = 5, 0
        while len(cut) < 20:
            answer = client.call("KeyValueCasInterface.SetIfAbsent", key=f"free{written}", value=b"1")
            self.assertTrue(answer.stored, "applied twice, or by somebody else")
            written += 1
        done.set()
        cutter.join(10)
        self.assertGreater(written, 20)
        self.assertEqual(set(cut), {grpc.StatusCode.DEADLINE_EXCEEDED})
        holder.join(20)

    def test_what_has_expired_is_swept(self):
        gateway = self.gateway(self.postgres, schema="swept")
        until(lambda: gateway.admin("/readyz")[0] == 200, "the gateway is ready")
        client = gateway.client()
        client.call("KeyValueBasicInterface.Set", key="brief", value=b"1")
        client.call("KeyValueTTLInterface.Expire", key="brief", ttl_ms=1)
        large = b"x" * 20_000
        client.call(PUBSUB + "Publish", topic="large", payload=large)
        self.assertEqual(self.postgres.execute("SELECT count(*) FROM swept.pubsub_large"), "0",
                         "nobody listens")
        listener = subscription(client, "large")
        client.call(PUBSUB + "Publish", topic="large", payload=large)
        self.assertEqual(next(listener).message.payload, large)
        self.postgres.execute("UPDATE swept.pubsub_large "
                              "SET sent_at = now() - interval '2 minutes'")
        for table in ("kv", "pubsub_large"):
            count = f"SELECT count(*) FROM swept.{table}"
            until(lambda c=count: self.postgres.execute(c) == "0", "it goes", 30)

    def test_all_gateways_hear_one_order(self):
        gateways = [self.gateway(self.postgres, schema="heard") for _ in range(2)]
        for gateway in gateways:
            until(lambda g=gateway: g.admin("/readyz")[0] == 200, "the gateway is ready")
        listeners = [subscription(gateway.client(timeout=60), topic)
                     for gateway in gateways for topic in ("a.b", "a.b", "a.*")]
        publishers, each = 6, 60
        threads = [threading.Thread(target=publish, args=(gateways[n % 2].client(), n, each))
                   for n in range(publishers)]
        for thread in threads:
            thread.start()
        heard = [[next(listener).message.payload.rstrip(b".").decode()
                  for _ in range(publishers * each)] for listener in listeners]
        for thread in threads:
            thread.join()
        for other in heard[1:]:
            self.assertEqual(other, heard[0])
        for n in range(publishers):
            of_one = [text for text in heard[0] if text.startswith(f"{n}-")]
            self.assertEqual(of_one, [f"{n}-{i}" for i in range(each)], "none lost, none twice")
        for listener in listeners:
            listener.cancel()

    def test_a_subscription_is_ended_from_another_gateway(self):
        here, there = [self.gateway(self.postgres, schema="ended") for _ in range(2)]
        for gateway in (here, there):
            until(lambda g=gateway: g.admin("/readyz")[0] == 200, "the gateway is ready")
        ended, ids = [], []
        for _ in range(2):
            stream = here.client().start(PUBSUB + "Subscribe", subscribe_to("a"))
            ids.append(next(stream).subscribed.subscription_id)
            ended.append(stream)
        client = there.client()
        self.assertTrue(client.call(PUBSUB + "Unsubscribe", subscription_id=ids[0]).found)
        self.assertEqual(list(ended[0]), [], "it ends with OK")
        self.assertFalse(client.call(PUBSUB + "Unsubscribe", subscription_id=ids[0]).found)
        here.stop()
        until(lambda: not client.call(PUBSUB + "Unsubscribe", subscription_id=ids[1]).found,
              "what a gateway had goes with it", 5)

    def test_documents_and_their_indexes_agree(self):
        gateways = [self.gateway(self.postgres, schema="agree") for _ in range(2)]
        for gateway in gateways:
            until(lambda g=gateway: g.admin("/readyz")[0] == 200, "the gateway is ready")
        client, end = gateways[0].client(), time.monotonic() + 1
        make_index(client, "once", "v", unique=True)
        outcomes = [[] for _ in range(6)]
        writers = [threading.Thread(target=write_documents,
                                    args=(gateways[i % 2].client(), i, end, told))
                   for i, told in enumerate(outcomes)]
        for writer in writers:
            writer.start()
        made = 0
        while time.monotonic() < end:
            make_index(client, "often", "w", unique=False)
            client.call(DOCUMENT + "IndexingInterface.DropIndex", collection="c", name="often")
            made += 1
        for writer in writers:
            writer.join(20)
        self.assertGreater(made, 3, "the index came and went")
        self.assertEqual({code for told in outcomes for code in told}, {"OK", "ALREADY_EXISTS"})
        make_index(client, "often", "w", unique=False)
        documents = json.loads(self.postgres.execute(
            "SELECT json_object_agg(convert_from(id, 'UTF8'), body) FROM agree.documents"))
        self.assertEqual(len({each["v"] for each in documents.values()}), len(documents),
                         "no two have the same value")
        for field, value in [(field, value) for field in "vw" for value in range(50)]:
            equal = {"path": field, "operator": "EQUAL", "value": {"int64_value": value}}
            pages = client.call(DOCUMENT + "QueryInterface.Find", collection="c",
                                filter={"condition": equal})
            there = [name for name, each in documents.items()
                     if value in (each["w"] if field == "w" else [each["v"]])]
            self.assertEqual([each.id for page in pages for each in page.documents], sorted(there))
        sweep = ("SET search_path TO agree; DO $$ BEGIN WHILE document_sweep() > 0 LOOP END LOOP; END $$;"
                 "SELECT count(*) FROM document_entries")
        until(lambda: self.postgres.execute(sweep).split()[-1] == str(3 * len(documents)),
              "what was dropped is swept")

    def test_an_index_that_nobody_goes_on_making_is_made_anew(self):
        gateway = self.gateway(self.postgres, schema="lease")
        until(lambda: gateway.admin("/readyz")[0] == 200, "the gateway is ready")
        client = gateway.client()
        self.postgres.execute("SET search_path TO lease; SELECT document_begin_index("
                              "'orders', 'c', 'i', '{x}', false, interval '1 second')")
        with self.assertRaises(grpc.RpcError) as raised:
            make_index(client, "i", "x", unique=False)
        self.assertEqual(raised.exception.code(), grpc.StatusCode.ABORTED)
        self.postgres.execute("UPDATE lease.document_indexes SET until = now()")
        make_index(client, "i", "x", unique=False)


def give_up_again_and_again(client, done, codes):
    """Writes a row that somebody else holds, each time until the client's deadline."""
    while not done.is_set():
        try:
            client.call("KeyValueBasicInterface.Set", key="held", value=b"2")
        except grpc.RpcError as error:
            codes.append(error.code())


def make_index(client, name, field, unique):
    """Makes an index that is not there."""
    answer = client.call(DOCUMENT + "IndexingInterface.CreateIndex", collection="c",
                         index={"name": name, "fields": [field], "unique": unique})
    assert answer.created


def write_documents(client, seed, end, outcomes):
    """Inserts, changes and removes a few documents with few values; tells what became of it."""
    choose = random.Random(seed)
    while time.monotonic() < end:
        where = {"collection": "c", "id": str(choose.randrange(30))}
        text = json.dumps({"v": choose.randrange(40), "w": choose.sample(range(50), 2)})
        try:
            match choose.randrange(4):
                case 0:
                    client.call(DOCUMENT + "BasicInterface.Insert", json=text, **where)
                case 1:
                    client.call(DOCUMENT + "BasicInterface.Update", replacement_json=text,
                                **where)
                case 2:
                    client.call(DOCUMENT + "BasicInterface.Update", merge_patch_json=text,
                                **where)
                case 3:
                    client.call(DOCUMENT + "BasicInterface.Delete", **where)
            outcomes.append("OK")
        except grpc.RpcError as error:
            outcomes.append(error.code().name)


QUEUES = "prism.queue.v1."


def fill(queue, client, payloads):
    """Enqueues all, many at once."""
    request = message(QUEUES + "EnqueueRequest")
    room = threading.Semaphore(100)
    futures = []
    for payload in payloads:
        room.acquire()
        futures.append(client.start(QUEUES + "QueueBasicInterface.Enqueue",
                                    request(queue=queue, payload=payload)))
        futures[-1].add_done_callback(lambda _: room.release())
    for each in futures:
        each.result()


class Work:
    """What consumers of a queue got and acknowledged."""

    def __init__(self, queue, names):
        self.queue = queue
        self.names = names
        self.acked = {}  # when the answer was there
        self.unknown = set()  # acknowledged without an answer
        self.wrong = []

    def consume(self, client, until_empty=False):
        """Until all is done, or its gateway dies."""
        while until_empty or len(self.acked) + len(self.unknown) < len(self.names):
            start = time.monotonic()
            try:
                answer = client.call(QUEUES + "QueueVisibilityInterface.DequeueWithTimeout",
                                     queue=self.queue, max_messages=20, wait_ms=600,
                                     visibility_timeout_ms=500)
                self.acknowledge(client, start, answer.deliveries)
            except grpc.RpcError:
                return
            if until_empty and not answer.deliveries:
                return

    def acknowledge(self, client, start, deliveries):
        request = message(QUEUES + "AckRequest")
        acks = []
        for each in deliveries:
            name = each.message.payload
            if self.acked.get(name, start) < start:
                self.wrong.append(name)
            acks.append((name, client.start(QUEUES + "QueueVisibilityInterface.Ack",
                                            request(queue=self.queue, receipt=each.receipt))))
        for name, ack in acks:
            try:
                found = ack.result().found
            except grpc.RpcError:
                self.unknown.add(name)
                continue
            if found and name in self.acked:
                self.wrong.append(name)
            if found:
                self.acked[name] = time.monotonic()
def subscribe_to(topic, name="Subscribe", field="topic"):
    return message(f"prism.pubsub.v1.{name}Request")(**{field: topic})


def subscription(client, topic):
    """A subscription that is there, to a topic or a pattern."""
    stream = client.start("prism.pubsub.v1.PubSubWildcardsInterface.SubscribePattern",
                          subscribe_to(topic, "SubscribePattern", "pattern"))
    next(stream)
    return stream


def publish(client, number, count):
    """Publishes so many messages of one key, among them large ones."""
    for i in range(count):
        padding = b"." * (20_000 if i % 10 == 5 else 0)
        client.call("prism.pubsub.v1.PubSubOrderingInterface.PublishOrdered", topic="a.b", key="k",
                    payload=f"{number}-{i}".encode() + padding)


def count_up(client, done, acknowledged):
    """Increments "count" by compare-and-swap until told to end. After a failure of unknown outcome
    it reads where it is."""
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
        else:
            value = int(answer.actual)


if __name__ == "__main__":
    harness.main(__name__)
