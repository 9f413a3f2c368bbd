#include "drivers/postgres/room.h"

#include <gtest/gtest.h>

#include <optional>

namespace prism::postgres {
namespace {

TEST(RoomTest, TellsInTheOrderOfTheLine) {
  Room room;
  std::optional<Room::Place> first(std::in_place, room);
  std::optional<Room::Place> second(std::in_place, room);
  Room::Place third(room);
  room.TellOne();
  EXPECT_TRUE(first->told().is_set());
  EXPECT_FALSE(second->told().is_set());
  first.reset();
  EXPECT_TRUE(second->told().is_set());
  EXPECT_FALSE(third.told().is_set());
  EXPECT_TRUE(second->first());
  EXPECT_FALSE(third.first());
  second->told().Reset();  // it found nothing, and gives up
  second.reset();
  EXPECT_TRUE(third.told().is_set());
}

TEST(RoomTest, TellsAll) {
  Room room;
  EXPECT_TRUE(room.empty());
  room.TellOne();
  Room::Place first(room);
  Room::Place second(room);
  EXPECT_FALSE(room.empty());
  room.TellAll();
  EXPECT_TRUE(first.told().is_set());
  EXPECT_TRUE(second.told().is_set());
}

}  // namespace
}  // namespace prism::postgres
