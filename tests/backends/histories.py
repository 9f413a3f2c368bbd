"""Checks of concurrent histories: is there an order of the calls that explains all their answers?

Both checks return None, or a text that says what cannot be explained. Both rely on every written
value being unique, so that a value tells who wrote it.
"""

import bisect
import collections
import dataclasses
import math

INITIAL = None  # what a register holds before the first write


@dataclasses.dataclass
class Call:
    """A call on one register. kind "get": `value` is the answer. "set": `value` was written. "cas":
    `value` was to replace `expected`; `swapped` tells whether it did, and if not, `actual` is what
    was there. `ended` is infinite if the outcome is unknown."""
    kind: str
    value: object
    started: float
    ended: float = math.inf
    expected: object = None
    swapped: bool = True
    actual: object = None

    def unknown(self):
        return self.ended == math.inf

    def observed(self):
        """The value that the call is known to have found; a set finds none."""
        if self.unknown() or self.kind == "set":
            return INITIAL
        if self.kind == "get":
            return self.value
        return self.expected if self.swapped else self.actual

    def after(self, state):
        """(whether the answer is right if the register holds `state`, what it holds then)."""
        if self.kind == "get":
            return self.value == state, state
        if self.kind == "set":
            return True, self.value
        if self.swapped:
            return self.expected == state, self.value
        return self.actual == state != self.expected, state


def not_linearizable(calls):
    """Wing and Gong's search with memory, over the calls on one register."""
    written = [c.value for c in calls if c.kind != "get"]
    if len(written) != len(set(written)):
        raise ValueError("two calls write the same value")
    calls = sorted(settled(calls), key=lambda c: c.started)
    best, seen = 0, set()
    stack = [(0, 0, INITIAL)]  # calls before `first` are done, and those in the mask after it
    while stack:
        first, mask, state = stack.pop()
        while mask & 1:
            first, mask = first + 1, mask >> 1
        if (first, mask, state) in seen:
            continue
        seen.add((first, mask, state))
        best = max(best, first)
        if first == len(calls):
            return None
        stack += next_steps(calls, first, mask, state)
    return f"no order explains the answers up to {calls[best]}"


def next_steps(calls, first, mask, state):
    """The states after any one more call: one that began before every other one's end."""
    steps, earliest_end = [], math.inf
    for offset in range(len(calls) - first):
        call = calls[first + offset]
        if call.started > earliest_end:
            break
        if mask >> offset & 1:
            continue
        earliest_end = min(earliest_end, call.ended)
        right, next_state = call.after(state)
        if right:
            steps.append((first, mask | 1 << offset, next_state))
    return steps


def settled(calls):
    """The calls without those of unknown outcome. A write whose value was seen has happened before
    the one that saw it ended. One whose value nobody saw explains nothing: what can be ordered with
    it can be ordered without it."""
    seen_by = {}
    for call in calls:
        if call.observed() is not INITIAL:
            seen_by[call.observed()] = min(call.ended, seen_by.get(call.observed(), math.inf))
    for call in calls:
        if not call.unknown():
            yield call
        elif call.kind != "get" and call.value in seen_by:
            yield dataclasses.replace(call, ended=seen_by[call.value])


@dataclasses.dataclass(eq=False)
class Transaction:
    """What a transaction read (key -> value) before its own writes, and what it wrote. It must have
    read each key that it writes. `committed` is None if the outcome is unknown."""
    reads: dict
    writes: dict
    started: float
    ended: float = math.inf
    committed: bool = True


def not_serializable(initial, transactions):
    """Strict: an order of all committed transactions that also keeps the order of those that did
    not overlap. `initial` are the values before them."""
    writers = {}
    for each in transactions:
        for item in each.writes.items():
            if item in writers:
                raise ValueError("two transactions write the same value")
            writers[item] = each
    happened, problem = applied(initial, transactions, writers)
    if problem:
        return problem
    successors = {}  # (key, value) -> who replaced it
    for each in happened:
        for key in each.writes:
            item = (key, each.reads[key])
            if item in successors:
                return f"lost update: {item} was replaced twice"
            successors[item] = each
    if has_cycle(dependencies(happened, writers, successors)):
        return "the transactions depend on each other in a circle"
    return None


def applied(initial, transactions, writers):
    """(the transactions that took effect, a problem). One of unknown outcome did if its write was
    seen by another that did: who overwrites a value has read it."""
    happened = [t for t in transactions if t.committed]
    known = set(happened)
    for each in happened:  # grows meanwhile
        for item in each.reads.items():
            writer = writers.get(item)
            if writer is None:
                if initial.get(item[0]) != item[1]:
                    return happened, f"nobody wrote {item}"
            elif writer.committed is False:
                return happened, f"{item} was rolled back, and read"
            elif writer not in known:
                known.add(writer)
                happened.append(writer)
    return happened, None


def dependencies(happened, writers, successors):
    """Who must come after whom: node -> nodes. The nodes are transactions, and moments that stand
    for the real order without an edge for each pair."""
    edges = collections.defaultdict(set)
    for each in happened:
        for item in each.reads.items():
            if item in writers:
                edges[writers[item]].add(each)
            if successors.get(item, each) is not each:
                edges[each].add(successors[item])
    ends = sorted(each.ended for each in happened)
    for index in range(1, len(ends)):
        edges[index - 1].add(index)
    for each in happened:
        if each.ended < math.inf:
            edges[each].add(bisect.bisect_right(ends, each.ended) - 1)
        ended_before = bisect.bisect_left(ends, each.started)
        if ended_before > 0:
            edges[ended_before - 1].add(each)
    return edges


def has_cycle(edges):
    """Takes away, again and again, a node that nothing comes before."""
    before = collections.Counter(after for nodes in edges.values() for after in nodes)
    nodes = set(edges) | set(before)
    free = [node for node in nodes if not before[node]]
    done = 0
    while free:
        node = free.pop()
        done += 1
        for after in edges.get(node, ()):
            before[after] -= 1
            if not before[after]:
                free.append(after)
    return done < len(nodes)
