#include "drivers/postgres/graph/listing.h"

namespace prism::postgres {

Task<Result<Rows>> Listing::Read(const Space& space, RequestContext& ctx,
                                 const Statement& statement, std::span<const int64_t> nodes,
                                 const EdgePlace& after, int64_t most, int64_t bytes) const {
  Arguments arguments;
  arguments.Array(nodes)
      .Int(direction_)
      .Array(std::span<const std::string>(ranges_.lows))
      .Array(std::span<const std::string>(ranges_.highs))
      .Int(after.in ? 1 : 0)
      .Text(after.place)
      .Int(most)
      .Int(bytes);
  Result<Rows> rows = co_await space.Run(ctx, statement, arguments);
  co_return std::move(rows);
}

}  // namespace prism::postgres
