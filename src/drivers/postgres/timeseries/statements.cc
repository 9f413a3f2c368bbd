#include "drivers/postgres/timeseries/statements.h"

namespace prism::postgres {

constexpr Statement kTsInsert("ts_insert",
                              "SELECT ts_insert($1::text, $2::bytea[], $3::bytea[], $4::int8[], "
                              "$5::int8[], $6::int8[], $7::float8[])");

constexpr Statement kTsRead("ts_read",
                            "SELECT * FROM ts_read($1::text, $2::bytea, $3::bytea[], $4::int8, "
                            "$5::int8, $6::int8, $7::int8, $8::int8, $9::int8)");

constexpr Statement kTsNeighbours("ts_neighbours",
                                  "SELECT * FROM ts_neighbours($1::text, $2::bytea, $3::bytea[], "
                                  "$4::int8, $5::int8, $6::int8, $7::int8, $8::int8)");

#define PRISM_TS_WINDOWS                                                         \
  "$1::text, $2::bytea, $3::bytea[], $4::int8, $5::int8, $6::int8, $7::int8[], " \
  "$8::float8[], $9::bytea[], $10::bytea[], $11::int8"

constexpr Statement kTsAggregate("ts_aggregate",
                                 "SELECT * FROM ts_aggregate(" PRISM_TS_WINDOWS ")");

constexpr Statement kTsRollup("ts_rollup",
                              "SELECT * FROM ts_rollup(" PRISM_TS_WINDOWS ", $12::bytea)");

#undef PRISM_TS_WINDOWS

constexpr Statement kTsSetMaxAge("ts_set_max_age",
                                 "SELECT ts_retain($1::text, $2::bytea, $3::int8)");

constexpr Statement kTsGetMaxAge(
    "ts_get_max_age",
    "SELECT max_age_us FROM ts_measurements "
    "WHERE namespace = $1::text AND digest = sha256($2::bytea) AND max_age_us IS NOT NULL");

constexpr Statement kTsSweep("ts_sweep", "SELECT done FROM ts_sweep() AS done WHERE done > 0");

constexpr Statement kTsDropPartitions("ts_drop",
                                      "SELECT done FROM ts_drop() AS done WHERE done > 0");

}  // namespace prism::postgres
