#pragma once

// The settings of functions that statements call: their plans are made once, whatever the values,
// and look up what they join in an index, however wrong the statistics are. Those that they call
// have them too.
#define PRISM_TIMESERIES_PLANS                                                           \
  " SET plan_cache_mode TO force_generic_plan"                                           \
  " SET enable_bitmapscan TO off SET enable_hashjoin TO off SET enable_mergejoin TO off" \
  " SET jit TO off "
