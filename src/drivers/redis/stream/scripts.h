#pragma once

#include "drivers/redis/script.h"

// How streams, and topics with durable names, lie in Redis.
//
// A stream is
//   a Redis stream   of its records, whose ids are the offsets. Fields: "n" the record's number,
//                    counted from 1; "p" the payload; "k" the key; "a" and a name: an attribute
//   a hash           "n" the last number given, "last" the last id, "b" the bytes kept, "m" those
//                    of the largest record ever; "age", "bytes", "records" the retention; "o" no
//                    record is older than this, in ms; "x" makes it exist
//   a hash           of its groups: the name leads to an id, which no other group ever has
// and a group, below its id,
//   g  hash          "w" ack wait in ms; "p" where new records begin, as XRANGE takes it; "pn" the
//                    number of the last one before that; "l" the last delivered id
//   p  hash          pending: an id leads to "<deliveries> <number> <holder>"; no holder: it is
//   free d  sorted set    the same ids by the time of delivery in us; free ones lower, by their
//   number m  hash          members: "<epoch> <max_pending>" while joined, else " 0" l  sorted set
//   those joined by the end of their lease in us h:<member>  set  what the member holds
//
// All scripts take the three keys of the stream and begin their arguments with the prefix of
// groups, the channel that wakes readers, and "d" for topics, "s" for streams. To the channel goes
// "a" when a record was appended, else the id of the group whose members ought to look.
namespace prism::redis::streams {

inline constexpr int kMaxGroups = 1024;
inline constexpr int kMaxMembers = 1024;

// Arguments: the record's fields. Answers its id.
extern const Script kAppend;
// Arguments: from, to, limit. Answers entries as XRANGE does, at most a page.
extern const Script kRead;
// Answers the number of records, the last id or false.
extern const Script kLatest;

// A sorted set has the streams with a bound by age, by the time in ms when one ought to be looked
// at: `ages` is its key.
// Arguments: age, bytes, records; empty: no bound; ages, name of the stream. Then call kTrim.
extern const Script kSetRetention;
// Answers age, bytes and records, or false if there is no stream.
extern const Script kGetRetention;
// Arguments: ages, name of the stream. Removes some of what is beyond the bounds; 0: call again.
extern const Script kTrim;
// Arguments: where to go on, walking back; a temporary set of keys seen; seconds to keep that.
// Answers the number of records removed, then where to go on unless it has come to the end.
extern const Script kCompact;
// Key: ages. Answers the names of up to 100 streams to trim, which nobody else is told for 10 s.
extern const Script kDue;
// Arguments: ages, name of the stream. Answers 1 if the stream was there.
extern const Script kDelete;

// Arguments: group, a new id for it, start ("oldest", "next" or an offset), ack wait. Answers 1 if
// made, 0 if it was there, -1 if there are too many.
extern const Script kCreateGroup;
// Arguments: group. Answers 1 if it was there.
extern const Script kDeleteGroup;
// Arguments: group, member, epoch, max_pending, lease in us. Answers the group's id, false if there
// is none, -1 if it has too many members.
extern const Script kJoin;
// Arguments: id of the group, member, epoch, lease in us. Answers false if the member is not joined
// by this epoch, else: ms until something may become free or -1; counts; entries.
extern const Script kTake;
// Arguments: the same.
extern const Script kRenew;
// Arguments: group, member, epoch.
extern const Script kLeave;
// Arguments: group, ids. Answers how many were pending.
extern const Script kAck;
// Arguments: group, member, least idle time in ms, limit. Answers counts and entries, or -1 if
// there are too many members.
extern const Script kClaim;
// Arguments: group. Answers false if there is none, else: pending, lag, last delivered id or "",
// and member, epoch, number of pending, for each.
extern const Script kInfo;
// Arguments: group, offset or "" for the oldest. Answers 1 if the group is there.
extern const Script kSeek;
// Arguments: group, unix time in ms. Likewise.
extern const Script kSeekToTime;

// Of topics only.
// Arguments: channel of live subscriptions, message. Answers its id.
extern const Script kPublish;
// Arguments: group, ack wait in ms.
extern const Script kSetAckWait;
// Arguments: where to begin. Removes some of what no group needs. Answers where to go on, or false.
extern const Script kSweep;

}  // namespace prism::redis::streams
