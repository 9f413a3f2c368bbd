#pragma once

#include "conformance/case_context.h"

// The cases of sortedset_range that are about how much one answer has and about many clients.
namespace prism::conformance::sorted {

Task<void> OffsetAndLimit(CaseContext& c);
Task<void> ReadsHoldAThousand(CaseContext& c);
Task<void> ReadsHoldAMebibyte(CaseContext& c);
Task<void> ReadsAreOfOneMoment(CaseContext& c);
Task<void> RemovalIsOneStep(CaseContext& c);
Task<void> EachMemberIsRemovedOnce(CaseContext& c);
Task<void> LongRangesAreRemoved(CaseContext& c);

}  // namespace prism::conformance::sorted
