#include "wire/grpc/message_reader.h"

#include <gtest/gtest.h>

namespace prism::grpc {
namespace {

constexpr size_t kLimit = 1000;

std::string Framed(const std::string& message, Encoding encoding = Encoding::kIdentity) {
  return FrameMessage(Buffer::Copy(message), encoding).ToString();
}

TEST(MessageReader, TakesMessagesByteByByte) {
  MessageReader reader(kLimit);
  std::vector<std::string> messages;
  for (char c : Framed("one") + Framed("") + Framed("three")) {
    reader.Append(Slice::Copy({&c, 1}));
    while (reader.Ready()) {
      Result<std::optional<Buffer>> message = reader.Next();
      ASSERT_TRUE(message.ok());
      messages.push_back((*message)->ToString());
    }
  }
  EXPECT_EQ(messages, (std::vector<std::string>{"one", "", "three"}));
  EXPECT_FALSE(reader.incomplete());
}

TEST(MessageReader, SharesTheInputsMemory) {
  MessageReader reader(kLimit);
  Slice input = Slice::Copy(Framed("payload"));
  const char* const payload = input.data() + kPrefixBytes;
  reader.Append(std::move(input));
  Result<std::optional<Buffer>> message = reader.Next();
  ASSERT_TRUE(message.ok());
  EXPECT_EQ((*message)->slices().front().data(), payload);
}

TEST(MessageReader, RefusesByThePrefixBeforeTheBodyComes) {
  MessageReader reader(kLimit);
  reader.Append(Slice::Copy(Framed(std::string(kLimit + 1, 'x')).substr(0, kPrefixBytes)));
  ASSERT_TRUE(reader.Ready());
  const Result<std::optional<Buffer>> message = reader.Next();
  EXPECT_EQ(message.status().code(), Code::kResourceExhausted);
  EXPECT_NE(message.status().message().find("1000"), std::string_view::npos);
}

TEST(MessageReader, RefusesABadFlagAndUnannouncedCompression) {
  for (const char flag : {'\x02', '\x01'}) {
    MessageReader reader(kLimit);
    reader.Append(Slice::Copy(std::string(1, flag) + std::string(4, '\0')));
    EXPECT_EQ(reader.Next().status().code(), Code::kInternal);
  }
}

TEST(MessageReader, Decompresses) {
  const std::string text(900, 'a');
  MessageReader reader(kLimit);
  reader.set_encoding(Encoding::kGzip);
  const std::string framed = Framed(text, Encoding::kGzip);
  EXPECT_LT(framed.size(), 100U);
  reader.Append(Slice::Copy(framed));
  EXPECT_EQ((**reader.Next()).ToString(), text);
}

TEST(MessageReader, ABombStopsAtTheLimit) {
  MessageReader reader(kLimit);
  reader.set_encoding(Encoding::kGzip);
  reader.Append(Slice::Copy(Framed(std::string(100'000, '\0'), Encoding::kGzip)));
  const Result<std::optional<Buffer>> message = reader.Next();
  EXPECT_EQ(message.status().code(), Code::kResourceExhausted);
}

TEST(MessageReader, BadGzipIsAnError) {
  MessageReader reader(kLimit);
  reader.set_encoding(Encoding::kGzip);
  std::string framed = Framed(std::string(900, 'a'), Encoding::kGzip);
  framed[kPrefixBytes + 12] = static_cast<char>(~framed[kPrefixBytes + 12]);
  reader.Append(Slice::Copy(framed));
  EXPECT_EQ(reader.Next().status().code(), Code::kInternal);
}

// Bytes as a read block's only content, and the test's own hold on the block.
struct ReadBlock {
  explicit ReadBlock(std::string_view bytes) : block(Block::Allocate(Block::kPooledBytes)) {
    std::memcpy(block->data(), bytes.data(), bytes.size());
    slice = Slice(block, block->data(), bytes.size());
  }
  ReadBlock(const ReadBlock&) = delete;
  ~ReadBlock() { block->Unref(); }
  Block* block;
  Slice slice;
};

// A peer may send a byte at a time: what is kept of it must not be a block for each.
TEST(MessageReader, KeepsNoBlockForALittleOfIt) {
  MessageReader reader(100'000);
  std::string text;
  for (int i = 0; i < 50'000; ++i) text.push_back(static_cast<char>(i * 7 + i / 256));
  int kept = 0;
  for (const char c : Framed(text)) {
    EXPECT_FALSE(reader.Ready());
    ReadBlock read({&c, 1});
    reader.Append(std::move(read.slice));
    kept += !read.block->Unshared();
  }
  EXPECT_LE(kept, 1);  // the last one has completed the message
  Result<std::optional<Buffer>> message = reader.Next();
  ASSERT_TRUE(message.ok() && message->has_value());
  EXPECT_TRUE((*message)->ToString() == text);
  EXPECT_LE((*message)->slices().size(), 12u);
}

TEST(MessageReader, KeepsNoBlockForEachMessageThatWaits) {
  MessageReader reader(kLimit);
  int kept = 0;
  for (int i = 0; i < 1000; ++i) {
    ReadBlock read(Framed(std::to_string(i)));
    reader.Append(std::move(read.slice));
    kept += !read.block->Unshared();
  }
  EXPECT_LE(kept, 1);
  for (int i = 0; i < 1000; ++i) {
    Result<std::optional<Buffer>> message = reader.Next();
    ASSERT_TRUE(message.ok() && message->has_value());
    EXPECT_EQ((*message)->ToString(), std::to_string(i));
  }
  EXPECT_FALSE(reader.incomplete());
}

TEST(MessageReader, LargePiecesAreNotCopied) {
  MessageReader reader(100'000);
  const std::string framed = Framed(std::string(50'000, 'x'));
  for (size_t at = 0; at < framed.size(); at += 10'000) {
    ReadBlock read(std::string_view(framed).substr(at, 10'000));
    reader.Append(std::move(read.slice));
    // The last one has five bytes.
    EXPECT_EQ(read.block->Unshared(), at == 50'000) << at;
  }
  EXPECT_TRUE(reader.Ready());
}

}  // namespace
}  // namespace prism::grpc
