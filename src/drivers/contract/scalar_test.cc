#include "drivers/contract/scalar.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace prism {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kExact = int64_t{1} << 53;

int Sign(int order) { return order < 0 ? -1 : order > 0 ? 1 : 0; }

// Ascending, each different from the next.
std::vector<Scalar> Ladder() {
  return {Scalar(),
          Scalar::Null(),
          Scalar::Bool(false),
          Scalar::Bool(true),
          Scalar::Double(-1e300),
          Scalar::Integer(kMin),
          Scalar::Integer(kMin + 1),
          Scalar::Integer(-kExact - 1),
          Scalar::Double(-static_cast<double>(kExact)),
          Scalar::Double(-2.5),
          Scalar::Integer(-2),
          Scalar::Double(-0.5),
          Scalar::Integer(0),
          Scalar::Double(5e-324),
          Scalar::Integer(2),
          Scalar::Double(2.5),
          Scalar::Double(static_cast<double>(kExact)),
          Scalar::Integer(kExact + 1),
          Scalar::Integer(kMax - 1),
          Scalar::Integer(kMax),
          Scalar::Double(9223372036854775808.0),
          Scalar::String(""),
          Scalar::String(std::string_view("\0", 1)),
          Scalar::String("a"),
          Scalar::String(std::string_view("a\0", 2)),
          Scalar::String(std::string_view("a\0b", 3)),
          Scalar::String("ab"),
          Scalar::String("\xc3\xa4")};
}

TEST(Scalar, ComparesAndEncodesInOneOrder) {
  const std::vector<Scalar> ladder = Ladder();
  for (size_t i = 0; i < ladder.size(); ++i) {
    for (size_t j = 0; j < ladder.size(); ++j) {
      const int wanted = i < j ? -1 : i > j ? 1 : 0;
      EXPECT_EQ(Sign(Compare(ladder[i], ladder[j])), wanted) << i << ' ' << j;
      std::string a, b;
      AppendOrdered(ladder[i], 1000, a);
      AppendOrdered(ladder[j], 1000, b);
      EXPECT_EQ(Sign(a.compare(b)), wanted) << i << ' ' << j;
      if (i != j) {
        EXPECT_FALSE(b.starts_with(a)) << i << ' ' << j;
      }
    }
  }
}

TEST(Scalar, EqualNumbersAreOneKey) {
  for (const double value : {0.0, -0.0, 1.0, -7.0, 1e15}) {
    std::string a, b;
    AppendOrdered(Scalar::Double(value), 0, a);
    AppendOrdered(Scalar::Integer(static_cast<int64_t>(value)), 0, b);
    EXPECT_EQ(a, b);
    EXPECT_EQ(Compare(Scalar::Double(value), Scalar::Integer(static_cast<int64_t>(value))), 0);
  }
}

TEST(Scalar, TypesDoNotCompareInConditions) {
  EXPECT_TRUE(Comparable(Scalar::Integer(1), Scalar::Double(2)));
  EXPECT_TRUE(Comparable(Scalar::Null(), Scalar::Null()));
  EXPECT_FALSE(Comparable(Scalar::Integer(1), Scalar::String("1")));
  EXPECT_FALSE(Comparable(Scalar::Bool(false), Scalar::Null()));
  EXPECT_FALSE(Comparable(Scalar(), Scalar()));
  EXPECT_FALSE(Comparable(Scalar::Composite(), Scalar::Composite()));
}

}  // namespace
}  // namespace prism
