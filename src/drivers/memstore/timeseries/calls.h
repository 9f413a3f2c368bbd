#pragma once

#include <memory>

#include "interfaces/backend.h"
#include "drivers/memstore/collector.h"
#include "drivers/memstore/timeseries/timeseries.h"
#include "interfaces/timeseries_aggregation.prism.h"
#include "interfaces/timeseries_basic.prism.h"
#include "interfaces/timeseries_interpolation.prism.h"
#include "interfaces/timeseries_retention.prism.h"

namespace prism::memstore {

struct NamespaceData;

// The timeseries contracts on one worker. Long computations give way to its other calls.
class TimeSeriesCalls final : public Provides<TimeSeriesBasic, TimeSeriesAggregation,
                                              TimeSeriesRetention, TimeSeriesInterpolation> {
 public:
  explicit TimeSeriesCalls(std::shared_ptr<NamespaceData> data);

  Task<Status> Insert(RequestContext& ctx, const timeseries::v1::InsertRequest& request,
                      timeseries::v1::InsertResponse& response) override;
  Stream<timeseries::v1::QueryResponse> Query(RequestContext& ctx,
                                              const timeseries::v1::QueryRequest& request) override;

  Stream<timeseries::v1::AggregateResponse> Aggregate(
      RequestContext& ctx, const timeseries::v1::AggregateRequest& request) override;
  Task<Status> Rollup(RequestContext& ctx, const timeseries::v1::RollupRequest& request,
                      timeseries::v1::RollupResponse& response) override;

  Task<Status> SetRetention(RequestContext& ctx, const timeseries::v1::SetRetentionRequest& request,
                            timeseries::v1::SetRetentionResponse& response) override;
  Task<Status> GetRetention(RequestContext& ctx, const timeseries::v1::GetRetentionRequest& request,
                            timeseries::v1::GetRetentionResponse& response) override;

  Stream<timeseries::v1::InterpolateResponse> Interpolate(
      RequestContext& ctx, const timeseries::v1::InterpolateRequest& request) override;

 private:
  const std::shared_ptr<NamespaceData> data_;
  TimeSeries& series_;
  Collector collector_;
};

}  // namespace prism::memstore
