#pragma once

#include <string>
#include <vector>

#include "drivers/redis/stream/store.h"
#include "loop/stream.h"
#include "prism/interfaces/stream_basic.pb.h"

namespace prism::redis {

// Moves what an entry of a Redis stream says to a record.
void FillRecord(resp::Reply& entry, stream::v1::Record& record);

struct RecordRange {
  std::string stream;
  std::string from;      // as XRANGE takes it
  std::string to = "+";  // likewise
  uint64_t limit = 0;    // 0: no bound
  bool follow = false;   // wait for more at the end
};

// The range's records page by page, each read when it is pulled.
Stream<stream::v1::RecordPage> ReadPages(const StreamStore& store, RequestContext& ctx,
                                         RecordRange range);

}  // namespace prism::redis
