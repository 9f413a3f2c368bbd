#pragma once

#include <string>

#include "drivers/memstore/log/record.h"
#include "prism/interfaces/pubsub_basic.pb.h"

namespace prism::memstore {

inline void FillMessage(const std::string& topic, const LogRecord& from, pubsub::v1::Message& to) {
  to.set_topic(topic);
  to.set_payload(from.payload);
  to.set_key(from.key);
  to.mutable_attributes()->insert(from.attributes.begin(), from.attributes.end());
}

}  // namespace prism::memstore
