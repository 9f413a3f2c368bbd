#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "drivers/postgres/stream/waiting.h"

namespace prism::postgres {

inline constexpr int64_t kMaxGroups = 1024;
inline constexpr int64_t kMaxMembers = 1024;
Status TooManyMembers();

// The columns of deliveries; the last row is of none, and says what has become of the member.
namespace delivered {
inline constexpr int kCount = 0;
inline constexpr int kRecord = 1;  // and those behind it
inline constexpr int kJoined = 6;
inline constexpr int kWake = 7;
inline constexpr int kWaitMs = 8;  // of kStreamTake
inline constexpr int kGroup = 8;   // of kStreamClaim
}  // namespace delivered

class Membership;

// The members that one worker has joined to groups. While they are here their leases are renewed: a
// member whose gateway is gone leaves when its lease has passed.
class Memberships {
 public:
  explicit Memberships(std::shared_ptr<Space> space) : space_(std::move(space)), bell_(space_) {}
  Memberships(const Memberships&) = delete;
  Memberships& operator=(const Memberships&) = delete;

 private:
  friend class Membership;
  Task<void> Renew();

  const std::shared_ptr<Space> space_;
  const StreamBell bell_;
  std::set<const Membership*> all_;
  Cancellation never_;
  Task<void> renew_;  // runs from the first member on
};

// One member of a group, which leaves when this goes.
class Membership {
 public:
  Membership(Memberships& memberships, std::string stream, std::string group, std::string member);
  Membership(const Membership&) = delete;
  Membership& operator=(const Membership&) = delete;
  ~Membership();

  // NOT_FOUND if there is no such group. Replaces an earlier one of that name.
  Task<Status> Join(RequestContext& ctx, size_t max_pending);
  // Waits for the next deliveries, more than the last row. ABORTED when replaced, or the group is
  // gone.
  Task<Result<Rows>> Next(RequestContext& ctx);

 private:
  friend class Memberships;
  // The statement that joins, which goes on when its call is gone, and then is undone.
  struct Joining {
    Joining(const Membership& its, int64_t most);
    const std::shared_ptr<Space> space;
    const StreamBell bell;
    const std::string stream;
    const std::string group;
    const std::string member;
    const int64_t max_pending;
    Event done;
    std::optional<Result<Rows>> rows;
    bool abandoned = false;
  };
  static Task<void> Run(std::shared_ptr<Joining> joining);
  static Task<void> Part(std::shared_ptr<Space> space, StreamBell bell, std::string stream,
                         int64_t group, int64_t member);
  Task<Result<Rows>> AskToJoin(RequestContext& ctx, size_t max_pending);
  Task<Result<Rows>> Take(RequestContext& ctx);

  Memberships& memberships_;
  const std::shared_ptr<Space> space_;
  const std::string stream_;
  const std::string group_;
  const std::string member_;
  int64_t group_id_ = 0;
  int64_t member_id_ = 0;  // 0 while it has not joined
  StreamWaiter waiter_;
};

}  // namespace prism::postgres
