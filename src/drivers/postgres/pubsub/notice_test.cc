#include "drivers/postgres/pubsub/notice.h"

#include <gtest/gtest.h>

namespace prism::postgres {
namespace {

TEST(PostgresNotice, CarriesAnyBytes) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  for (const std::string& message : {std::string(), bytes, bytes + "1", bytes + "12"}) {
    const std::optional<std::string> payload = PayloadOf(message);
    ASSERT_TRUE(payload);
    EXPECT_EQ(payload->find('\0'), std::string::npos);
    const std::optional<Notice> notice = ReadNotice(*payload);
    ASSERT_TRUE(notice);
    EXPECT_EQ(notice->message, message);
    EXPECT_EQ(notice->id, 0);
  }
}

TEST(PostgresNotice, HoldsAsMuchAsANotification) {
  const std::optional<std::string> payload = PayloadOf(std::string(5997, 'x'));
  ASSERT_TRUE(payload);
  EXPECT_LT(payload->size(), 8000u);
  EXPECT_FALSE(PayloadOf(std::string(5998, 'x')));
}

TEST(PostgresNotice, TellsWhereALargeMessageIs) {
  const std::string topic(4096, '\xff');
  const std::string payload = PayloadOfLarge(topic) + "9223372036854775807";
  EXPECT_LT(payload.size(), 8000u);
  const std::optional<Notice> notice = ReadNotice(payload);
  ASSERT_TRUE(notice);
  EXPECT_EQ(notice->topic, topic);
  EXPECT_EQ(notice->id, 9223372036854775807);
}

TEST(PostgresNotice, RefusesWhatIsNone) {
  for (const char* payload :
       {"", "x", "mA", "m====", "lAAAA", "lAAAA ", "lAAAA x", "lAAAA 1x", "lAAAA -1", "l? 1"}) {
    EXPECT_FALSE(ReadNotice(payload)) << payload;
  }
}

}  // namespace
}  // namespace prism::postgres
