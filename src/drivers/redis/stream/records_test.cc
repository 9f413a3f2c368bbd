#include "drivers/redis/stream/records.h"

#include <gtest/gtest.h>

namespace prism::redis {
namespace {

using resp::Reply;

Reply Text(std::string text) {
  Reply reply;
  reply.type = Reply::Type::kString;
  reply.text = std::move(text);
  return reply;
}

Reply Array(std::vector<Reply> elements) {
  Reply reply;
  reply.type = Reply::Type::kArray;
  reply.elements = std::move(elements);
  return reply;
}

Reply Entry(std::string id, const std::vector<std::string>& fields) {
  std::vector<Reply> texts;
  for (const std::string& field : fields) texts.push_back(Text(field));
  return Array({Text(std::move(id)), Array(std::move(texts))});
}

TEST(Records, TakeTheirPartsFromAnEntry) {
  Reply entry =
      Entry("1763866128000-3", {"n", "7", "p", "payload", "k", "key", "an", "1", "ak", ""});
  stream::v1::Record record;
  FillRecord(entry, record);
  EXPECT_EQ(record.offset(), "1763866128000-3");
  EXPECT_EQ(record.timestamp_unix_ms(), 1763866128000);
  EXPECT_EQ(record.payload(), "payload");
  EXPECT_EQ(record.key(), "key");
  ASSERT_EQ(record.attributes_size(), 2);
  EXPECT_EQ(record.attributes().at("n"), "1");
  EXPECT_EQ(record.attributes().at("k"), "");
}

TEST(Records, OfNoEntryAreEmpty) {
  Reply nothing;
  stream::v1::Record record;
  FillRecord(nothing, record);
  EXPECT_EQ(record.offset(), "");
}

}  // namespace
}  // namespace prism::redis
