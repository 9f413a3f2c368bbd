#pragma once

#include "base/buffer.h"
#include "base/status.h"

namespace google::protobuf {
class MessageLite;
}

namespace prism {

// Replaces `message` by what `bytes` encode, without joining the slices first. False if they are no
// valid encoding; `message` is then unspecified.
bool Decode(const Buffer& bytes, google::protobuf::MessageLite& message);

// Replaces `bytes` by the encoding of `message`, in one block. INTERNAL if that would pass the
// 2 GiB which protobuf allows.
Status Encode(const google::protobuf::MessageLite& message, Buffer& bytes);

}  // namespace prism
