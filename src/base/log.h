#pragma once

#include <atomic>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"

namespace prism {

enum class LogLevel : uint8_t { kDebug, kInfo, kWarn, kError, kOff };
enum class LogFormat : uint8_t { kText, kJson };

// One key and its value. Refers to the caller's text; lives as long as the call to Log.
struct LogField {
  LogField(std::string_view key, std::string_view value) : key(key), value(value) {}
  LogField(std::string_view key, const char* value) : key(key), value(std::string_view(value)) {}
  LogField(std::string_view key, const std::string& value)
      : key(key), value(std::string_view(value)) {}
  LogField(std::string_view key, bool value) : key(key), value(value) {}
  LogField(std::string_view key, std::floating_point auto value)
      : key(key), value(static_cast<double>(value)) {}
  LogField(std::string_view key, std::signed_integral auto value)
      : key(key), value(static_cast<int64_t>(value)) {}
  template <std::unsigned_integral T>
  requires(!std::same_as<T, bool>) LogField(std::string_view key, T value)
      : key(key), value(static_cast<uint64_t>(value)) {}

  std::string_view key;
  std::variant<std::string_view, int64_t, uint64_t, double, bool> value;
};
using LogFields = std::initializer_list<LogField>;

namespace log_internal {
extern std::atomic<LogLevel> level;
void Write(LogLevel level, std::string_view message, LogFields fields);
}  // namespace log_internal

// Level and format of the whole process; may change at any time (a reload does).
void SetLogLevel(LogLevel level);
void SetLogFormat(LogFormat format);
// Sends finished lines (without newline) to `sink` in place of stderr; null restores stderr. For
// tests and tools; `sink` is called by one thread at a time.
void SetLogSink(std::function<void(std::string_view line)> sink);

inline bool LogEnabled(LogLevel level) {
  return level >= log_internal::level.load(std::memory_order_relaxed);
}

// Writes one line to stderr. Any thread. Blocks when stderr does, so it is for events, not for
// every request.
inline void Log(LogLevel level, std::string_view message, LogFields fields = {}) {
  if (LogEnabled(level)) log_internal::Write(level, message, fields);
}

// The line that Log writes, without newline: "<time> INFO  message key=value" or one JSON object.
// Bytes that would break a line or a terminal are escaped in both.
std::string FormatLogLine(LogFormat format, LogLevel level,
                          std::chrono::system_clock::time_point time, std::string_view message,
                          LogFields fields);

// Lets one event through per interval and counts the others, for warnings that a client can cause
// at will. Any thread.
class LogLimiter {
 public:
  explicit LogLimiter(Duration interval = std::chrono::seconds(10));

  // Empty: say nothing now. Otherwise the number of events kept back since the last one.
  std::optional<uint64_t> Admit(TimePoint now);

 private:
  const Duration::rep interval_;
  std::atomic<Duration::rep> next_{INT64_MIN};
  std::atomic<uint64_t> suppressed_{0};
};

}  // namespace prism
