#include "interfaces/codec.h"

#include <gtest/gtest.h>

#include "interfaces/testing/echo.pb.h"

namespace prism {
namespace {

using testing::EchoReply;
using testing::EchoRequest;

EchoRequest Sample() {
  EchoRequest request;
  request.set_text(std::string(300, 'x'));
  request.set_count(7);
  request.add_children()->set_text("child");
  (*request.mutable_tags())["key"] = std::string(50, '\0');
  return request;
}

Buffer Sliced(const std::string& bytes, size_t slice_bytes) {
  Buffer buffer;
  for (size_t at = 0; at < bytes.size(); at += slice_bytes) {
    buffer.Append(Slice::Copy(std::string_view(bytes).substr(at, slice_bytes)));
  }
  return buffer;
}

// Claims to need more room than protobuf can address.
class HugeMessage final : public google::protobuf::MessageLite {
 public:
  std::string GetTypeName() const override { return "test.Huge"; }
  MessageLite* New(google::protobuf::Arena*) const override { return new HugeMessage; }
  void Clear() override {}
  bool IsInitialized() const override { return true; }
  void CheckTypeAndMergeFrom(const MessageLite&) override {}
  size_t ByteSizeLong() const override { return size_t{1} << 31; }
  int GetCachedSize() const override { return 0; }
  const char* _InternalParse(const char* at, google::protobuf::internal::ParseContext*) override {
    return at;
  }
  uint8_t* _InternalSerialize(uint8_t* at,
                              google::protobuf::io::EpsCopyOutputStream*) const override {
    return at;
  }
};

TEST(Codec, RoundTripsInOneSlice) {
  Buffer bytes;
  ASSERT_TRUE(Encode(Sample(), bytes).ok());
  EXPECT_EQ(bytes.slices().size(), 1u);
  EchoRequest back;
  ASSERT_TRUE(Decode(bytes, back));
  EXPECT_EQ(back.SerializeAsString(), Sample().SerializeAsString());
}

TEST(Codec, DecodesHoweverTheBytesAreSliced) {
  const std::string bytes = Sample().SerializeAsString();
  for (size_t slice_bytes = 1; slice_bytes <= bytes.size(); ++slice_bytes) {
    EchoRequest back;
    ASSERT_TRUE(Decode(Sliced(bytes, slice_bytes), back)) << slice_bytes;
    EXPECT_EQ(back.text(), Sample().text());
    EXPECT_EQ(back.children(0).text(), "child");
    EXPECT_EQ(back.tags().at("key").size(), 50u);
  }
}

TEST(Codec, RefusesTruncatedBytesHoweverSliced) {
  std::string bytes = Sample().SerializeAsString();
  bytes.pop_back();
  for (const size_t slice_bytes : {size_t{1}, size_t{17}, bytes.size()}) {
    EchoRequest back;
    EXPECT_FALSE(Decode(Sliced(bytes, slice_bytes), back)) << slice_bytes;
  }
}

TEST(Codec, RefusesTextThatIsNotUtf8) {
  EchoRequest back;
  EXPECT_FALSE(Decode(Buffer::Copy("\x0a\x02\xff\xfe"), back));
}

TEST(Codec, EmptyBytesAreAnEmptyMessage) {
  EchoReply reply;
  reply.set_text("old");
  EXPECT_TRUE(Decode(Buffer(), reply));
  EXPECT_EQ(reply.text(), "");
  Buffer bytes = Buffer::Copy("old");
  EXPECT_TRUE(Encode(reply, bytes).ok());
  EXPECT_TRUE(bytes.empty());
}

TEST(Codec, TooLargeAMessageIsAnError) {
  Buffer bytes;
  const Status status = Encode(HugeMessage(), bytes);
  EXPECT_EQ(status.code(), Code::kInternal);
  EXPECT_NE(status.message().find("test.Huge"), std::string_view::npos);
}

}  // namespace
}  // namespace prism
