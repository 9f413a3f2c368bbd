#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "drivers/postgres/space.h"

namespace prism::postgres {

// A channel of pubsub's that is heard while somebody wants it, once for all of them; then the
// connection holds its lock.
class SharedEar {
 public:
  using Heard = std::function<void(std::string_view payload)>;
  using Lost = std::function<void(const Status& why)>;

  SharedEar(std::shared_ptr<Space> space, std::string_view name, Heard heard, Lost lost);
  SharedEar(const SharedEar&) = delete;
  SharedEar& operator=(const SharedEar&) = delete;

  const std::string& channel() const { return channel_; }
  // When it is OK, until Leave all is heard that is notified after the call.
  Task<Status> Join(RequestContext& ctx);
  void Leave();

 private:
  const std::shared_ptr<Space> space_;
  const std::string channel_;
  const Heard heard_;
  const Lost lost_;
  int users_ = 0;
  uint64_t made_ = 0;
  uint64_t owner_ = 0;  // the number of `ear_`; 0: none
  Ear ear_;
};

}  // namespace prism::postgres
