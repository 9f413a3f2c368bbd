#pragma once

#include "drivers/postgres/statement.h"

namespace prism::postgres {

// On the tables `queue_*`, see schema.cc. Parameter 1 is the queue's id, 32 hexadecimal digits.

// 2 payload, 3 attributes, 4 bytes of both, 5 priority, 6 deduplication id or null, 7 milliseconds
// or null, 8 Unix milliseconds or null -> number, duplicate
extern const Statement kQueuePut;

// These answer handouts, see handout.h. 2 most messages, 3 milliseconds of a lease or 0
extern const Statement
    kQueueTake;  // 4 the channel of a call that may wait, or null, 5 when it came
extern const Statement kQueueServe;  // 4 channel, 5 ticket
extern const Statement kQueuePeek;   // without 3

extern const Statement kQueueLeave;  // 2 ticket
// Undoes what a call got that was cancelled: what was removed, or leased.
// 2 number, 3 payload, 4 attributes, 5 bytes, 6 priority, 7 enqueued at, 8 receives, 9 delivery,
// 10 rest
extern const Statement kQueuePutBack;
extern const Statement kQueueUntake;  // 2 number, 3 delivery

extern const Statement kQueueScheduled;  // -> how many

// 2 number, 3 delivery -> whether the receipt is good
extern const Statement kQueueAck;      // a row if so
extern const Statement kQueueExtend;   // 4 milliseconds
extern const Statement kQueueRelease;  // 4 milliseconds or 0

extern const Statement kQueueConfigure;  // 2 most receives, 3 the target's id, 4 its name
extern const Statement kQueueUnconfigure;
// 2 a place, 3 most messages -> a row about the queue, if it has a configuration, with most
// receives, target, ready ones, those of them behind the place; then of each message its columns
// as of a handout without delivery, from column 4, place, timed out, receives, died at
extern const Statement kQueueDeadPage;
extern const Statement kQueueRedrive;  // 2 most messages -> moved, whether to call again

// Without parameters.
extern const Statement kQueueSweep;         // settles some of what is due
extern const Statement kQueueSweepSeen;     // forgets deduplication ids
extern const Statement kQueueSweepWaiters;  // and calls that their gateways did not take along

}  // namespace prism::postgres
