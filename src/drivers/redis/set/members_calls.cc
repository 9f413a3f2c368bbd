// GetMembers. Redis walks a set in steps of its own size; a page may end within a step. Its cursor
// then names the step and what of it was returned, so that the next page neither repeats nor misses
// a member, even if the step comes in another order.

#include <algorithm>
#include <limits>
#include <unordered_set>

#include "base/hash.h"
#include "drivers/contract/page_cursor.h"
#include "drivers/contract/set.h"
#include "drivers/redis/set/calls.h"

namespace prism::redis {
namespace {

using namespace set::v1;  // NOLINT
using resp::Command;
using resp::Reply;

constexpr int kPerStep = 500;
constexpr size_t kHashBytes = 8;

// The same in every process, because cursors do not expire.
uint64_t HashOf(std::string_view member) {
  static const KeyHasher hasher(0x7072697372656469, 0x736d656d62657273);
  return hasher(member);
}

struct Place {
  std::string step = "0";               // the server's cursor
  std::unordered_set<uint64_t> behind;  // hashes of the step's members that were returned

  std::string Encode(const std::string& set) const {
    std::string text = step + ":";
    for (uint64_t hash : behind) {
      for (size_t i = 0; i < kHashBytes; ++i, hash >>= 8) text += static_cast<char>(hash & 0xff);
    }
    return EncodePageCursor(set, text);
  }

  static Result<Place> Decode(const std::string& set, std::string_view cursor) {
    Place place;
    if (cursor.empty()) return place;
    const Result<std::string> text = DecodePageCursor(set, cursor);
    if (!text.ok()) return text.status();
    const size_t colon = std::min(text->find(':'), text->size());
    place.step = text->substr(0, colon);
    for (size_t at = colon + 1; at + kHashBytes <= text->size(); at += kHashBytes) {
      uint64_t hash = 0;
      for (size_t i = kHashBytes; i-- > 0;) {
        hash = hash << 8 | static_cast<unsigned char>((*text)[at + i]);
      }
      place.behind.insert(hash);
    }
    return place;
  }
};

// Moves members from `left` to the page until one of them is full; notes them in `place`.
void Fill(std::vector<Reply>& left, uint64_t most, Place& place, GetMembersResponse& page) {
  AnswerRoom room;
  const uint64_t rows = std::min<uint64_t>(most, kMaxAnswerRows);
  while (!left.empty() && static_cast<uint64_t>(page.members_size()) < rows &&
         room.Take(left.back().text.size())) {
    place.behind.insert(HashOf(left.back().text));
    page.add_members(std::move(left.back().text));
    left.pop_back();
  }
}

}  // namespace

Stream<GetMembersResponse> SetCalls::GetMembers(RequestContext& ctx,
                                                const GetMembersRequest& request) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Result<Place> decoded = Place::Decode(request.set(), request.cursor());
  if (!decoded.ok()) co_return std::move(decoded).status();
  Place place = *std::move(decoded);
  uint64_t left = request.limit() ? request.limit() : std::numeric_limits<uint64_t>::max();
  GetMembersResponse page;
  while (left > 0) {
    const Command scan("SSCAN", KeyOf(request.set()), place.step, "COUNT", kPerStep);
    Result<Reply> reply = co_await keyspace_->Call(ctx, scan);
    if (!reply.ok()) co_return std::move(reply).status();
    if (reply->elements.size() != 2) co_return InternalError("SSCAN answered another form");
    const std::string next = std::move(reply->elements[0].text);
    std::vector<Reply> members = std::move(reply->elements[1].elements);
    std::erase_if(members,
                  [&](const Reply& each) { return place.behind.contains(HashOf(each.text)); });
    while (!members.empty() && left > 0) {
      page.Clear();
      Fill(members, left, place, page);
      left -= static_cast<uint64_t>(page.members_size());
      if (members.empty()) place = Place{next, {}};
      if (!members.empty() || next != "0") page.set_cursor(place.Encode(request.set()));
      co_yield page;
    }
    if (members.empty()) place = Place{next, {}};
    if (next == "0") break;
  }
  co_return OkStatus();
}

}  // namespace prism::redis
