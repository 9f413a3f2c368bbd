#pragma once

#include "drivers/memstore/log/logs.h"
#include "prism/interfaces/stream_basic.pb.h"
#include "prism/interfaces/stream_consumer_groups.pb.h"

namespace prism::memstore {

void FillRecord(Place place, const LogRecord& from, stream::v1::Record& to);
void FillDelivery(const Delivered& from, stream::v1::Delivery& to);
// The error for what needs a stream of one partition.
Status SeveralPartitions(std::string_view name);

}  // namespace prism::memstore
