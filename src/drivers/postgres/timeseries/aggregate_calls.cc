#include <optional>

#include "drivers/contract/timeseries.h"
#include "drivers/postgres/timeseries/calls.h"
#include "drivers/postgres/timeseries/statements.h"
#include "drivers/postgres/timeseries/tags.h"

namespace prism::postgres {
namespace {

using namespace timeseries::v1;  // NOLINT

// What the server is asked to compute, and how far it has come.
struct Windows {
  std::vector<std::string> tags;
  TimeRange range;
  std::vector<int64_t> functions;
  std::vector<double> fractions;
  std::vector<std::string> group_by;
  std::optional<std::vector<std::string>> behind;  // a group of the first window
  int64_t at_once = 1;
};

template <class Request>
Windows WindowsOf(const Request& request) {
  Windows windows;
  windows.tags = KeysOf(SortedTags(request.tags()));
  windows.range = RangeOf(request);
  windows.group_by.assign(request.group_by().begin(), request.group_by().end());
  return windows;
}

void Add(const Aggregation& aggregation, Windows& windows) {
  const bool sorted = aggregation.function() == PERCENTILE;
  windows.functions.push_back(aggregation.function());
  windows.fractions.push_back(sorted ? aggregation.percentile() / 100 : 0);
}

template <class Request>
Arguments& Ask(Arguments& arguments, const Space& space, const Request& request,
               const Windows& windows) {
  arguments.Text(space.name()).Text(request.measurement()).Array(windows.tags);
  arguments.Int(windows.range.from_us).Int(windows.range.to_us).Int(request.window_us());
  arguments.Array(windows.functions).Array(windows.fractions).Array(windows.group_by);
  if (windows.behind) {
    arguments.Array(*windows.behind);
  } else {
    arguments.Null();
  }
  return arguments.Int(windows.at_once);
}

// Goes on where the row says: from its `column` on the time and the group, last how many at once.
void GoOn(const Rows& rows, int row, int column, Windows& windows) {
  windows.range.from_us = rows.Int(row, column);
  windows.behind.reset();
  if (!rows.IsNull(row, column + 1)) {
    const std::vector<std::string_view> group = rows.Elements(row, column + 1);
    windows.behind.emplace(group.begin(), group.end());
  }
  windows.at_once = rows.Int(row, 3);
}

// Fills the page; true if there is more to come.
bool Fill(const Rows& rows, Windows& windows, AggregateResponse& page) {
  constexpr int kValues = 2;
  for (int row = 0; row < rows.count(); ++row) {
    if (rows.IsNull(row, kValues)) {
      GoOn(rows, row, 0, windows);
      return true;
    }
    AggregateRow& added = *page.add_rows();
    added.set_window_start_unix_us(rows.Int(row, 0));
    for (const std::string_view value : rows.Elements(row, 1)) added.add_group(std::string(value));
    for (const double value : rows.Doubles(row, kValues)) added.add_values(value);
  }
  return false;
}

}  // namespace

Stream<AggregateResponse> TimeSeriesCalls::Aggregate(RequestContext& ctx,
                                                     const AggregateRequest& request) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Windows windows = WindowsOf(request);
  for (const Aggregation& each : request.aggregations()) Add(each, windows);
  AggregateResponse response;
  for (bool more = !windows.range.empty(); more;) {
    response.Clear();
    {
      Arguments arguments;
      Ask(arguments, *space_, request, windows);
      const Result<Rows> rows = co_await space_->Run(ctx, kTsAggregate, arguments);
      if (!rows.ok()) co_return rows.status();
      more = Fill(*rows, windows, response);
    }
    if (response.rows_size() > 0) co_yield response;
  }
  co_return OkStatus();
}

Task<Status> TimeSeriesCalls::Rollup(RequestContext& ctx, const RollupRequest& request,
                                     RollupResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Windows windows = WindowsOf(request);
  Add(request.aggregation(), windows);
  for (bool more = !windows.range.empty(); more;) {
    Arguments arguments;
    Ask(arguments, *space_, request, windows).Text(request.target_measurement());
    const Result<Rows> rows = co_await space_->Run(ctx, kTsRollup, arguments);
    if (!rows.ok()) co_return rows.status();
    response.set_written(response.written() + static_cast<uint64_t>(rows->Int(0, 0)));
    more = !rows->IsNull(0, 1);
    if (more) GoOn(*rows, 0, 1, windows);
  }
  co_return OkStatus();
}

}  // namespace prism::postgres
