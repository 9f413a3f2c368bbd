#!/usr/bin/python3
"""What several gateways share on a Postgres, model by model: queues, topics, documents."""

import json
import random
import threading
import time
import unittest

import grpc
from servers import Gateway, Postgres, harness, until
from api import message

DOCUMENT = "prism.document.v1.Document"
PUBSUB = "prism.pubsub.v1.PubSubBasicInterface."
QUEUES = "prism.queue.v1."


class SharedTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.postgres = cls.enterClassContext(Postgres())

    def gateway(self, postgres, **settings):
        backends = {"store": {"driver": "postgres", "url": postgres.url, **settings}}
        return self.enterContext(
            Gateway(backends=backends, namespaces=[{"name": "orders", "backend": "store"}]))

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

    def test_large_messages_lie_in_a_table_for_a_while(self):
        gateway = self.gateway(self.postgres, schema="swept")
        until(lambda: gateway.admin("/readyz")[0] == 200, "the gateway is ready")
        client, large = gateway.client(), b"x" * 20_000
        count = "SELECT count(*) FROM swept.pubsub_large"
        client.call(PUBSUB + "Publish", topic="large", payload=large)
        self.assertEqual(self.postgres.execute(count), "0", "nobody listens")
        listener = subscription(client, "large")
        client.call(PUBSUB + "Publish", topic="large", payload=large)
        self.assertEqual(next(listener).message.payload, large)
        self.postgres.execute("UPDATE swept.pubsub_large "
                              "SET sent_at = now() - interval '2 minutes'")
        until(lambda: self.postgres.execute(count) == "0", "it goes", 30)

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


if __name__ == "__main__":
    harness.main(__name__)
