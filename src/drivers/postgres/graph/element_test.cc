#include "drivers/postgres/graph/element.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace prism::postgres {
namespace {

TEST(GraphElementTest, ValuesComeBackExactly) {
  const PropertyValue values[] = {std::string(),
                                  std::string("s\0\xc3\xa4", 4),
                                  std::numeric_limits<int64_t>::min(),
                                  int64_t{-1},
                                  std::numeric_limits<int64_t>::max(),
                                  0.1,
                                  std::numeric_limits<double>::denorm_min(),
                                  true,
                                  false};
  for (const PropertyValue& value : values) EXPECT_EQ(ValueOf(TextOf(value)), value);
  EXPECT_TRUE(std::signbit(std::get<double>(ValueOf(TextOf(PropertyValue(-0.0))))));
}

TEST(GraphElementTest, PlacesOrderLikeLabelsAndThenIds) {
  const std::string nul("\0", 1);
  const LabelAndId ascending[] = {{nul, "z"},     {nul + nul, "a"}, {nul + "\x01", "a"},
                                  {"a", nul},     {"a", "b"},       {"a" + nul, "a"},
                                  {"a\x01", "a"}, {"ab", "a"},      {"b", nul + nul}};
  std::string before;
  for (const LabelAndId& parts : ascending) {
    const std::string place = PlaceOf(parts.label, parts.id);
    EXPECT_LT(before, place);
    EXPECT_EQ(PartsOf(place).label, parts.label);
    EXPECT_EQ(PartsOf(place).id, parts.id);
    const PlaceRanges ranges({parts.label});
    EXPECT_LE(ranges.lows[0], place);
    EXPECT_LT(place, ranges.highs[0]);
    EXPECT_FALSE(before >= ranges.lows[0] && PartsOf(before).label != parts.label);
    before = place;
  }
}

TEST(GraphElementTest, WithoutLabelsAllPlacesAreInTheRange) {
  const PlaceRanges all({});
  ASSERT_EQ(all.lows.size(), 1U);
  EXPECT_LT(all.lows[0], PlaceOf(std::string("\0", 1), "a"));
  EXPECT_LT(PlaceOf("\xf4\x8f\xbf\xbf", "a"), all.highs[0]);
}

}  // namespace
}  // namespace prism::postgres
