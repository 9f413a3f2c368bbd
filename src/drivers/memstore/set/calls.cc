#include "drivers/memstore/set/calls.h"

#include <algorithm>
#include <charconv>

#include "base/request_context.h"
#include "drivers/contract/page_cursor.h"
#include "drivers/contract/set.h"
#include "drivers/memstore/data.h"

namespace prism::memstore {
namespace {

using namespace set::v1;  // NOLINT

template <class Request>
std::vector<std::string_view> MembersOf(const Request& request) {
  return {request.members().begin(), request.members().end()};
}

// Where the walk goes on.
Result<uint64_t> PlaceOf(const GetMembersRequest& request) {
  if (request.cursor().empty()) return Sets::kStart;
  Result<std::string> digits = DecodePageCursor(request.set(), request.cursor());
  if (!digits.ok()) return std::move(digits).status();
  uint64_t place = 0;
  std::from_chars(digits->data(), digits->data() + digits->size(), place);
  return place;
}

}  // namespace

SetCalls::SetCalls(std::shared_ptr<NamespaceData> data)
    : data_(std::move(data)), sets_(data_->sets) {}

Task<Status> SetCalls::Add(RequestContext&, const AddRequest& request, AddResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  std::vector<Value> members;
  members.reserve(request.members_size());
  for (const std::string& member : request.members()) members.push_back(Value::Copy(member));
  Result<uint64_t> added = sets_.Add(request.set(), members);
  if (!added.ok()) co_return std::move(added).status();
  response.set_added(*added);
  co_return OkStatus();
}

Task<Status> SetCalls::Remove(RequestContext&, const RemoveRequest& request,
                              RemoveResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  response.set_removed(sets_.Remove(request.set(), MembersOf(request)));
  co_return OkStatus();
}

Task<Status> SetCalls::Contains(RequestContext&, const ContainsRequest& request,
                                ContainsResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  for (const bool contained : sets_.Contains(request.set(), MembersOf(request))) {
    response.add_contained(contained);
  }
  co_return OkStatus();
}

// Each page is read when it is pulled, so a slow caller holds nothing.
Stream<GetMembersResponse> SetCalls::GetMembers(RequestContext& ctx,
                                                const GetMembersRequest& request) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Result<uint64_t> from = PlaceOf(request);
  if (!from.ok()) co_return std::move(from).status();
  uint64_t left = request.limit() ? request.limit() : UINT64_MAX;
  GetMembersResponse response;
  while (left > 0) {
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    Sets::Page page = sets_.Walk(request.set(), *from, std::min<uint64_t>(left, kMaxAnswerRows));
    if (page.members.empty()) break;
    left -= page.members.size();
    *from = page.next;
    response.Clear();
    for (const Value& member : page.members) {
      response.add_members(member.view().data(), member.size());
    }
    if (*from > 0) response.set_cursor(EncodePageCursor(request.set(), std::to_string(*from)));
    page = {};
    co_yield response;
    if (*from == 0) break;
  }
  co_return OkStatus();
}

Task<Status> SetCalls::Clear(RequestContext&, const ClearRequest& request,
                             ClearResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  response.set_removed(sets_.Clear(request.set()));
  co_return OkStatus();
}

Task<Status> SetCalls::Size(RequestContext&, const SizeRequest& request, SizeResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  response.set_size(sets_.Size(request.set()));
  co_return OkStatus();
}

Task<Status> SetCalls::GetRandom(RequestContext&, const GetRandomRequest& request,
                                 GetRandomResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const uint64_t count = std::max<uint64_t>(request.count(), 1);
  for (const Value& member : sets_.Draw(request.set(), count, request.repeats())) {
    response.add_members(member.view().data(), member.size());
  }
  co_return OkStatus();
}

Task<Status> SetCalls::Pop(RequestContext&, const PopRequest& request, PopResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const uint64_t count = std::max<uint64_t>(request.count(), 1);
  for (const Value& member : sets_.Pop(request.set(), count)) {
    response.add_members(member.view().data(), member.size());
  }
  co_return OkStatus();
}

}  // namespace prism::memstore
