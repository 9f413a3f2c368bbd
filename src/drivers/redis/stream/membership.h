#pragma once

#include <set>
#include <string>
#include <vector>

#include "drivers/redis/stream/store.h"

namespace prism::redis {

class Membership;

// The members that one worker has joined to groups. While they are here their leases are renewed: a
// member whose gateway is gone leaves when its lease has passed.
class Memberships {
 public:
  explicit Memberships(const StreamStore& store) : store_(store) {}
  Memberships(const Memberships&) = delete;
  Memberships& operator=(const Memberships&) = delete;

  const StreamStore& store() const { return store_; }

 private:
  friend class Membership;
  Task<void> Renew();

  const StreamStore& store_;
  std::set<Membership*> all_;
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

  struct Delivered {
    uint32_t count = 0;
    resp::Reply entry;
  };
  using Page = std::vector<Delivered>;
  // Waits for the next page, which is not empty. ABORTED when replaced, or the group is gone.
  Task<Result<Page>> Next(RequestContext& ctx);

 private:
  friend class Memberships;
  Task<Result<Page>> Take(RequestContext& ctx, TimePoint& due);

  Memberships& memberships_;
  const StreamStore& store_;
  const std::string stream_;
  const std::string group_;
  const std::string member_;
  const std::string epoch_;
  std::string group_id_;
  bool joining_ = false;  // or joined
  Waker waker_;
};

// What a script answered as counts and entries.
Membership::Page PageOf(resp::Reply& counts, resp::Reply& entries);

}  // namespace prism::redis
