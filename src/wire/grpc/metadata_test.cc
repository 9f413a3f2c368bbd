#include "wire/grpc/metadata.h"

#include <gtest/gtest.h>

#include "wire/grpc/fields.h"
#include "wire/grpc/status_details.h"

namespace prism::grpc {
namespace {

using namespace std::chrono_literals;

TEST(Timeout, ParsesEveryUnitAndNothingElse) {
  EXPECT_EQ(ParseTimeout("1n"), Duration(1ns));
  EXPECT_EQ(ParseTimeout("20u"), Duration(20us));
  EXPECT_EQ(ParseTimeout("100m"), Duration(100ms));
  EXPECT_EQ(ParseTimeout("3S"), Duration(3s));
  EXPECT_EQ(ParseTimeout("2M"), Duration(2min));
  EXPECT_EQ(ParseTimeout("1H"), Duration(1h));
  EXPECT_GT(*ParseTimeout("99999999H"), Duration(24h * 365));
  for (const char* bad : {"", "S", "1", "1s", "-1S", "1.5S", "123456789S", " 1S"}) {
    EXPECT_FALSE(ParseTimeout(bad)) << bad;
  }
}

TEST(Timeout, FormatsSoThatNothingIsLost) {
  for (const Duration d : {Duration(1ns), Duration(1500us), Duration(99'999'999ns),
                           Duration(100'000'001ns), Duration(7h), Duration(-1s)}) {
    const std::string text = FormatTimeout(d);
    EXPECT_LE(text.size(), 9U);
    EXPECT_GE(*ParseTimeout(text), std::max(d, Duration(0))) << text;
  }
}

TEST(PercentEncoding, KeepsAnyBytes) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_EQ(PercentDecode(PercentEncode(all)), all);
  EXPECT_EQ(PercentEncode("a b%\n\xe2\x98\xba"), "a b%25%0A%E2%98%BA");
  EXPECT_EQ(PercentDecode("%zz%4"), "%zz%4");
}

TEST(Base64, RoundTripsWithAndWithoutPadding) {
  for (const std::string bytes : {"", "f", "fo", "foo", "foob"}) {
    EXPECT_EQ(Base64Decode(Base64Encode(bytes)), bytes);
  }
  EXPECT_EQ(Base64Decode("Zm8="), "fo");
  EXPECT_EQ(Base64Decode("Zm8"), "fo");
  EXPECT_FALSE(Base64Decode("Z"));
  EXPECT_FALSE(Base64Decode("Zm_8"));
}

TEST(StatusFields, TravelThereAndBack) {
  const Status sent = ResourceExhaustedError("100 % full").WithRetryable().WithHint("raise it");
  FieldList fields;
  FieldStorage storage;
  AppendStatus(sent, fields, storage);
  ASSERT_EQ(fields.size(), 3U);
  const auto value = [&](size_t i) {
    return std::string_view(reinterpret_cast<const char*>(fields[i].value), fields[i].valuelen);
  };
  const Status got = ParseStatus(value(0), value(1), value(2));
  EXPECT_EQ(got.ToString(), sent.ToString());
  EXPECT_TRUE(got.retryable());
}

TEST(StatusFields, AnImpossibleCodeIsUnknown) {
  EXPECT_EQ(ParseStatus("99", "", "").code(), Code::kUnknown);
  EXPECT_EQ(ParseStatus("x", "", "").code(), Code::kUnknown);
  EXPECT_TRUE(ParseStatus("0", "", "").ok());
}

TEST(Metadata, ReservedKeysAreNotTheApplications) {
  FieldList fields;
  FieldStorage storage;
  const Metadata metadata = {{"grpc-status", "0"}, {":path", "/"}, {"x-a", "1"}, {"x-bin", "\xff"}};
  AppendMetadata(metadata, fields, storage);
  ASSERT_EQ(fields.size(), 2U);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(fields[1].value), fields[1].valuelen), "/w");
}

}  // namespace
}  // namespace prism::grpc
