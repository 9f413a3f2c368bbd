#pragma once

#include <string>
#include <utility>

#include "conformance/stream/groups_client.h"
#include "interfaces/stream_replay.prism.h"
#include "prism/interfaces/stream_replay.pb.h"

namespace prism::conformance::streams {

using stream::v1::ReplayRangeRequest;
using stream::v1::SeekToOffsetRequest;
using stream::v1::SeekToTimestampRequest;

ReplayRangeRequest RangeOf(std::string stream, std::string from = "", std::string to = "");
SeekToOffsetRequest SeekOf(const Group& group, std::string offset);
SeekToTimestampRequest SeekOf(const Group& group, int64_t unix_ms);

// stream_replay as plain functions: all must succeed.
class Replay {
 public:
  explicit Replay(Caller& caller) : caller_(caller) {}

  Task<Texts> Range(std::string stream, std::string from = "", std::string to = "",
                    Where where = Where::current());
  // Whether there is such a group.
  Task<bool> Seek(const Group& group, std::string offset, Where where = Where::current());
  Task<bool> SeekToTime(const Group& group, int64_t unix_ms, Where where = Where::current());

 private:
  Caller& caller_;
};

}  // namespace prism::conformance::streams
