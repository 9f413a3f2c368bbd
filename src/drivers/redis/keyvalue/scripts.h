#pragma once

#include "drivers/redis/script.h"

// A namespace's keys on the server:
// - "k:" + key, a string: the value. Redis itself expires it.
// - "keys:", a sorted set of all keys with score 0: the order that scans need. It has every key
// that
//   exists, and perhaps some that have expired.
// - "due:", a sorted set of keys by the time when they expire: where to look for those.
// Whatever makes or removes a key does both in one script; what only replaces a value need not.
namespace prism::redis {

// Keys: value, keys, due. Arguments: key, value.
extern const Script kSet;
// Keys: value, keys, due. Arguments: key. Answers 1 if the key was there.
extern const Script kDelete;
// Keys: value, due. Arguments: key, milliseconds. Answers 1 if the key is there.
extern const Script kExpire;
// Keys: value. Answers 0: absent, 1: no time to live, 2: removed.
extern const Script kPersist;
// Keys: value, keys, due. Arguments: key, new value, expected one if any. Answers true, or the
// actual value, or false if absent.
extern const Script kCompareAndSwap;
// Keys: value, keys, due. Arguments: key, expected value. As kCompareAndSwap.
extern const Script kCompareAndDelete;
// Keys: keys, due. Arguments: prefix of values, then key and value alternating.
extern const Script kBatchSet;
// Keys: the values. Arguments: most bytes. Answers the values, or 0 if they have more.
extern const Script kBatchGet;
// Keys: keys, due. Arguments: prefix of values, keys. Answers 1 or 0 for each.
extern const Script kBatchDelete;
// Keys: keys, due. Arguments: prefix of values, lower and upper bound, most rows, most bytes, "1"
// for values too. Answers the last key looked at or false at the end, then keys, with values.
extern const Script kScan;
// Keys: keys, due. Arguments: prefix of values, lower and upper bound. Answers the number of keys
// within, or false: more have expired than one call removes, ask again.
extern const Script kCount;
// Keys: keys, due. Arguments: prefix of values. Forgets keys that have expired; answers 1 if there
// are more.
extern const Script kSweep;
// Keys: keys, due. Arguments: prefix of values, number of reads, key and what was seen alternating,
// then key and "+value" or "-" alternating. Answers 1, or 0 if a read does not hold any more.
extern const Script kCommit;

}  // namespace prism::redis
