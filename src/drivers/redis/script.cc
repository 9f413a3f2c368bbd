#include "drivers/redis/script.h"

#include "drivers/redis/sha1.h"

namespace prism::redis {

const std::string& Script::sha1() const {
  std::call_once(once_, [this] { sha1_ = Sha1Hex(source_); });
  return sha1_;
}

}  // namespace prism::redis
