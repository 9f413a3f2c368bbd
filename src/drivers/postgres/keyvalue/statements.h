#pragma once

#include "drivers/postgres/statement.h"

namespace prism::postgres {

// On the table `kv`. Parameters 1 to 3 are the namespace, the key's indexed part and its rest; what
// has expired is absent.
extern const Statement kKvSet;      // 4 value
extern const Statement kKvGet;      // -> value
extern const Statement kKvDelete;   // -> whether it existed
extern const Statement kKvExists;   // -> a row if so
extern const Statement kKvExpire;   // 4 milliseconds -> a row if it exists
extern const Statement kKvTtl;      // -> whether it has one, milliseconds
extern const Statement kKvPersist;  // -> present, removed
extern const Statement kKvSwap;     // 4 expected, 5 wanted, null for absence -> swapped, actual

// From the place 2, 3 to below 4, 5.
extern const Statement kKvPage;      // 6 rows, 7 bytes -> key, more, value, rows without the bytes
extern const Statement kKvPageKeys;  // 6 rows, 7 bytes -> key, more, null, rows without the bytes
extern const Statement kKvCount;     // -> how many

// Parameters 2 and 3 are arrays.
extern const Statement kKvBatchSet;     // in the order of keys, none twice; 4 values
extern const Statement kKvBatchGet;     // 4 most bytes -> index, value or null, total bytes
extern const Statement kKvBatchDelete;  // -> index
extern const Statement kKvCommit;       // 4 seen, 5 written, 6 wanted

// Without parameters: removes some of what has expired.
extern const Statement kKvSweep;

}  // namespace prism::postgres
