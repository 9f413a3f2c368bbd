#pragma once

#include "drivers/postgres/statement.h"

namespace prism::postgres {

// On the tables `stream*`, see schema.cc. Parameters 1 and 2 are the namespace and the stream's
// name unless others are told; 3 is the group's name for those on groups.

// 3 keys or nulls, 4 attributes, 5 payloads, 6 bytes of each record, 7 the lock of who waits
// -> the first number, whether somebody may wait
extern const Statement kStreamAppend;
// 3 first number, 4 one behind the last, 5 most records -> number, time in ms, key or null,
// attributes, payload
extern const Statement kStreamPage;
extern const Statement kStreamLatest;  // -> whether there are records, the number last given

// 3 age in ms, 4 bytes, 5 records, nulls for none -> whether to run kStreamTrim
extern const Statement kStreamBound;
extern const Statement kStreamTrim;    // -> the same
extern const Statement kStreamBounds;  // -> age in ms, bytes, records
// 3 first number, 4 last number -> how many were removed, where to go on or null
extern const Statement kStreamCompact;
extern const Statement kStreamDrop;  // -> whether it was there

// 4 first number, null for the next one, 5 ack wait in ms, 6 most groups -> 1 made, 0 it was there,
// -1 too many
extern const Statement kStreamMakeGroup;
extern const Statement kStreamDropGroup;  // -> the group's id or null
// 4 member, 5 most pending, 6 lease in ms, 7 most members -> the group's id or null, the member's
// or null if there are too many, whether to wake
extern const Statement kStreamJoin;
// 1 ids of members, 2 lease in ms
extern const Statement kStreamRenew;
// 1 id of the group, 2 of the member -> whether to wake
extern const Statement kStreamPart;
// The same -> deliveries and the columns of a page, for each record; at last null, whether the
// member has joined, whether to wake, in how many ms to look again or null
extern const Statement kStreamTake;
// 4 numbers -> how many were pending, the group's id, whether to wake
extern const Statement kStreamAck;
// 4 member, 5 idle time in ms, 6 most records, 7 most members -> as of kStreamTake; at last the
// group's id instead of a time
extern const Statement kStreamClaim;
// -> for each member: the group's id, whether to wake, pending, lag, number last delivered or null,
// the member's name or null, whether it has joined, what it has pending
extern const Statement kStreamInfo;
// 4 number, or null and 5 time in ms -> the group's id or null
extern const Statement kStreamSeek;

// Without parameters.
extern const Statement kStreamSweepOld;  // removes what is too old
extern const Statement
    kStreamSweepGone;  // and what belonged to streams and groups that were deleted

}  // namespace prism::postgres
