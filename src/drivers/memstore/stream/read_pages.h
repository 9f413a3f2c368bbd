#pragma once

#include <limits>
#include <string>

#include "base/request_context.h"
#include "drivers/memstore/log/logs.h"
#include "loop/stream.h"
#include "prism/interfaces/stream_basic.pb.h"

namespace prism::memstore {

struct RecordRange {
  std::string name;
  Place from;
  uint64_t to = Logs::kEnd;  // exclusive
  uint64_t limit = std::numeric_limits<uint64_t>::max();
  bool follow = false;          // wait for more at the end
  bool sole_partition = false;  // FAILED_PRECONDITION if the stream has more
};

// The range's records page by page, each read when it is pulled. Ends with the range's error if it
// has one.
Stream<stream::v1::RecordPage> ReadPages(Logs& logs, RequestContext& ctx,
                                         Result<RecordRange> range);

}  // namespace prism::memstore
