#include "drivers/contract/set.h"

namespace prism {
namespace {

using namespace set::v1;  // NOLINT

template <class Request>
Status CheckMembers(const Request& request) {
  PRISM_RETURN_IF_ERROR(CheckCollectionName("set", request.set()));
  PRISM_RETURN_IF_ERROR(
      CheckRange("the number of members", request.members_size(), 1, kMaxAnswerRows));
  for (const std::string& member : request.members()) PRISM_RETURN_IF_ERROR(CheckMember(member));
  return OkStatus();
}

template <class Request>
Status CheckCount(const Request& request) {
  PRISM_RETURN_IF_ERROR(CheckCollectionName("set", request.set()));
  return CheckAtMost("count", request.count(), kMaxAnswerRows);
}

template <class Request>
Status CheckSets(const Request& request) {
  PRISM_RETURN_IF_ERROR(
      CheckRange("the number of sets", request.sets_size(), 1, kMaxOperationSources));
  for (const std::string& name : request.sets()) {
    PRISM_RETURN_IF_ERROR(CheckCollectionName("sets", name));
  }
  return OkStatus();
}

}  // namespace

Status Check(const AddRequest& request) { return CheckMembers(request); }
Status Check(const RemoveRequest& request) { return CheckMembers(request); }
Status Check(const ContainsRequest& request) { return CheckMembers(request); }
Status Check(const GetMembersRequest& request) { return CheckCollectionName("set", request.set()); }
Status Check(const ClearRequest& request) { return CheckCollectionName("set", request.set()); }
Status Check(const SizeRequest& request) { return CheckCollectionName("set", request.set()); }
Status Check(const GetRandomRequest& request) { return CheckCount(request); }
Status Check(const PopRequest& request) { return CheckCount(request); }
Status Check(const OperationRequest& request) { return CheckSets(request); }
Status Check(const StoreRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckCollectionName("destination", request.destination()));
  return CheckSets(request);
}
Status Check(const IntersectionSizeRequest& request) { return CheckSets(request); }

}  // namespace prism
