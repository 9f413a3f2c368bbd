#!/usr/bin/python3
"""Each data model beyond key-value through the gateway, by an independent client on several
connections, so that the callers meet both workers. The contracts in full are conformance's part."""

import json
import threading
import unittest

from prism_server import NAMESPACES, Gateway, api, harness

gateway = None


def setUpModule():
    global gateway
    gateway = Gateway()
    unittest.addModuleCleanup(gateway.stop)


class Models(unittest.TestCase):
    def client(self, namespace=NAMESPACES[0]):
        client = gateway.client(namespace, timeout=30)
        self.addCleanup(client.channel.close)
        return client

    def call(self, method, client=None, **fields):
        """`method` as "list.v1.ListBasicInterface.PushLeft"."""
        return (client or self.client()).call("prism." + method, **fields)

    def all_at_once(self, workers, count):
        """Runs workers(number) on `count` threads and returns their results together."""
        results = []

        def run(number):
            results.extend(workers(number))

        threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
        for each in threads:
            each.start()
        for each in threads:
            each.join(60)
        self.assertFalse(any(each.is_alive() for each in threads))
        return results

    def test_list_elements_go_to_one_taker_each(self):
        total = 400

        def take(number):
            client = self.client()
            if number < 4:
                for value in range(total // 4):
                    self.call("list.v1.ListBasicInterface.PushRight", client, list="l",
                              values=[b"%d-%d" % (number, value)])
                return []
            taken = []
            while answer := self.call("list.v1.ListBlockingInterface.BlockingPopLeft", client,
                                      lists=["l"], timeout_ms=1000):
                if not answer.found:
                    return taken
                taken.append(answer.value)
            return taken

        taken = self.all_at_once(take, 8)
        self.assertEqual(len(taken), total, "elements taken")
        self.assertEqual(len(set(taken)), total, "different elements taken")

    def test_queue_messages_are_acknowledged_once(self):
        total = 300

        def work(number):
            client = self.client()
            if number < 3:
                for value in range(total // 3):
                    self.call("queue.v1.QueueBasicInterface.Enqueue", client, queue="q",
                              payload=b"%d-%d" % (number, value))
                return []
            done = []
            while True:
                answer = self.call("queue.v1.QueueVisibilityInterface.DequeueWithTimeout", client,
                                   queue="q", max_messages=5, wait_ms=1000,
                                   visibility_timeout_ms=30_000)
                if not answer.deliveries:
                    return done
                for each in answer.deliveries:
                    acked = self.call("queue.v1.QueueVisibilityInterface.Ack", client, queue="q",
                                      receipt=each.receipt)
                    if acked.found:
                        done.append(each.message.payload)

        done = self.all_at_once(work, 6)
        self.assertEqual(len(done), total, "messages acknowledged")
        self.assertEqual(len(set(done)), total, "different messages acknowledged")

    def test_stream_keeps_order_and_offsets(self):
        def append(number):
            client = self.client()
            return [self.call("stream.v1.StreamBasicInterface.Append", client, stream="s",
                              payload=b"%d-%03d" % (number, value)).offset for value in range(50)]

        offsets = self.all_at_once(append, 4)
        self.assertEqual(len(set(offsets)), 200)
        pages = self.call("stream.v1.StreamBasicInterface.Read", stream="s")
        records = [record for page in pages for record in page.records]
        self.assertEqual([r.offset for r in records if r.offset not in offsets], [])
        self.assertEqual(len(records), 200)
        for number in range(4):
            mine = [r.payload for r in records if r.payload.startswith(b"%d-" % number)]
            self.assertEqual(mine, sorted(mine), "a producer's own order")

    def test_pubsub_reaches_the_other_worker(self):
        topic = "rooms.kitchen"
        request = api.message("prism.pubsub.v1.SubscribeRequest")(topic=topic)
        streams = [self.client().start("prism.pubsub.v1.PubSubBasicInterface.Subscribe", request)
                   for _ in range(6)]
        for stream in streams:
            self.assertTrue(next(stream).HasField("subscribed"))
        for number in range(20):
            sent = self.call("pubsub.v1.PubSubBasicInterface.Publish", topic=topic,
                             payload=b"%d" % number)
            self.assertEqual(sent.receivers, len(streams))
        for stream in streams:
            got = [next(stream).message.payload for _ in range(20)]
            self.assertEqual(got, [b"%d" % number for number in range(20)])
            stream.cancel()

    def test_sets_and_sorted_sets(self):
        self.call("set.v1.SetBasicInterface.Add", set="a", members=[b"x", b"y"])
        self.call("set.v1.SetBasicInterface.Add", set="b", members=[b"y", b"z"])
        stored = self.call("set.v1.SetOperationsInterface.IntersectionStore",
                           destination="c", sets=["a", "b"])
        self.assertEqual(stored.size, 1)
        held = self.call("set.v1.SetBasicInterface.Contains", set="c", members=[b"x", b"y"])
        self.assertEqual(list(held.contained), [False, True])
        entries = [{"member": b"m%02d" % n, "score": n} for n in range(50)]
        self.call("sortedset.v1.SortedSetBasicInterface.Add", set="a", entries=entries)
        rank = self.call("sortedset.v1.SortedSetRankInterface.ReverseRank", set="a", member=b"m40")
        self.assertEqual((rank.found, rank.rank, rank.score), (True, 9, 40))

    def test_time_series(self):
        points = [{"time_unix_us": 1_000_000 * n, "value": n} for n in range(10)]
        self.call("timeseries.v1.TimeSeriesBasicInterface.Insert",
                  series=[{"measurement": "m", "tags": {"host": "a"}, "points": points}])
        pages = self.call("timeseries.v1.TimeSeriesBasicInterface.Query", measurement="m",
                          tags={"host": "a"}, from_unix_us=2_000_000, to_unix_us=5_000_000)
        values = [p.value for page in pages for s in page.series for p in s.points]
        self.assertEqual(values, [2, 3, 4])

    def test_documents(self):
        for number in range(5):
            self.call("document.v1.DocumentBasicInterface.Insert", collection="c",
                      id=f"d{number}", json=json.dumps({"n": number, "tags": ["x"]}))
        condition = {"path": "n", "operator": 4, "value": {"int64_value": 3}}
        pages = self.call("document.v1.DocumentQueryInterface.Find", collection="c",
                          filter={"condition": condition}, sort=[{"path": "n",
                                                                  "descending": True}])
        self.assertEqual([d.id for page in pages for d in page.documents], ["d4", "d3"])

    def test_graph(self):
        for name in ("ann", "bob"):
            self.call("graph.v1.GraphBasicInterface.CreateNode",
                      node={"id": name, "labels": ["Person"], "properties": {
                          "name": api.message("prism.graph.v1.Value")(string_value=name)}})
        self.call("graph.v1.GraphBasicInterface.CreateEdge",
                  edge={"from": "ann", "to": "bob", "label": "KNOWS"})
        pages = self.call("graph.v1.GraphQueryInterface.Query", dialect="opencypher",
                          text="MATCH (a:Person)-[:KNOWS]->(b) RETURN a.name, b.name")
        rows = [[c.value.string_value for c in row.cells] for page in pages for row in page.rows]
        self.assertEqual(rows, [["ann", "bob"]])

    def test_objects(self):
        put = api.message("prism.object.v1.PutRequest")
        pieces = [bytes([n]) * 300_000 for n in range(10)]
        parts = [put(header={"key": "films/one", "content_type": "video/x"})]
        parts += [put(piece=piece) for piece in pieces]
        stored = self.client().start("prism.object.v1.ObjectBasicInterface.Put",
                                     iter(parts)).result()
        self.assertTrue(stored.stored)
        self.assertEqual(stored.size, 3_000_000)
        got = self.call("object.v1.ObjectBasicInterface.Get", key="films/one",
                        range={"offset": 299_999, "length": 2})
        self.assertTrue(got[0].header.found)
        self.assertEqual(b"".join(part.piece for part in got[1:]), b"\x00\x01")
        rows = self.call("object.v1.ObjectBasicInterface.List", prefix="", delimiter="/")
        self.assertEqual([row.common_prefix for page in rows for row in page.rows], ["films/"])

    def test_namespaces_do_not_meet(self):
        other = self.client(NAMESPACES[1])
        self.call("list.v1.ListBasicInterface.PushLeft", list="apart", values=[b"x"])
        self.assertEqual(
            self.call("list.v1.ListBasicInterface.Length", other, list="apart").length, 0)


harness.main(__name__)
