#include "drivers/postgres/rows.h"

#include <gtest/gtest.h>

#include "drivers/postgres/arguments.h"

namespace prism::postgres {
namespace {

using Views = std::vector<std::string_view>;

TEST(PostgresRows, ArraysAreReadAsTheyAreWritten) {
  const std::string a = "ab";
  const std::string empty;
  const std::string b(300, 'b');
  const std::vector<const std::string*> values = {&a, &empty, nullptr, &b};
  Arguments arguments;
  arguments.Array(values);
  const std::string_view array(arguments.values()[0], static_cast<size_t>(arguments.lengths()[0]));
  EXPECT_EQ(ElementsOf(array), (Views{"ab", "", "", b}));
  EXPECT_EQ(ElementsOf({}), Views());
}

TEST(PostgresRows, ArraysMayBeEmpty) {
  Arguments arguments;
  arguments.Array(std::vector<std::string>());
  EXPECT_EQ(ElementsOf({arguments.values()[0], static_cast<size_t>(arguments.lengths()[0])}),
            Views());
}

}  // namespace
}  // namespace prism::postgres
