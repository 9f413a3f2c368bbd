#pragma once

#include "interfaces/backend.h"
#include "interfaces/timeseries_aggregation.prism.h"
#include "interfaces/timeseries_basic.prism.h"
#include "interfaces/timeseries_interpolation.prism.h"
#include "interfaces/timeseries_retention.prism.h"
#include "loop/stream.h"
#include "loop/task.h"
#include "prism/interfaces/timeseries_aggregation.pb.h"
#include "prism/interfaces/timeseries_basic.pb.h"
#include "prism/interfaces/timeseries_interpolation.pb.h"
#include "prism/interfaces/timeseries_retention.pb.h"

// Each passes its calls on to the real one: the base of fakes that spoil a single method.
namespace prism::conformance::testing {

using namespace timeseries::v1;  // NOLINT: only tests include this, for its many messages

class ForwardSeries : public TimeSeriesBasic {
 public:
  explicit ForwardSeries(Backend& real) : real_(*FindAs<TimeSeriesBasic>(real)) {}

  Task<Status> Insert(RequestContext& ctx, const InsertRequest& request,
                      InsertResponse& response) override {
    return real_.Insert(ctx, request, response);
  }
  Stream<QueryResponse> Query(RequestContext& ctx, const QueryRequest& request) override {
    return real_.Query(ctx, request);
  }

 protected:
  TimeSeriesBasic& real_;
};

class ForwardAggregation : public TimeSeriesAggregation {
 public:
  explicit ForwardAggregation(Backend& real) : real_(*FindAs<TimeSeriesAggregation>(real)) {}

  Stream<AggregateResponse> Aggregate(RequestContext& ctx,
                                      const AggregateRequest& request) override {
    return real_.Aggregate(ctx, request);
  }
  Task<Status> Rollup(RequestContext& ctx, const RollupRequest& request,
                      RollupResponse& response) override {
    return real_.Rollup(ctx, request, response);
  }

 protected:
  TimeSeriesAggregation& real_;
};

class ForwardRetention : public TimeSeriesRetention {
 public:
  explicit ForwardRetention(Backend& real) : real_(*FindAs<TimeSeriesRetention>(real)) {}

  Task<Status> SetRetention(RequestContext& ctx, const SetRetentionRequest& request,
                            SetRetentionResponse& response) override {
    return real_.SetRetention(ctx, request, response);
  }
  Task<Status> GetRetention(RequestContext& ctx, const GetRetentionRequest& request,
                            GetRetentionResponse& response) override {
    return real_.GetRetention(ctx, request, response);
  }

 protected:
  TimeSeriesRetention& real_;
};

class ForwardInterpolation : public TimeSeriesInterpolation {
 public:
  explicit ForwardInterpolation(Backend& real) : real_(*FindAs<TimeSeriesInterpolation>(real)) {}

  Stream<InterpolateResponse> Interpolate(RequestContext& ctx,
                                          const InterpolateRequest& request) override {
    return real_.Interpolate(ctx, request);
  }

 protected:
  TimeSeriesInterpolation& real_;
};

}  // namespace prism::conformance::testing
