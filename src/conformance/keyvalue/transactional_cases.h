#pragma once

#include "conformance/case_context.h"

// The cases of keyvalue_transactional that are not beside its table.
namespace prism::conformance::transactional {

// transactional_conflicts.cc: what holds when others write at the same time.
Task<void> PlainWriteIsAConflict(CaseContext& c);
Task<void> DeleteIsAConflict(CaseContext& c);
Task<void> NewKeyIsAConflict(CaseContext& c);
Task<void> OtherTransactionIsAConflict(CaseContext& c);
Task<void> AbortedIsOver(CaseContext& c);
Task<void> NoUpdateIsLost(CaseContext& c);
Task<void> NoUpdateOfPlainWritersIsLost(CaseContext& c);
Task<void> NoWriteSkew(CaseContext& c);
Task<void> ReadersSeeOneMoment(CaseContext& c);
Task<void> CallsAreAppliedOneByOne(CaseContext& c);

// transactional_limits.cc: sizes, numbers and times.
Task<void> TimeoutBounds(CaseContext& c);
Task<void> ExpiredIsRolledBack(CaseContext& c);
Task<void> TimeoutCountsFromBegin(CaseContext& c);
Task<void> WrittenKeysAreLimited(CaseContext& c);
Task<void> WrittenBytesAreLimited(CaseContext& c);
Task<void> ReadKeysAreLimited(CaseContext& c);
Task<void> BadKeysAreRefused(CaseContext& c);

}  // namespace prism::conformance::transactional
