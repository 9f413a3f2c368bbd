#include "base/log.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <cmath>
#include <iterator>
#include <memory>
#include <mutex>
#include <utility>

#include "base/utf8.h"

namespace prism {
namespace {

using Out = fmt::memory_buffer;

std::atomic<LogFormat> log_format{LogFormat::kText};

void Put(Out& out, std::string_view text) { out.append(text.data(), text.data() + text.size()); }

std::string_view LevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarn:
      return "warn";
    default:
      return "error";
  }
}

std::string_view PaddedLevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "DEBUG";
    case LogLevel::kInfo:
      return "INFO ";
    case LogLevel::kWarn:
      return "WARN ";
    default:
      return "ERROR";
  }
}

void PutTime(Out& out, std::chrono::system_clock::time_point time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(time - seconds).count();
  fmt::format_to(std::back_inserter(out), "{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                 fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)), millis);
}

// Valid as the inside of a JSON string. Ill-formed UTF-8 becomes the replacement character.
void PutEscaped(Out& out, std::string_view text) {
  while (!text.empty()) {
    const unsigned char c = text[0];
    size_t length = Utf8CharLength(text);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(text[0]);
    } else if (c == '\n') {
      Put(out, "\\n");
    } else if (c == '\t') {
      Put(out, "\\t");
    } else if (c == '\r') {
      Put(out, "\\r");
    } else if (c < 0x20 || c == 0x7F) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", c);
    } else if (length == 0) {
      Put(out, "\\ufffd");
      length = 1;
    } else if (length == 2 && c == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0) {
      // C1 controls move the cursor of some terminals.
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(text[1]));
    } else {
      Put(out, text.substr(0, length));
    }
    text.remove_prefix(length);
  }
}

void PutQuoted(Out& out, std::string_view text) {
  out.push_back('"');
  PutEscaped(out, text);
  out.push_back('"');
}

// Text that needs no quotes to be told from its neighbours.
bool IsBareWord(std::string_view text) {
  for (const char c : text) {
    if (c <= ' ' || c >= 0x7F || c == '"' || c == '=' || c == '\\') return false;
  }
  return !text.empty();
}

void PutValue(Out& out, std::string_view value, LogFormat format) {
  if (format == LogFormat::kText && IsBareWord(value)) {
    Put(out, value);
  } else {
    PutQuoted(out, value);
  }
}

void PutValue(Out& out, bool value, LogFormat) { Put(out, value ? "true" : "false"); }

void PutValue(Out& out, double value, LogFormat format) {
  // JSON has no number for these.
  if (format == LogFormat::kJson && !std::isfinite(value)) return Put(out, "null");
  fmt::format_to(std::back_inserter(out), "{}", value);
}

template <std::integral T>
void PutValue(Out& out, T value, LogFormat) {
  fmt::format_to(std::back_inserter(out), "{}", value);
}

void PutValue(Out& out, const LogField& field, LogFormat format) {
  std::visit([&](auto value) { PutValue(out, value, format); }, field.value);
}

void PutText(Out& out, LogLevel level, std::chrono::system_clock::time_point time,
             std::string_view message, LogFields fields) {
  PutTime(out, time);
  out.push_back(' ');
  Put(out, PaddedLevelName(level));
  out.push_back(' ');
  PutEscaped(out, message);
  for (const LogField& field : fields) {
    out.push_back(' ');
    PutValue(out, field.key, LogFormat::kText);
    out.push_back('=');
    PutValue(out, field, LogFormat::kText);
  }
}

void PutJson(Out& out, LogLevel level, std::chrono::system_clock::time_point time,
             std::string_view message, LogFields fields) {
  Put(out, "{\"time\":\"");
  PutTime(out, time);
  Put(out, "\",\"level\":\"");
  Put(out, LevelName(level));
  Put(out, "\",\"message\":");
  PutQuoted(out, message);
  for (const LogField& field : fields) {
    out.push_back(',');
    PutQuoted(out, field.key);
    out.push_back(':');
    PutValue(out, field, LogFormat::kJson);
  }
  out.push_back('}');
}

void PutLine(Out& out, LogFormat format, LogLevel level, std::chrono::system_clock::time_point time,
             std::string_view message, LogFields fields) {
  const auto put = format == LogFormat::kJson ? PutJson : PutText;
  put(out, level, time, message, fields);
}

// Where lines go: a replaceable function, else spdlog's stderr sink.
struct Output {
  Output() : logger("prism", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    logger.set_formatter(
        std::make_unique<spdlog::pattern_formatter>("%v", spdlog::pattern_time_type::utc));
    logger.set_level(spdlog::level::trace);
  }
  spdlog::logger logger;
  std::atomic<bool> has_sink{false};
  std::mutex mutex;
  std::function<void(std::string_view)> sink;
};

// Never destroyed: threads may log until the process is gone.
Output& TheOutput() {
  static Output& output = *new Output;
  return output;
}

}  // namespace

namespace log_internal {

std::atomic<LogLevel> level{LogLevel::kInfo};

void Write(LogLevel level, std::string_view message, LogFields fields) {
  Out line;
  PutLine(line, log_format.load(std::memory_order_relaxed), level, std::chrono::system_clock::now(),
          message, fields);
  const std::string_view text(line.data(), line.size());
  Output& output = TheOutput();
  if (output.has_sink.load(std::memory_order_acquire)) {
    std::lock_guard lock(output.mutex);
    if (output.sink) return output.sink(text);
  }
  output.logger.log(spdlog::level::info, spdlog::string_view_t(text.data(), text.size()));
}

}  // namespace log_internal

void SetLogLevel(LogLevel level) { log_internal::level.store(level, std::memory_order_relaxed); }

void SetLogFormat(LogFormat format) { log_format.store(format, std::memory_order_relaxed); }

void SetLogSink(std::function<void(std::string_view line)> sink) {
  Output& output = TheOutput();
  std::lock_guard lock(output.mutex);
  output.has_sink.store(sink != nullptr, std::memory_order_release);
  output.sink = std::move(sink);
}

std::string FormatLogLine(LogFormat format, LogLevel level,
                          std::chrono::system_clock::time_point time, std::string_view message,
                          LogFields fields) {
  Out line;
  PutLine(line, format, level, time, message, fields);
  return std::string(line.data(), line.size());
}

LogLimiter::LogLimiter(Duration interval) : interval_(interval.count()) {}

std::optional<uint64_t> LogLimiter::Admit(TimePoint now) {
  const Duration::rep at = now.time_since_epoch().count();
  Duration::rep next = next_.load(std::memory_order_relaxed);
  if (at >= next &&
      next_.compare_exchange_strong(next, at + interval_, std::memory_order_relaxed)) {
    return suppressed_.exchange(0, std::memory_order_relaxed);
  }
  suppressed_.fetch_add(1, std::memory_order_relaxed);
  return std::nullopt;
}

}  // namespace prism
