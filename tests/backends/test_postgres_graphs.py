#!/usr/bin/python3
"""Graphs that several gateways share on a Postgres."""

import random
import threading
import time
import unittest

import grpc
from servers import Gateway, Postgres, harness, until

GRAPH = "prism.graph.v1.GraphBasicInterface."
TRAVERSE = "prism.graph.v1.GraphTraversalInterface.Traverse"


class GraphTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.postgres = cls.enterClassContext(Postgres())

    def gateway(self, schema):
        backends = {"store": {"driver": "postgres", "url": self.postgres.url, "schema": schema}}
        gateway = self.enterContext(
            Gateway(backends=backends, namespaces=[{"name": "orders", "backend": "store"}]))
        until(lambda: gateway.admin("/readyz")[0] == 200, "the gateway is ready")
        return gateway

    def test_no_edge_outlives_its_nodes(self):
        clients = [self.gateway("meet").client() for _ in range(2)]
        end = time.monotonic() + 2
        outcomes = [[] for _ in range(6)]
        threads = [threading.Thread(target=change, args=(clients[i % 2], i, end, told))
                   for i, told in enumerate(outcomes)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        told = [outcome for each in outcomes for outcome in each]
        self.assertEqual({outcome for outcome in told if isinstance(outcome, str)}, set(),
                         "no call failed")
        count = "SELECT count(*) FROM meet.graph_edges e WHERE NOT EXISTS (SELECT FROM " \
                "meet.graph_nodes g WHERE g.node = e.{0}_node)"
        for side in ("from", "to"):
            self.assertEqual(self.postgres.execute(count.format(side)), "0", "none is left over")
        made, gone = (sum(outcome[i] for outcome in told) for i in range(2))
        left = int(self.postgres.execute("SELECT count(*) FROM meet.graph_edges"))
        self.assertEqual(made - gone, left, "each edge that was made is there or was told as gone")
        self.assertGreater(gone, 100)

    def test_the_work_does_not_grow_with_the_graph(self):
        gateway = self.gateway("grown")
        client = gateway.client()
        self.postgres.execute(
            "SET search_path TO grown; INSERT INTO graph_nodes (namespace, id, size, labels, names,"
            " vals) SELECT 'orders', convert_to('n' || i, 'UTF8'), 50, '{}', '{}', '{}'"
            " FROM generate_series(1, 20000) AS i")
        read = "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_user_tables " \
               "WHERE schemaname = 'grown' AND relname LIKE 'graph%'"
        before = int(self.postgres.execute(read))
        for i in range(1, 101):
            connect(client, f"e{i}", "n1", f"n{i}")
        client.call(GRAPH + "DeleteNode", id="n50")
        self.assertEqual(client.call(GRAPH + "DeleteNode", id="n1").edges, 99)
        gateway.stop()  # its connections tell what they read
        rows = int(self.postgres.execute(read)) - before
        self.assertTrue(300 < rows < 3000, f"{rows} rows were read")

    def test_walks_over_large_graphs(self):
        client = self.gateway("large").client()
        self.postgres.execute(
            "SET search_path TO large; INSERT INTO graph_nodes (namespace, id, size, labels, names,"
            " vals) SELECT 'orders', convert_to('n' || i, 'UTF8'), 50, '{}', '{}', '{}'"
            " FROM generate_series(1, 50000) AS i;"
            "INSERT INTO graph_edges (namespace, digest, from_node, to_node, key, more, size, names,"
            " vals) SELECT 'orders', sha256(id), node / 10 + 1, node, '\\x780000'::bytea || id, '',"
            " 50, '{}', '{}' FROM graph_nodes WHERE node > 1")
        for order in ("BREADTH_FIRST", "DEPTH_FIRST"):
            with self.subTest(order=order):
                pages = client.call(TRAVERSE, start_id="n1", order=order, max_depth=100,
                                    limit=20_000)
                ids = [each.node.id for page in pages for each in page.visits]
                self.assertEqual(len(set(ids)), 20_000, "each once")


def connect(client, edge, start, end):
    """Whether the edge was made."""
    return client.call(GRAPH + "CreateEdge",
                       edge={"id": edge, "from": start, "to": end, "label": "x"}).created


def change(client, seed, end, outcomes):
    """Makes and removes what few nodes have; tells how many edges came and went, or the error."""
    choose = random.Random(seed)
    number = 0
    while time.monotonic() < end:
        node, other = (f"n{choose.randrange(8)}" for _ in range(2))
        number += 1
        try:
            match choose.randrange(8):
                case 0:
                    outcomes.append((0, client.call(GRAPH + "DeleteNode", id=node).edges))
                case 1 | 2:
                    client.call(GRAPH + "CreateNode", node={"id": node})
                case 3:
                    edge = f"{seed}-{number - choose.randrange(5)}"
                    outcomes.append((0, int(client.call(GRAPH + "DeleteEdge", id=edge).found)))
                case _:
                    outcomes.append((int(connect(client, f"{seed}-{number}", node, other)), 0))
        except grpc.RpcError as error:
            outcomes.append(f"{error.code().name}: {error.details()}")


if __name__ == "__main__":
    harness.main(__name__)
