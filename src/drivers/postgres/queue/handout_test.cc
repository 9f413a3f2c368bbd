#include "drivers/postgres/queue/handout.h"

#include <gtest/gtest.h>

namespace prism::postgres {
namespace {

TEST(QueueHandout, ReceiptsNameOneDelivery) {
  const std::string receipt = ReceiptOf({0x1234567890abcdef, 3});
  EXPECT_EQ(DeliveryOf(receipt).number, 0x1234567890abcdef);
  EXPECT_EQ(DeliveryOf(receipt).nth, 3);
  EXPECT_NE(ReceiptOf({1, 2}), ReceiptOf({2, 1}));
}

TEST(QueueHandout, WhatIsNoReceiptIsOfNothing) {
  const std::string receipt = ReceiptOf({7, 1});
  for (const std::string& other : {receipt + "x", receipt.substr(1), std::string()}) {
    EXPECT_EQ(DeliveryOf(other).number, 0);
    EXPECT_EQ(DeliveryOf(other).nth, 0);
  }
}

TEST(QueueHandout, QueuesOfNamespacesDiffer) {
  const Space one(nullptr, nullptr, "a");
  const Space other(nullptr, nullptr, "ab");
  EXPECT_EQ(QueueId(one, "q").size(), 32u);
  EXPECT_EQ(QueueId(one, "q"), QueueId(one, "q"));
  EXPECT_NE(QueueId(one, "q"), QueueId(one, "Q"));
  EXPECT_NE(QueueId(one, "bc"), QueueId(other, "c"));
}

TEST(QueueHandout, MessageIdsKeepTheOrderOfNumbers) {
  EXPECT_EQ(MessageId(255), "00000000000000ff");
  EXPECT_LT(MessageId(9), MessageId(10));
}

TEST(QueueHandout, BytesAreThoseOfPayloadAndAttributes) {
  queue::v1::EnqueueRequest request;
  request.set_payload("12345");
  EXPECT_EQ(PackAttributes<queue::v1::QueueMessage>(request), "");
  (*request.mutable_attributes())["ab"] = "c";
  EXPECT_EQ(AnswerBytes(request), 8);
  queue::v1::QueueMessage message;
  ASSERT_TRUE(message.ParseFromString(PackAttributes<queue::v1::QueueMessage>(request)));
  EXPECT_EQ(message.attributes().at("ab"), "c");
  EXPECT_TRUE(message.payload().empty());
}

}  // namespace
}  // namespace prism::postgres
