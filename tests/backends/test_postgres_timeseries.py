#!/usr/bin/python3
"""Time series on a real Postgres: partitions that come and go, and what several gateways share."""

import contextlib
import threading
import time
import unittest

from servers import Gateway, Postgres, harness, until

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
