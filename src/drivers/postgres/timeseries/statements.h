#pragma once

#include "drivers/postgres/statement.h"

namespace prism::postgres {

// On the tables `ts_...`, see the functions of the same names in the schema. Parameters 1 and 2 are
// the namespace and the measurement, but for the insert, which has several. Tags are arrays of keys
// of single tags.
extern const Statement kTsInsert;      // -> before which times points were not stored
extern const Statement kTsRead;        // -> series, time, value, names, values of tags
extern const Statement kTsNeighbours;  // -> series, instant, time, value, time, value, tags
extern const Statement kTsAggregate;   // -> window's start, group, values, windows to go on with
extern const Statement kTsRollup;      // -> written, next from, next behind, windows to go on with
extern const Statement kTsSetMaxAge;   // 3 microseconds or null
extern const Statement kTsGetMaxAge;   // -> microseconds or null

// Without parameters: take away some of what has expired.
extern const Statement kTsSweep;
extern const Statement kTsDropPartitions;

}  // namespace prism::postgres
