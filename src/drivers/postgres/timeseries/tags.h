#pragma once

#include <string>
#include <vector>

#include "drivers/contract/timeseries.h"
#include "drivers/postgres/rows.h"

namespace prism::postgres {

// A set of tags as one text, as ts_key in schema.cc writes it.
std::string KeyOf(const SeriesTags& tags);
// Each tag alone.
std::vector<std::string> KeysOf(const SeriesTags& tags);

// The tags of a row that has their names in a column and their values in the next.
SeriesTags TagsIn(const Rows& rows, int row, int column);

// What a request has to store, as ts_insert takes it: everything once, indexes from 1.
struct Writes {
  std::vector<std::string> measurements;
  std::vector<std::string> keys;
  std::vector<int64_t> owners;  // of keys
  std::vector<int64_t> homes;   // of points
  std::vector<int64_t> times;
  std::vector<double> values;
};
// Of points of one series and time the last one stays.
Writes WritesOf(const timeseries::v1::InsertRequest& request);
// How many of the points are older than `oldest` of their measurement.
uint64_t CountExpired(const timeseries::v1::InsertRequest& request, const Writes& writes,
                      const std::vector<int64_t>& oldest);

}  // namespace prism::postgres
