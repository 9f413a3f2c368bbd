"""Steady load on a gateway from several connections; every answer is checked."""

import threading

from prism_server import api

CONNECTIONS = 6


class Load:
    """Threads that set and get keys until the block ends. `failures` holds what went wrong and
    `calls` how many calls were answered. `start_client()` makes each thread's client."""

    def __init__(self, start_client):
        self.failures = []
        self.calls = 0
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(start_client, n))
                         for n in range(CONNECTIONS)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        self.wait_for_calls(200)
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait_for_calls(self, count):
        """Returns after `count` more calls, so that what happened before has met the load."""
        goal = self.calls + count
        while self.calls < goal and not self.failures:
            self._stop.wait(0.005)

    def _run(self, start_client, number):
        with start_client() as kv:
            set_request = api.message(api.KV + "SetRequest")
            get_request = api.message(api.KV + "GetRequest")
            turn = 0
            while not self._stop.is_set():
                turn += 1
                key, value = f"load/{number}/{turn % 100}", b"%d" % turn
                try:
                    # A connection that a drain has closed is replaced; the call waits for that.
                    for rpc, request in (("Set", set_request(key=key, value=value)),
                                         ("Get", get_request(key=key))):
                        method = api.KV + "KeyValueBasicInterface." + rpc
                        answer = kv.start(method, request, wait_for_ready=True).result()
                    if self.wrong(answer, value):
                        raise AssertionError(f"{key}: {answer!r} instead of {value!r}")
                except Exception as error:  # pylint: disable=broad-except
                    with self._lock:
                        self.failures.append(error)
                with self._lock:
                    self.calls += 2

    @staticmethod
    def wrong(answer, value):
        return answer.value != value
