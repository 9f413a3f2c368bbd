#!/usr/bin/python3
"""The prism program as its users call it: kv and status against a gateway, help and exit codes."""

import json
import os
import pty
import subprocess
import unittest

from prism_server import NAMESPACES, Gateway, harness, processes

OK, NOT_FOUND, USAGE, FAILED = range(4)
BINARY = bytes(range(256)) + b"\n"

gateway = None


def setUpModule():
    global gateway
    gateway = Gateway()
    unittest.addModuleCleanup(gateway.stop)


class CliTest(unittest.TestCase):
    """A namespace set by the environment, and a key prefix of the test's own."""

    def setUp(self):
        self.prefix = self.id() + "/"
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("PRISM_")}
        self.env |= {"PRISM_TARGET": gateway.address, "PRISM_NAMESPACE": NAMESPACES[0],
                     "PRISM_ADMIN": f"127.0.0.1:{gateway.admin_port}", "TERM": "xterm"}
        self.env.pop("NO_COLOR", None)

    def key(self, name="k"):
        return self.prefix + name

    def prism(self, *arguments, code=OK, stdin=b""):
        """Runs it off a terminal and returns (stdout, stderr text)."""
        done = subprocess.run([harness.program("prism"), *arguments], input=stdin, env=self.env,
                              capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, code, (arguments, done.stdout, done.stderr))
        return done.stdout, done.stderr.decode()

    def kv(self, *arguments, **options):
        return self.prism("kv", *arguments, **options)[0]

    def kv_json(self, *arguments, **options):
        return json.loads(self.kv(*arguments, "--output", "json", **options))

    def on_terminal(self, *arguments):
        """What it prints on a terminal."""
        ours, theirs = pty.openpty()
        with subprocess.Popen([harness.program("prism"), *arguments], stdout=theirs, stderr=theirs,
                              stdin=subprocess.DEVNULL, env=self.env) as process:
            os.close(theirs)
            text = b""
            try:
                while chunk := os.read(ours, 4096):
                    text += chunk
            except OSError:  # Linux's way to tell the end of a terminal
                pass
            finally:
                os.close(ours)
            self.assertEqual(process.wait(60), OK)
        return text


class Kv(CliTest):
    def test_set_get_exists_delete(self):
        self.kv("set", self.key(), "hello")
        self.assertEqual(self.kv("get", self.key()), b"hello")
        self.assertEqual(self.kv("exists", self.key()), b"yes\n")
        self.kv("delete", self.key())
        self.assertEqual(self.kv("exists", self.key(), code=NOT_FOUND), b"no\n")
        self.kv("delete", self.key(), code=NOT_FOUND)
        out, err = self.prism("kv", "get", self.key(), code=NOT_FOUND)
        self.assertEqual(out, b"")
        self.assertIn(NAMESPACES[0], err)

    def test_bytes_survive_stdin_file_and_pipe(self):
        self.kv("set", self.key(), "-", stdin=BINARY)
        self.assertEqual(self.kv("get", self.key()), BINARY)
        path = gateway.path("value")
        with open(path, "wb") as file:
            file.write(BINARY * 1000)
        self.kv("set", self.key(), "@" + path)
        self.assertEqual(self.kv("get", self.key()), BINARY * 1000)
        self.kv("set", self.key(), "")
        self.assertEqual(self.kv("get", self.key()), b"")

    def test_terminal_gets_escapes_and_colour(self):
        self.kv("set", self.key(), "-", stdin=b"a\x1b[2Jb\xff")
        self.assertEqual(self.on_terminal("kv", "get", self.key()), b"a\\x1b[2Jb\\xff\r\n")
        self.assertIn(b"\x1b[36m", self.on_terminal("kv", "scan", self.prefix))
        self.env["NO_COLOR"] = "1"
        self.assertNotIn(b"\x1b", self.on_terminal("kv", "scan", self.prefix))

    def test_json(self):
        self.kv("set", self.key(), "text")
        self.assertEqual(self.kv_json("get", self.key()),
                         {"key": self.key(), "found": True, "value": "text"})
        self.kv("set", self.key(), "-", stdin=b"\xff")
        self.assertEqual(self.kv_json("get", self.key()),
                         {"key": self.key(), "found": True, "value": "/w==", "value_base64": True})
        self.assertEqual(self.kv_json("get", self.key("x"), code=NOT_FOUND),
                         {"key": self.key("x"), "found": False})

    def test_namespace_and_target_from_options(self):
        self.kv("set", self.key(), "mine")
        self.env.pop("PRISM_NAMESPACE")
        self.env["PRISM_TARGET"] = "127.0.0.1:1"
        self.kv("get", self.key(), "-n", NAMESPACES[1], "--target", gateway.address,
                code=NOT_FOUND)
        self.assertEqual(self.kv("--target", gateway.address, "-n", NAMESPACES[0], "get",
                                 self.key()), b"mine")

    def test_scan_and_count(self):
        names = [f"{n:04}" for n in range(1200)]
        with gateway.client() as client:
            for start in range(0, len(names), 600):
                entries = [{"key": self.key(n), "value": n.encode()}
                           for n in names[start:start + 600]]
                client.call("KeyValueBatchInterface.BatchSet", entries=entries)
        self.assertEqual(self.kv("count", self.prefix), b"1200\n")
        rows = self.kv("scan", self.prefix, "--limit", "0").decode().splitlines()
        self.assertEqual(rows, [f"{self.key(n)}\t{n}" for n in names])
        self.assertEqual(len(self.kv("scan", self.prefix).splitlines()), 1000)
        keys = self.kv("scan", self.prefix, "--keys", "--limit", "3").decode().split()
        self.assertEqual(keys, [self.key(n) for n in names[:3]])
        rows = self.kv("scan", self.prefix, "--limit", "2", "-o", "json").splitlines()
        self.assertEqual([json.loads(r)["value"] for r in rows], names[:2])

    def test_time_to_live(self):
        self.kv("expire", self.key(), "1h", code=NOT_FOUND)
        self.kv("set", self.key(), "v")
        self.assertEqual(self.kv("ttl", self.key()), b"no time to live\n")
        self.kv("expire", self.key(), "1h")
        self.assertIn(self.kv_json("ttl", self.key())["ttl_ms"], range(3_500_000, 3_600_001))
        self.assertRegex(self.kv("ttl", self.key()), rb"^(1h|59m .*)\n$")
        self.kv("persist", self.key())
        self.assertFalse(self.kv_json("ttl", self.key())["has_ttl"])

    def test_compare_and_swap(self):
        self.kv("cas", self.key(), "1", "--absent")
        self.kv("cas", self.key(), "2", "--absent", code=NOT_FOUND)
        self.kv("cas", self.key(), "2", "--expect", "1")
        answer = self.kv_json("cas", self.key(), "3", "--expect", "1", code=NOT_FOUND)
        self.assertEqual(answer, {"key": self.key(), "swapped": False, "found": True,
                                  "actual": "2"})
        self.kv("cas", self.key(), "--delete", "--expect", "1", code=NOT_FOUND)
        self.kv("cas", self.key(), "--delete", "--expect", "2")
        self.kv("get", self.key(), code=NOT_FOUND)


class Errors(CliTest):
    def test_unknown_namespace(self):
        err = self.prism("kv", "get", "k", "-n", "nowhere", code=FAILED)[1]
        self.assertRegex(err, r"^prism: NOT_FOUND: .*nowhere")

    def test_error_as_json(self):
        err = self.prism("kv", "get", "k", "-n", "nowhere", "-o", "json", code=FAILED)[1]
        self.assertEqual(json.loads(err)["error"], "NOT_FOUND")

    def test_nobody_there(self):
        port = processes.free_port()
        err = self.prism("kv", "get", "k", "--target", f"127.0.0.1:{port}", code=FAILED)[1]
        self.assertRegex(err, r"^prism: UNAVAILABLE: (?s:.*)\nhint: .*--target")
        err = self.prism("status", "--admin", f"127.0.0.1:{port}", code=FAILED)[1]
        self.assertRegex(err, r"^prism: UNAVAILABLE: (?s:.*)\nhint: .*--admin")

    def test_wrong_port(self):
        self.prism("status", "--admin", gateway.address, "--timeout", "500ms", code=FAILED)
        self.prism("kv", "get", "k", "--target", f"127.0.0.1:{gateway.admin_port}", "--timeout",
                   "2s", code=FAILED)

    def test_usage(self):
        for words in ((), ("kv",), ("kv", "get"), ("serve",), ("kv", "set", "k", "@/no/file")):
            with self.subTest(words):
                self.prism(*words, code=USAGE)
        self.assertIn("did you mean 'delete'?", self.prism("kv", "delte", "k", code=USAGE)[1])

    def test_full_disk_is_noticed(self):
        self.kv("set", self.key(), "v")
        with open("/dev/full", "wb") as full:
            done = subprocess.run([harness.program("prism"), "kv", "get", self.key()], stdout=full,
                                  stderr=subprocess.PIPE, env=self.env, timeout=60, check=False)
        self.assertEqual(done.returncode, FAILED)
        self.assertIn(b"cannot write", done.stderr)


class Status(CliTest):
    def test_json(self):
        self.kv("set", self.key(), "v")
        status = json.loads(self.prism("status", "--output", "json")[0])
        self.assertTrue(status["ready"])
        self.assertFalse(status["draining"])
        self.assertEqual(status["workers"], 2)
        self.assertEqual(status["config"]["file"], gateway.config_path)
        spaces = {n["name"]: n for n in status["namespaces"]}
        self.assertEqual(set(spaces), set(NAMESPACES))
        self.assertGreater(spaces[NAMESPACES[0]]["requests"], 0)
        self.assertIn("keyvalue_basic", spaces[NAMESPACES[0]]["interfaces"])
        self.assertEqual([b["driver"] for b in status["backends"]], ["memstore"])

    def test_text(self):
        text = self.prism("status")[0].decode()
        for part in ("ready", "workers", *NAMESPACES, "interfaces", "memstore"):
            self.assertIn(part, text)
        self.assertNotIn("\x1b", text)
        self.assertIn(b"\x1b[32mready", self.on_terminal("status"))


class Help(CliTest):
    def test_every_command_teaches(self):
        for words in ((), ("serve",), ("kv",), ("kv", "cas"), ("status",)):
            with self.subTest(words):
                self.assertIn("Examples:", self.prism(*words, "--help")[0].decode())
        self.assertRegex(self.prism("--version")[0], rb"^prism \d+\.\d+\.\d+\n$")


harness.main(__name__)
