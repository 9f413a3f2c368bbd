#include "drivers/postgres/timeseries/tags.h"

#include <algorithm>
#include <map>

namespace prism::postgres {
namespace {

using namespace timeseries::v1;  // NOLINT

void AppendSized(std::string& key, std::string_view part) {
  const auto size = static_cast<uint32_t>(part.size());
  for (const int shift : {24, 16, 8, 0}) key += static_cast<char>(size >> shift & 0xff);
  key += part;
}

}  // namespace

std::string KeyOf(const SeriesTags& tags) {
  std::string key;
  for (const auto& [name, value] : tags) {
    AppendSized(key, name);
    AppendSized(key, value);
  }
  return key;
}

std::vector<std::string> KeysOf(const SeriesTags& tags) {
  std::vector<std::string> keys;
  for (const auto& tag : tags) keys.push_back(KeyOf({tag}));
  return keys;
}

SeriesTags TagsIn(const Rows& rows, int row, int column) {
  const std::vector<std::string_view> names = rows.Elements(row, column);
  const std::vector<std::string_view> values = rows.Elements(row, column + 1);
  SeriesTags tags;
  for (size_t i = 0; i < names.size(); ++i) tags.emplace_back(names[i], values[i]);
  return tags;
}

Writes WritesOf(const InsertRequest& request) {
  Writes writes;
  std::map<std::string, int64_t> measurements;
  std::map<std::pair<int64_t, std::string>, int64_t> series;
  std::map<std::pair<int64_t, int64_t>, double> points;  // by home and time
  for (const SeriesPoints& each : request.series()) {
    if (each.points().empty()) continue;
    const auto owner =
        measurements.try_emplace(each.measurement(), measurements.size() + 1).first->second;
    if (owner > static_cast<int64_t>(writes.measurements.size())) {
      writes.measurements.push_back(each.measurement());
    }
    std::string key = KeyOf(SortedTags(each.tags()));
    const auto [at, added] = series.try_emplace({owner, key}, series.size() + 1);
    if (added) {
      writes.keys.push_back(std::move(key));
      writes.owners.push_back(owner);
    }
    for (const Point& point : each.points()) {
      points[{at->second, point.time_unix_us()}] = point.value();
    }
  }
  for (const auto& [place, value] : points) {
    writes.homes.push_back(place.first);
    writes.times.push_back(place.second);
    writes.values.push_back(value);
  }
  return writes;
}

uint64_t CountExpired(const InsertRequest& request, const Writes& writes,
                      const std::vector<int64_t>& oldest) {
  uint64_t expired = 0;
  for (const SeriesPoints& each : request.series()) {
    const auto found =
        std::find(writes.measurements.begin(), writes.measurements.end(), each.measurement());
    const auto index = static_cast<size_t>(found - writes.measurements.begin());
    if (index >= oldest.size()) continue;
    expired += static_cast<uint64_t>(
        std::count_if(each.points().begin(), each.points().end(),
                      [&](const Point& point) { return point.time_unix_us() < oldest[index]; }));
  }
  return expired;
}

}  // namespace prism::postgres
