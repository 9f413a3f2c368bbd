#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/cancellation.h"
#include "base/clock.h"

namespace prism {

// One metadata entry. Keys are lower case; a key that ends in "-bin" holds raw bytes.
using MetadataEntry = std::pair<std::string, std::string>;
using Metadata = std::vector<MetadataEntry>;

// What the caller sent along with its request.
class MetadataSource {
 public:
  // Of a repeated key, the first entry. The view lives as long as the source.
  virtual std::optional<std::string_view> FindMetadata(std::string_view key) const = 0;

 protected:
  ~MetadataSource() = default;
};

// What travels with a call, from the front door to the driver and on to a peer. Lives as long as
// the call; passed by reference; used on one worker.
struct RequestContext {
  std::string_view name_space;  // as the caller named it; empty if it did not
  TimePoint deadline = kNever;
  Cancellation cancellation;
  const MetadataSource* incoming = nullptr;  // null when no caller sent any
  Metadata metadata;                         // extra entries for a call to a peer
  Metadata response_headers;                 // for the caller, ahead of the first message
  Metadata response_trailers;                // and behind the last

  std::optional<std::string_view> FindMetadata(std::string_view key) const {
    return incoming ? incoming->FindMetadata(key) : std::nullopt;
  }

  bool cancelled() const { return cancellation.cancelled(); }
};

}  // namespace prism
