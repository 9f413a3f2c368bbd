#include "drivers/postgres/space.h"

#include "drivers/postgres/digest.h"

namespace prism::postgres {
namespace {

// A channel has at most 63 bytes; so many digits of a digest are enough that no two names meet.
constexpr size_t kDigits = 48;

}  // namespace

Task<Result<Ear>> Space::Listen(RequestContext& ctx, std::string channel,
                                std::function<void(std::string_view payload)> heard,
                                std::function<void()> missed) const {
  Hearing hearing;
  hearing.heard = std::move(heard);
  hearing.missed = std::move(missed);
  return client_->listener().Listen(ctx, std::move(channel), std::move(hearing));
}

std::string Space::Channel(std::string_view model, std::string_view name) const {
  std::string whole;
  for (const std::string_view part :
       {std::string_view(options().schema), std::string_view(name_), model, name}) {
    whole += std::to_string(part.size()) + ':';
    whole += part;
  }
  return "prism_" + Sha256Hex(whole).substr(0, kDigits);
}

}  // namespace prism::postgres
