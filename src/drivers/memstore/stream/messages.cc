#include "drivers/memstore/stream/messages.h"

#include "drivers/memstore/stream/offset.h"

namespace prism::memstore {

void FillRecord(Place place, const LogRecord& from, stream::v1::Record& to) {
  to.set_offset(EncodeOffset(place));
  to.set_payload(from.payload);
  to.set_key(from.key);
  to.mutable_attributes()->insert(from.attributes.begin(), from.attributes.end());
  to.set_timestamp_unix_ms(from.timestamp_unix_ms);
}

void FillDelivery(const Delivered& from, stream::v1::Delivery& to) {
  FillRecord(from.place, *from.record, *to.mutable_record());
  to.set_delivery_count(from.count);
}

Status SeveralPartitions(std::string_view name) {
  return FailedPreconditionError("stream '" + std::string(name) + "' has several partitions")
      .WithHint("use GetPartitions and ReadPartition of stream_partitioning");
}

}  // namespace prism::memstore
