#pragma once

#include <optional>

#include "conformance/list/client.h"
#include "interfaces/list_range.prism.h"
#include "prism/interfaces/list_range.pb.h"

// The cases of list_range: range_reads.cc has those about GetRange, range_trims.cc those about
// Trim and about both.
namespace prism::conformance::lists {

using list::v1::GetRangeRequest;
using list::v1::GetRangeResponse;
using list::v1::TrimRequest;

// The indexes of the first and the last element; without the latter, it is the right end.
struct Range {
  constexpr Range() = default;
  constexpr Range(int64_t from, std::optional<int64_t> to = {})
      : start(from), stop(to) {}  // NOLINT

  int64_t start = 0;
  std::optional<int64_t> stop;
};
GetRangeRequest RangeOf(std::string list, Range range);
TrimRequest TrimOf(std::string list, Range range);

// list_range as plain functions: all must succeed.
class Ranges {
 public:
  explicit Ranges(Caller& caller) : caller_(caller) {}

  // One answer, which must keep to its bounds.
  Task<GetRangeResponse> Page(std::string list, Range range, Where where = Where::current());
  // All of the range, page by page: a backend may return less at a time than it is allowed to.
  Task<Values> Get(std::string list, Range range, Where where = Where::current());
  Task<Values> All(std::string list, Where where = Where::current());
  // How many elements are left.
  Task<int64_t> Trim(std::string list, Range range, Where where = Where::current());

 private:
  Caller& caller_;
};

Task<void> BothEndsAreIncluded(CaseContext& c);
Task<void> WithoutStopToTheRightEnd(CaseContext& c);
Task<void> BoundsBeyondTheEnds(CaseContext& c);
Task<void> EmptyRangesReturnNothing(CaseContext& c);
Task<void> PagesHoldAThousand(CaseContext& c);
Task<void> PagesHoldAMebibyte(CaseContext& c);
Task<void> LargeElementHasItsOwnPage(CaseContext& c);
Task<void> PagesGoOnBesideChanges(CaseContext& c);
Task<void> RangeIsOfOneMoment(CaseContext& c);

Task<void> TrimKeepsTheRange(CaseContext& c);
Task<void> TrimToNothingRemovesTheList(CaseContext& c);
Task<void> RepeatedTrimTrimsWhatIsLeft(CaseContext& c);
Task<void> TrimIsOneStep(CaseContext& c);
Task<void> TrimmedListStaysShort(CaseContext& c);
Task<void> ReadsSeeAnsweredTrims(CaseContext& c);
Task<void> AbsentListHasNoRange(CaseContext& c);
Task<void> BadRangesAreRefused(CaseContext& c);
Task<void> OtherNamespacesAreNotTrimmed(CaseContext& c);

}  // namespace prism::conformance::lists
