#include "base/status.h"

#include <gtest/gtest.h>

#include "base/cancellation.h"
#include "base/result.h"

namespace prism {
namespace {

TEST(Status, OkIsSmallAndSaysNothing) {
  const Status ok;
  EXPECT_TRUE(ok.ok());
  EXPECT_EQ(sizeof(Status), sizeof(void*));
  EXPECT_EQ(ok.ToString(), "OK");
  EXPECT_TRUE(OkStatus().WithHint("ignored").hint().empty());
}

TEST(Status, CarriesHintAndRetry) {
  Status status = UnavailableError("down").WithRetryable().WithHint("start it");
  const Status copy = status;
  status = OkStatus();
  EXPECT_EQ(copy.code(), Code::kUnavailable);
  EXPECT_TRUE(copy.retryable());
  EXPECT_EQ(copy.ToString(), "UNAVAILABLE: down (hint: start it)");
}

TEST(Result, HoldsAValueOrAnError) {
  Result<std::string> value = std::string("v");
  EXPECT_EQ(*value, "v");
  const Result<std::string> error = NotFoundError("gone");
  EXPECT_FALSE(error.ok());
  EXPECT_EQ(error.status().code(), Code::kNotFound);
}

struct Counter {
  CancelHook hook;
  int calls = 0;
  static void Count(void* self) { ++static_cast<Counter*>(self)->calls; }
};

TEST(Cancellation, RunsEachHookOnceAndKeepsTheFirstReason) {
  Cancellation cancellation;
  Counter a;
  Counter b;
  Counter unhooked;
  a.hook.Hook(cancellation, &Counter::Count, &a);
  unhooked.hook.Hook(cancellation, &Counter::Count, &unhooked);
  b.hook.Hook(cancellation, &Counter::Count, &b);
  unhooked.hook.Unhook();
  cancellation.Cancel(CancelledError("first"));
  cancellation.Cancel(DeadlineExceededError("second"));
  EXPECT_EQ(a.calls, 1);
  EXPECT_EQ(b.calls, 1);
  EXPECT_EQ(unhooked.calls, 0);
  EXPECT_EQ(cancellation.reason().message(), "first");
}

TEST(Cancellation, HooksOutliveIt) {
  Counter counter;
  {
    Cancellation cancellation;
    counter.hook.Hook(cancellation, &Counter::Count, &counter);
  }
  counter.hook.Unhook();
  EXPECT_EQ(counter.calls, 0);
}

}  // namespace
}  // namespace prism
