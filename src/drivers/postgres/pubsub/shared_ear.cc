#include "drivers/postgres/pubsub/shared_ear.h"

#include <utility>

#include "drivers/postgres/notify.h"

namespace prism::postgres {

SharedEar::SharedEar(std::shared_ptr<Space> space, std::string_view name, Heard heard, Lost lost)
    : space_(std::move(space)),
      channel_(space_->Channel("pubsub", name)),
      heard_(std::move(heard)),
      lost_(std::move(lost)) {}

// Everybody listens, so that nobody hears what came before, but the first one's ear is kept for
// all: the others have no more than its number, and are silent.
Task<Status> SharedEar::Join(RequestContext& ctx) {
  const uint64_t number = ++made_;
  Hearing hearing;
  hearing.lock = LockOf(channel_);
  hearing.heard = [this, number](std::string_view payload) {
    if (number == owner_) heard_(payload);
  };
  hearing.lost = [this, number](const Status& why) {
    if (number == owner_) lost_(why);
  };
  std::string channel = channel_;
  Result<Ear> ear = co_await space_->Listen(ctx, std::move(channel), std::move(hearing));
  if (!ear.ok()) co_return std::move(ear).status();
  ++users_;
  if (owner_ != 0) co_return OkStatus();
  owner_ = number;
  ear_ = *std::move(ear);
  co_return OkStatus();
}

void SharedEar::Leave() {
  if (--users_ > 0) return;
  owner_ = 0;
  ear_.Close();
}

}  // namespace prism::postgres
