#!/usr/bin/python3
"""The tree's own rules: includes go one way, functions and files stay small, nothing is left open."""

import os
import re
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

import harness  # noqa: E402

# Each folder of src/ may include itself and those before it.
LAYERS = ("base", "loop", "wire", "interfaces", "drivers", "patterns", "config", "gateway",
          "conformance", "cli")
# Neighbours that must not see each other although one comes first.
STRANGERS = {("patterns", "drivers")}
MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 70
MAX_COLUMNS = 100
SOURCES = (".h", ".cc")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
INCLUDE = re.compile(r'^#include "([^"]+)"', re.MULTILINE)
FUNCTION_END = re.compile(r"^(\s*)}(?:\s*//.*)?$")
FUNCTION_START = re.compile(r"^(\s*)[\w:~<&*\[(][^;=]*\)[^;={]*{$|^(\s*)[^;=]*\) (?:const |override |noexcept )*{$")


def included_layers(text):
    """The folders of src/ that a file's own-tree includes name."""
    return [path.split("/")[0] for path in INCLUDE.findall(text) if path.split("/")[0] in LAYERS]


def against_the_arrows(layer, text):
    """Folders that a file in `layer` includes and must not."""
    allowed = [each for each in LAYERS[:LAYERS.index(layer) + 1]
               if (layer, each) not in STRANGERS]
    return [included for included in included_layers(text) if included not in allowed]


def foreign_drivers(driver, text):
    """Other drivers' folders that a file of `driver` includes."""
    named = re.findall(r'^#include "drivers/(\w+)/', text, re.MULTILINE)
    return [other for other in named if other not in (driver, "contract")]


def long_functions(text):
    """(line, length) of the bodies that are too long: from an opening brace at the end of a
    signature to the closing one at the same depth."""
    found, open_at = [], {}
    for number, line in enumerate(text.splitlines(), 1):
        if match := FUNCTION_START.match(line):
            open_at[match.group(1) or match.group(2) or ""] = number
        elif (match := FUNCTION_END.match(line)) and match.group(1) in open_at:
            length = number - open_at.pop(match.group(1)) + 1
            if length > MAX_FUNCTION_LINES:
                found.append((number - length + 1, length))
    return found


# A condition that awaits without naming the result: see docs/adr/0002-coroutines.md.
AWAITING_CONDITION = re.compile(
    r"\b(?:if|while) \((?:!?\(?co_await\b|[^()]*(?:\([^()]*\)[^()]*)*(?:&&|\|\|) !?\(?co_await\b)")


# A temporary aggregate in an awaited expression is destroyed twice: the same page.
AWAITED_AGGREGATE = re.compile(r"\bco_await\b[^;{}]*\{\s*\.\w")


def awaited_aggregates(path, text):
    """Where an awaited call has a braced aggregate among its arguments."""
    return [f"{path}:{text[:found.start()].count(chr(10)) + 1}: name the aggregate ahead of co_await"
            for found in AWAITED_AGGREGATE.finditer(text)]


def awaiting_conditions(path, text):
    """What awaits in a condition, a line each."""
    return [f"{path}:{n}: co_await in a condition" for n, line in enumerate(text.splitlines(), 1)
            if AWAITING_CONDITION.search(line) and not line.lstrip().startswith(("//", "#define"))]


def line_faults(path, text):
    """What is wrong with single lines, or with their number."""
    lines = text.splitlines()
    faults = [f"{path}:{n}: longer than {MAX_COLUMNS} columns" for n, line in enumerate(lines, 1)
              if len(line) > MAX_COLUMNS and "http" not in line]
    faults += [f"{path}:{n}: tab" for n, line in enumerate(lines, 1) if "\t" in line]
    faults += [f"{path}:{n}: unfinished" for n, line in enumerate(lines, 1)
               if UNFINISHED.search(line)]
    if len(lines) > MAX_FILE_LINES:
        faults.append(f"{path}: {len(lines)} lines, the limit is {MAX_FILE_LINES}")
    if path.endswith(".h") and "#pragma once" not in text:
        faults.append(f"{path}: no #pragma once")
    return faults


def source_files():
    """(path from the root, text) of every C++ file."""
    for top in ("src", "tests", "tools", "bench"):
        for folder, _, names in os.walk(os.path.join(harness.ROOT, top)):
            for name in names:
                if name.endswith(SOURCES):
                    full = os.path.join(folder, name)
                    with open(full, encoding="utf-8") as file:
                        yield os.path.relpath(full, harness.ROOT), file.read()


class Tree(unittest.TestCase):
    def test_includes_go_one_way(self):
        faults = []
        for path, text in source_files():
            parts = path.split("/")
            if parts[0] != "src":
                continue
            faults += [f"{path} includes {layer}/" for layer in against_the_arrows(parts[1], text)]
            if parts[1] == "drivers" and len(parts) > 3:
                faults += [f"{path} includes drivers/{d}/" for d in foreign_drivers(parts[2], text)]
        self.assertEqual(faults, [])

    def test_the_page_of_interfaces_is_current(self):
        page = os.path.join(harness.ROOT, "tools/interfaces_page.py")
        done = subprocess.run([sys.executable, page, "--check"], capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_lines_and_files(self):
        faults = [fault for path, text in source_files() for fault in line_faults(path, text)]
        faults += [fault for path, text in source_files()
                   for fault in awaiting_conditions(path, text) + awaited_aggregates(path, text)]
        self.assertEqual(faults, [])

    def test_functions_are_short(self):
        faults = [f"{path}:{line}: {length} lines" for path, text in source_files()
                  for line, length in long_functions(text)]
        self.assertEqual(faults, [])


class TheChecksThemselves(unittest.TestCase):
    def test_arrows(self):
        self.assertEqual(against_the_arrows("loop", '#include "wire/x.h"\n#include "base/y.h"\n'),
                         ["wire"])
        self.assertEqual(foreign_drivers("redis", '#include "drivers/postgres/pool.h"\n'),
                         ["postgres"])

    def test_lines(self):
        bad = "x" * 101 + "\n\ty\n// " + "TO" + "DO\n" + "z\n" * 500
        self.assertEqual(len(line_faults("a.h", bad)), 5)
        self.assertEqual(line_faults("a.h", "#pragma once\n"), [])
        for bad in ("  if (co_await x.Next()) y();", "  while (!a && co_await b) {",
                    "  if (!(co_await Sleep(t)).ok()) break;"):
            self.assertEqual(len(awaiting_conditions("a.cc", bad)), 1, bad)
        for good in ("  while (Row* row = co_await x.Next()) {", "  const bool b = co_await x;"):
            self.assertEqual(awaiting_conditions("a.cc", good), [], good)
        self.assertEqual(awaited_aggregates("a.cc", "  x();\n  co_await F(a,\n  {.b = 1});"),
                         ["a.cc:2: name the aggregate ahead of co_await"])
        self.assertEqual(awaited_aggregates("a.cc", "co_await F(b);\nC c{.d = 1};"), [])

    def test_functions(self):
        body = "  x();\n" * MAX_FUNCTION_LINES
        for signature in ("void F(int a) {", "Task<void> A::F() {", "int main(int c, char** v) {"):
            self.assertEqual(long_functions(f"{signature}\n{body}}}\n"),
                             [(1, MAX_FUNCTION_LINES + 2)])
        self.assertEqual(long_functions("void F() {\n  x();\n}\n"), [])


harness.main(__name__)
