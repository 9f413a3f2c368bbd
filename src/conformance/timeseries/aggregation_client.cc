#include "conformance/timeseries/aggregation_client.h"

namespace prism::conformance {

AggregateRequest AggregateOf(std::string measurement, int64_t window_us,
                             const Functions& functions) {
  AggregateRequest request;
  request.set_measurement(std::move(measurement));
  request.set_window_us(window_us);
  for (const Function function : functions) request.add_aggregations()->set_function(function);
  return request;
}

RollupRequest RollupOf(std::string measurement, std::string target, int64_t window_us,
                       Function function, int64_t from_us, int64_t to_us) {
  RollupRequest request;
  request.set_measurement(std::move(measurement));
  request.set_target_measurement(std::move(target));
  request.set_window_us(window_us);
  request.mutable_aggregation()->set_function(function);
  request.set_from_unix_us(from_us);
  request.set_to_unix_us(to_us);
  return request;
}

std::string TextOf(const AggregateRow& row) {
  std::string text = Show(row.window_start_unix_us()) + " (";
  for (int i = 0; i < row.group_size(); ++i) text += (i > 0 ? " " : "") + row.group(i);
  text += ")";
  for (const double value : row.values()) text += " " + Show(value);
  return text;
}

Texts RowsOf(const std::vector<AggregateResponse>& pages) {
  Texts rows;
  for (const AggregateResponse& page : pages) {
    for (const AggregateRow& row : page.rows()) rows.push_back(TextOf(row));
  }
  return rows;
}

void CheckRowPages(CaseContext& c, const std::vector<AggregateResponse>& pages, Where where) {
  for (const AggregateResponse& page : pages) {
    size_t bytes = 0;
    for (const AggregateRow& row : page.rows()) {
      bytes += sizeof(int64_t) + sizeof(double) * size_t(row.values_size());
      for (const std::string& value : row.group()) bytes += value.size();
    }
    c.Expect(page.rows_size() > 0, "no page is empty", where);
    c.ExpectLe(page.rows_size(), 1000, "rows of a page", where);
    if (page.rows_size() > 1) c.ExpectLe(bytes, size_t{1} << 20, "bytes of a page", where);
  }
}

Task<std::vector<AggregateResponse>> Aggregates::Pages(AggregateRequest request, Where where) {
  return caller_.CallAll(&TimeSeriesAggregationStub::Aggregate, std::move(request), where);
}

Task<Texts> Aggregates::Rows(AggregateRequest request, Where where) {
  const std::vector<AggregateResponse> pages = co_await Pages(std::move(request), where);
  co_return RowsOf(pages);
}

Task<uint64_t> Aggregates::Rollup(RollupRequest request, Where where) {
  caller_.Note(request.target_measurement());
  const RollupResponse response =
      co_await caller_.Call(&TimeSeriesAggregationStub::Rollup, std::move(request), where);
  co_return response.written();
}

}  // namespace prism::conformance
