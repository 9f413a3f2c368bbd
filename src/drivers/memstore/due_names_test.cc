#include "drivers/memstore/due_names.h"

#include <gtest/gtest.h>

#include <optional>

namespace prism::memstore {
namespace {

TimePoint At(int ticks) { return TimePoint(Duration(ticks)); }

TEST(DueNames, TheSoonestComesFirst) {
  DueNames names;
  EXPECT_EQ(names.next(), kNever);
  DueNames::Entry late, soon;
  late.Open(names, "late");
  soon.Open(names, "soon");
  late.Set(At(20));
  soon.Set(At(10));
  EXPECT_EQ(names.next(), At(10));
  EXPECT_EQ(names.Front(At(9)), "");
  EXPECT_EQ(names.Front(At(10)), "soon");
  soon.Set(At(30));
  EXPECT_EQ(names.Front(At(30)), "late");
}

TEST(DueNames, MovesEarlierOnlyWhereThatIsAsked) {
  DueNames names;
  DueNames::Entry entry;
  entry.Open(names, "a");
  entry.SetIfEarlier(At(10));
  entry.SetIfEarlier(At(15));
  EXPECT_EQ(names.next(), At(10));
  entry.SetIfEarlier(At(5));
  EXPECT_EQ(names.next(), At(5));
  entry.Set(At(15));
  EXPECT_EQ(names.next(), At(15));
  entry.Set(kNever);
  EXPECT_EQ(names.next(), kNever);
}

TEST(DueNames, AnEntryLeavesWithItsThing) {
  DueNames names;
  std::optional<DueNames::Entry> entry(std::in_place);
  entry->Open(names, "a");
  entry->Set(At(1));
  entry.reset();
  EXPECT_EQ(names.Front(kNever), "");
}

}  // namespace
}  // namespace prism::memstore
