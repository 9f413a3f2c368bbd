#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace prism {

// One key of a backend's settings as written in the configuration.
struct Setting {
  std::string key;
  std::string value;
  int line = 0;  // in `Settings::file`; 0 if unknown
};

// What a configured backend says to its driver, in the order of the file.
struct Settings {
  std::string backend;  // the backend's name in the configuration
  std::string file;
  std::vector<Setting> values;
};

// Reads settings and remembers every fault instead of stopping at the first:
//
//   SettingsReader reader(settings);
//   const int64_t max_bytes = reader.Bytes("max_bytes", 1 << 30, 1 << 20, kMaxBytes);
//   PRISM_RETURN_IF_ERROR(reader.Finish());
class SettingsReader {
 public:
  explicit SettingsReader(const Settings& settings) : settings_(settings) {}

  // The value of `key`, or `fallback` if it is not set or faulty. Bounds are inclusive.
  std::string String(std::string_view key, std::string_view fallback);
  int64_t Integer(std::string_view key, int64_t fallback, int64_t min, int64_t max);
  int64_t Bytes(std::string_view key, int64_t fallback, int64_t min, int64_t max);
  bool Bool(std::string_view key, bool fallback);

  // INVALID_ARGUMENT with one line per fault: bad values, keys given twice, and keys that no read
  // asked for, with the nearest known one.
  Status Finish();

 private:
  const Setting* Find(std::string_view key);
  void Fault(const Setting& setting, std::string_view text);
  int64_t Within(const Setting& setting, int64_t value, int64_t fallback, int64_t min, int64_t max);

  const Settings& settings_;
  std::vector<std::string> known_;
  std::string faults_;
};

// "4096", "64KiB", "64MiB", "1GiB", "2TiB", or with B, kB, MB, GB, TB for powers of ten.
Result<int64_t> ParseBytes(std::string_view text);

}  // namespace prism
