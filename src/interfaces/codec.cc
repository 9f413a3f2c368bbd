#include "interfaces/codec.h"

#include <google/protobuf/io/zero_copy_stream.h>
#include <google/protobuf/message_lite.h>

#include <algorithm>
#include <limits>

namespace prism {
namespace {

// Left free before an encoded message, so that its frame's prefix needs no memory of its own.
constexpr size_t kPrefixRoomBytes = 8;
constexpr size_t kMaxMessageBytes = std::numeric_limits<int>::max();

// Feeds the slices of a buffer, which must outlive it, to the parser.
class SliceStream final : public google::protobuf::io::ZeroCopyInputStream {
 public:
  explicit SliceStream(const Buffer& bytes) : slices_(bytes.slices()) {}

  bool Next(const void** data, int* size) override {
    if (next_ == slices_.size()) return false;
    const Slice& slice = slices_[next_++];
    *data = slice.data() + skipped_;
    *size = static_cast<int>(slice.size() - skipped_);
    returned_ += *size;
    skipped_ = 0;
    return true;
  }
  void BackUp(int count) override {
    --next_;
    skipped_ = slices_[next_].size() - static_cast<size_t>(count);
    returned_ -= count;
  }
  bool Skip(int count) override {
    const void* data;
    int size;
    while (count > 0 && Next(&data, &size)) {
      if (size > count) BackUp(size - count);
      count -= std::min(size, count);
    }
    return count == 0;
  }
  int64_t ByteCount() const override { return returned_; }

 private:
  const SliceList& slices_;
  size_t next_ = 0;
  size_t skipped_ = 0;  // bytes of slices_[next_] that were handed out and not backed up
  int64_t returned_ = 0;
};

}  // namespace

bool Decode(const Buffer& bytes, google::protobuf::MessageLite& message) {
  if (bytes.size() > kMaxMessageBytes) return false;
  if (bytes.slices().size() > 1) {
    SliceStream stream(bytes);
    return message.ParseFromZeroCopyStream(&stream);
  }
  const char* data = bytes.empty() ? nullptr : bytes.slices().front().data();
  return message.ParseFromArray(data, static_cast<int>(bytes.size()));
}

Status Encode(const google::protobuf::MessageLite& message, Buffer& bytes) {
  bytes.Clear();
  const size_t size = message.ByteSizeLong();
  if (size > kMaxMessageBytes) {
    return InternalError(message.GetTypeName() + " of " + std::to_string(size) +
                         " bytes cannot be encoded: protobuf allows 2 GiB");
  }
  if (size == 0) return OkStatus();
  Block* block = Block::Allocate(kPrefixRoomBytes + size);
  char* const start = block->data() + kPrefixRoomBytes;
  message.SerializeWithCachedSizesToArray(reinterpret_cast<uint8_t*>(start));
  Slice slice = Slice::Adopt(block, kPrefixRoomBytes + size);
  slice.RemovePrefix(kPrefixRoomBytes);
  bytes.Append(std::move(slice));
  return OkStatus();
}

}  // namespace prism
