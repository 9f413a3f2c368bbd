#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "drivers/postgres/rows.h"
#include "drivers/postgres/stream/waiting.h"
#include "loop/stream.h"
#include "prism/interfaces/stream_basic.pb.h"

namespace prism::postgres {

// Puts what kStreamPage answers, from column `first` on, in a record.
void FillRecord(const Rows& rows, int row, int first, stream::v1::Record& record);

struct RecordRange {
  std::string stream;
  int64_t from = 0;
  int64_t end = std::numeric_limits<int64_t>::max();  // excluded
  uint64_t limit = 0;                                 // 0: no bound
  bool follow = false;                                // wait for more at the end
};

// The range's records page by page, each read when it is pulled.
Stream<stream::v1::RecordPage> ReadPages(const Space& space, RequestContext& ctx,
                                         RecordRange range);

}  // namespace prism::postgres
