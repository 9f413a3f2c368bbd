#include "drivers/postgres/errors.h"

#include <gtest/gtest.h>

namespace prism::postgres {
namespace {

TEST(PostgresErrors, ConflictsMayBeRunAgain) {
  for (const char* state : {"40001", "40P01"}) {
    const Status status = FromSqlState(state, "could not serialize access");
    EXPECT_EQ(status.code(), Code::kAborted);
    EXPECT_TRUE(status.retryable());
    EXPECT_EQ(status.message(), "Postgres: could not serialize access");
  }
}

TEST(PostgresErrors, MeanWhatTheirClassSays) {
  EXPECT_EQ(FromSqlState("57P01", "").code(), Code::kUnavailable);
  EXPECT_EQ(FromSqlState("57014", "").code(), Code::kDeadlineExceeded);
  EXPECT_EQ(FromSqlState("08006", "").code(), Code::kUnavailable);
  EXPECT_EQ(FromSqlState("53300", "").code(), Code::kUnavailable);
  EXPECT_TRUE(FromSqlState("53300", "").retryable());
  EXPECT_EQ(FromSqlState("53100", "").code(), Code::kResourceExhausted);
  EXPECT_EQ(FromSqlState("54000", "").code(), Code::kResourceExhausted);
  EXPECT_EQ(FromSqlState("42501", "").code(), Code::kFailedPrecondition);
  EXPECT_EQ(FromSqlState("28P01", "").code(), Code::kFailedPrecondition);
}

TEST(PostgresErrors, WhatNobodyForesawIsInternalAndNamesItsState) {
  const Status status = FromSqlState("42601", "syntax error");
  EXPECT_EQ(status.code(), Code::kInternal);
  EXPECT_EQ(status.message(), "Postgres: syntax error (42601)");
  EXPECT_FALSE(status.retryable());
}

}  // namespace
}  // namespace prism::postgres
