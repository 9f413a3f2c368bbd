#pragma once

// The settings of functions that statements call: their plans are made once, whatever the values.
// Those that they call have them too.
#define PRISM_TIMESERIES_PLANS " SET plan_cache_mode TO force_generic_plan "
