#!/usr/bin/python3
"""Time series on a real Postgres: partitions that come and go, and what several gateways share."""

import contextlib
import random
import threading
import time
import unittest

from servers import Gateway, Postgres, harness, until

import api

TS = "prism.timeseries.v1.TimeSeries"
DAY_US = 86_400_000_000
LAST_US = 7_258_118_400_000_000 - 1
PARTITIONS = ("SELECT count(*) FROM pg_inherits WHERE inhparent = '{}.ts_points'::regclass")


def points(measurement, times, tags=None):
    return {"measurement": measurement, "tags": tags or {},
            "points": [{"time_unix_us": t, "value": t} for t in times]}


def insert(client, *series):
    return client.call(TS + "BasicInterface.Insert", series=series)


def query(client, measurement, **fields):
    """All points as (time, value), in the order in which they came."""
    pages = client.call(TS + "BasicInterface.Query", measurement=measurement, **fields)
    return [(point.time_unix_us, point.value) for page in pages for series in page.series
            for point in series.points]


def retain(client, measurement, max_age_ms):
    client.call(TS + "RetentionInterface.SetRetention", measurement=measurement,
                max_age_ms=max_age_ms)


def random_inserts(chance, measurement):
    """Points whose sums are exact in whatever order, of few or many series, near and far apart."""
    hosts, span = chance.choice([1, 3, 40, 1500]), chance.choice([2_000, DAY_US, 9000 * DAY_US])
    start = chance.choice([-span // 2, 0, 1_790_000_000_000_000])
    for _ in range(chance.randrange(1, 6)):
        request = []
        for _ in range(330):
            times = [start + chance.randrange(span) for _ in range(chance.randrange(1, 4))]
            tags = {"host": str(chance.randrange(hosts)), "zone": chance.choice("abc")}
            request.append(points(measurement, times, tags))
            for point in request[-1]["points"]:
                point["value"] = (point["time_unix_us"] * 7919 % 1583 - 700) / 8
        yield request


def random_reads(chance, measurement):
    """(method, fields) of calls that both backends must answer alike."""
    times = [-DAY_US, 0, 1000, 1_790_000_000_000_000, 1_790_000_000_001_000, 4000 * DAY_US]
    for _ in range(12):
        fields = {"measurement": measurement, "tags": chance.choice(
            [{}, {}, {"zone": "b"}, {"zone": "a", "host": "2"}, {"zone": "none"}])}
        low, high = sorted(chance.sample(times, 2))
        method = chance.choice(["Basic", "Aggregation", "Interpolation"])
        if method == "Interpolation":
            step = chance.choice([7, 100, DAY_US]) + (high - low) // 3000
            yield "InterpolationInterface.Interpolate", fields | {
                "from_unix_us": low, "to_unix_us": high, "step_us": step,
                "method": chance.choice([1, 2]), "max_gap_us": chance.choice([0, 50, DAY_US])}
            continue
        if chance.random() < 0.5:
            fields |= {"from_unix_us": low, "to_unix_us": high}
        if method == "Basic":
            yield "BasicInterface.Query", fields | {"descending": chance.random() < 0.5}
        else:
            functions = chance.choice([[1, 2, 3, 4, 5], [6, 7], [8, 1]])
            yield "AggregationInterface.Aggregate", fields | {
                "window_us": chance.choice([10, 1000, DAY_US, 400 * DAY_US]),
                "aggregations": [{"function": f, "percentile": 37.5} for f in functions],
                "group_by": chance.choice([[], ["zone"], ["host"], ["none", "host", "zone"]])}


def ask(client, method, fields):
    """The rows, or the points of each series, of all pages."""
    series, rows = {}, []
    request = api.message(f"prism.timeseries.v1.{method.split('.')[1]}Request")(**fields)
    for page in client.start(TS + method, request):
        if method.startswith("Aggregation"):
            rows += [(r.window_start_unix_us, list(r.group), list(r.values)) for r in page.rows]
            continue
        for each in page.series:
            found = series.setdefault(tuple(sorted(each.tags.items())), [])
            found += [(p.time_unix_us, p.value) for p in each.points]
    return rows or sorted(series.items())


class PostgresTimeSeriesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.postgres = cls.enterClassContext(Postgres())

    def gateway(self, schema, url=None):
        backends = {"store": {"driver": "postgres", "url": url or self.postgres.url,
                              "schema": schema}}
        gateway = self.enterContext(
            Gateway(backends=backends, namespaces=[{"name": "orders", "backend": "store"}]))
        until(lambda: gateway.admin("/readyz")[0] == 200, "the gateway is ready")
        return gateway

    def partitions(self, schema):
        return int(self.postgres.execute(PARTITIONS.format(schema)))

    def test_partitions_are_made_where_points_are(self):
        client = self.gateway("made").client()
        now = time.time_ns() // 1000
        insert(client, points("cpu", [now, now + 1]))
        self.assertEqual(self.partitions("made"), 1)
        # A month, and decades: one of them ends where the months begin.
        times = [now - 70 * DAY_US, -1, 0, LAST_US, now - 800 * DAY_US]
        insert(client, points("cpu", times))
        self.assertEqual(self.partitions("made"), 6)
        every = [now - 380 * DAY_US + i * DAY_US for i in range(0, 760, 5)]
        insert(client, points("cpu", every))
        self.assertLess(self.partitions("made"), 6 + 28)
        expected = sorted({now, now + 1, *times, *every})
        self.assertEqual(query(client, "cpu"), [(t, t) for t in expected])
        expected.reverse()
        self.assertEqual(query(client, "cpu", descending=True), [(t, t) for t in expected])

    def test_what_all_retentions_have_passed_goes_with_its_partition(self):
        client = self.gateway("dropped").client()
        now = time.time_ns() // 1000
        insert(client, points("cpu", [now - 100 * DAY_US, now]), points("disk", [0, now]))
        self.assertEqual(self.partitions("dropped"), 3)
        retain(client, "cpu", 40 * DAY_US // 1000)
        retain(client, "disk", 50 * DAY_US // 1000)
        until(lambda: self.partitions("dropped") == 1, "the old ones go", 30)
        for measurement in ("cpu", "disk"):
            self.assertEqual(query(client, measurement), [(now, now)])
            self.assertEqual(insert(client, points(measurement, [0])).expired, 1)
        self.assertEqual(self.partitions("dropped"), 1)

    def test_expired_series_leave_nothing(self):
        client = self.gateway("swept").client()
        now = time.time_ns() // 1000
        for host in range(250):
            insert(client, points("cpu", [now - 5 * DAY_US, now - 4 * DAY_US], {"host": str(host)}))
        insert(client, points("disk", [now - 5 * DAY_US], {"host": "0"}))
        retain(client, "cpu", 1000)
        sweep = "SET search_path TO swept; SELECT ts_sweep()"
        until(lambda: self.postgres.execute(sweep).split()[-1] == "0", "all is swept")
        left = "SELECT (SELECT count(*) FROM swept.ts_{}) - 1"
        for table in ("points", "series", "tags"):
            self.assertEqual(self.postgres.execute(left.format(table)), "0", table)
        retain(client, "cpu", 0)
        self.assertEqual(self.postgres.execute(left.format("measurements")), "0")
        self.assertEqual(len(query(client, "disk", tags={"host": "0"})), 1)

    def test_a_user_without_rights_to_create_makes_partitions(self):
        self.gateway("lent")
        self.postgres.execute(
            "CREATE ROLE clerk LOGIN; GRANT USAGE ON SCHEMA lent TO clerk;"
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA lent TO clerk")
        client = self.gateway("lent", self.postgres.url.replace("prism@", "clerk@")).client()
        insert(client, points("cpu", [0, LAST_US]))
        self.assertEqual(query(client, "cpu"), [(0, 0), (LAST_US, LAST_US)])

    def test_answers_as_memstore_does(self):
        backends = {"store": {"driver": "postgres", "url": self.postgres.url, "schema": "alike"},
                    "memory": {"driver": "memstore"}}
        gateway = self.enterContext(
            Gateway(backends=backends, namespaces=[{"name": "orders", "backend": "store"},
                                                   {"name": "carts", "backend": "memory"}]))
        until(lambda: gateway.admin("/readyz")[0] == 200, "the gateway is ready")
        clients = [gateway.client(name) for name in ("orders", "carts")]
        chance, sizes = random.Random(13), []
        for _ in range(8):
            measurement = f"m{chance.random()}"
            for request in random_inserts(chance, measurement):
                for client in clients:
                    insert(client, *request)
            for method, fields in random_reads(chance, measurement):
                there, here = (ask(client, method, fields) for client in clients)
                self.assertEqual(there, here, (method, fields))
                sizes.append(sum(len(each[1]) for each in there))
            window = chance.choice([1000, DAY_US])
            fields = {"measurement": measurement, "target_measurement": measurement + "t",
                      "from_unix_us": -100 * window, "to_unix_us": 10_000 * window,
                      "window_us": window, "group_by": chance.choice([[], ["host"], ["zone"]]),
                      "aggregation": {"function": chance.randrange(1, 8)}}
            there, here = (client.call(TS + "AggregationInterface.Rollup", **fields).written
                           for client in clients)
            self.assertEqual(there, here, fields)
            there, here = (ask(client, "BasicInterface.Query",
                               {"measurement": measurement + "t"}) for client in clients)
            self.assertEqual(there, here, fields)
        self.assertGreater(max(sizes), 1000, "some answers have several pages")

    def test_no_point_is_lost_while_partitions_come_and_go(self):
        gateways = [self.gateway("busy") for _ in range(2)]
        over, expected, dropped, lock = threading.Event(), set(), [], threading.Lock()
        now = time.time_ns() // 1000
        places = [now - (390 - 30 * i) * DAY_US for i in range(13)] + [
            -year * 365 * DAY_US for year in range(60, -20, -10)]

        def write(gateway, writer):
            """Points that stay where so far there were only points that went."""
            client = gateway.client()
            for i, place in enumerate(places):
                until(lambda: len(dropped) >= i, "it is cleared in between")
                times = [place + writer * 10 + k for k in range(5)]
                ahead = [t + writer * 10 for t in places[i:i + 4]]
                insert(client, points("brief", ahead), points("keep", times))
                with lock:
                    expected.update(times)

        def clear():
            client = gateways[0].client()
            while not over.is_set():
                retain(client, "brief", 1)
                self.postgres.execute("SET search_path TO busy; SELECT ts_sweep()")
                with contextlib.suppress(AssertionError):
                    self.postgres.execute("VACUUM busy.ts_points")
                gone = self.postgres.execute("SET search_path TO busy; SELECT ts_drop()")
                dropped.append(int(gone.split()[-1]))
                retain(client, "brief", 0)

        writers = [threading.Thread(target=write, args=(gateways[n % 2], n)) for n in range(6)]
        clearer = threading.Thread(target=clear)
        for thread in [clearer, *writers]:
            thread.start()
        for thread in writers:
            thread.join(60)
        over.set()
        clearer.join(60)
        client = gateways[1].client()
        self.assertEqual(query(client, "keep"), [(t, t) for t in sorted(expected)],
                         "each point is there once")
        self.assertEqual(len(expected), 6 * 5 * len(places), "all were acknowledged")
        self.assertGreater(sum(dropped), 0, "partitions were dropped")


if __name__ == "__main__":
    harness.main(__name__)
