#pragma once

#include <memory>

#include "drivers/postgres/space.h"
#include "interfaces/backend.h"
#include "interfaces/timeseries_aggregation.prism.h"
#include "interfaces/timeseries_basic.prism.h"
#include "interfaces/timeseries_interpolation.prism.h"
#include "interfaces/timeseries_retention.prism.h"

namespace prism::postgres {

// The timeseries contracts on one worker; schema.cc says how the points lie in Postgres.
class TimeSeriesCalls final : public Provides<TimeSeriesBasic, TimeSeriesAggregation,
                                              TimeSeriesRetention, TimeSeriesInterpolation> {
 public:
  explicit TimeSeriesCalls(std::shared_ptr<Space> space) : space_(std::move(space)) {}

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
  const std::shared_ptr<Space> space_;
};

}  // namespace prism::postgres
