#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "drivers/postgres/graph/element.h"
#include "drivers/postgres/space.h"

namespace prism::postgres {

// How far the edges of a node have been listed: those that leave it come first.
struct EdgePlace {
  bool in = false;
  std::string place;
};

// Reads the edges that a choice takes, a part at a time.
class Listing {
 public:
  // The first columns of its statements.
  enum Column { kTotal, kFrame, kIn, kKey, kMore, kOther, kId, kNames };

  explicit Listing(const EdgeChoice& choice)
      : ranges_(choice.labels), direction_((choice.out ? 1 : 0) + (choice.in ? 2 : 0)) {}

  // Of the first node, only what is behind `after`. At most so many rows and bytes, but one row if
  // there is any.
  Task<Result<Rows>> Read(const Space& space, RequestContext& ctx, const Statement& statement,
                          std::span<const int64_t> nodes, const EdgePlace& after, int64_t most,
                          int64_t bytes) const;
  static EdgePlace PlaceAt(const Rows& rows, int row) {
    return {rows.Int(row, kIn) != 0,
            std::string(rows.Text(row, kKey)).append(rows.Text(row, kMore))};
  }
  // Whether there may be more behind what Read has found.
  static bool MayHaveMore(const Rows& rows, int64_t most) {
    return !rows.empty() && (rows.Int(0, kTotal) >= most || rows.Int(0, kTotal) > rows.count());
  }

 private:
  const PlaceRanges ranges_;
  const int64_t direction_;
};

}  // namespace prism::postgres
