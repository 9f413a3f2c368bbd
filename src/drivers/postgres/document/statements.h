#pragma once

#include "drivers/postgres/statement.h"

namespace prism::postgres {

// On documents; ../document/schema.cc and read_schema.cc say more of what they call. Parameters 1
// and 2 are the namespace and the collection, 3 the generation of its indexes where it is needed.
// Ids are given as their indexed part and the rest, numbers of arrays as text: {1,2}.
extern const Statement kDocumentGet;  // 3, 4 id -> json, version
extern const Statement kDocumentPut;  // 4, 5 id, 6 whether it is new, 7 expected version or null,
                                      // 8 json, 9 body or null, 10 indexes, 11 keys
                                      // -> outcome, version, the index that forbids it
extern const Statement kDocumentDelete;  // 3, 4 id, 5 expected version or null -> deleted, version

extern const Statement kDocumentIndexes;  // -> generation, and of each field: index, name, unique,
                                          // ready, multiple, field; null where there is none
extern const Statement kDocumentBeginIndex;   // 3 name, 4 fields, 5 unique -> outcome, index
extern const Statement kDocumentAdd;          // 3 index, 4, 5 ids, 6 versions, 7 owners, 8 keys
                                              // -> outcome
extern const Statement kDocumentFinishIndex;  // 3 index -> whether it is there
extern const Statement kDocumentDropIndex;    // 3 index or null, 4 name or null -> whether it was

// 4 filter or null, 5, 6 behind this id, 7 index or null, 8 key, 9 rows, 10 bytes
// -> kind, id, rest, version, json
extern const Statement kDocumentScan;
// 4 filter or null, 5 paths, 6 which descend, 7, 8, 9 behind this place and id, 10 index or null,
// 11 and 12 from key to key, 13 rows, 14 bytes -> kind, id, rest, version, json, place, found
extern const Statement kDocumentSorted;
// 4 filter or null, 5 paths, 6 functions, 7 their paths, 8 index or null, 9, 10 from key to key, 11
// groups, 12 bytes -> kind, which computation, values, count, sum, whether of doubles, extreme
extern const Statement kDocumentAggregate;

// Without parameters: removes some of what was dropped.
extern const Statement kDocumentSweep;

}  // namespace prism::postgres
