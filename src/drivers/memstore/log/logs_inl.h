#pragma once

// How the parts of Logs get at a log. Included by logs.cc and log_groups.cc only.

#include "drivers/memstore/log/logs.h"

namespace prism::memstore {

// Calls fn(Log*, now), null if there is no such log.
template <class Fn>
auto Logs::With(std::string_view name, Fn&& fn) {
  return logs_.Look(name, [&](Log* log) {
    const TimePoint now = now_();
    if (!log || !log->exists) return fn(static_cast<Log*>(nullptr), now);
    log->Trim(now);
    struct Finally {
      Logs& logs;
      std::string_view name;
      Log& log;
      TimePoint now;
      ~Finally() { logs.Settle(name, log, now); }
    } finally{*this, name, *log, now};
    return fn(log, now);
  });
}

// Calls fn(Log&, now) -> Status with the log, made if need be.
template <class Fn>
Status Logs::Make(std::string_view name, Fn&& fn) {
  return logs_.Make(name, [&](Log& log) -> Status {
    const TimePoint now = now_();
    const bool fresh = !log.exists;
    if (fresh) PRISM_RETURN_IF_ERROR(Found(name, log));
    Status status = fn(log, now);
    if (fresh && !status.ok()) {
      TakeOut(name, log);
    } else {
      Settle(name, log, now);
    }
    return status;
  });
}

// Calls fn(Log*, LogGroup*, now), both null if there is no such group.
template <class Fn>
auto Logs::WithGroup(std::string_view name, std::string_view group, Fn&& fn) {
  return With(name, [&](Log* log, TimePoint now) {
    if (!log) return fn(nullptr, nullptr, now);
    const auto found = log->groups.find(group);
    if (found == log->groups.end()) return fn(nullptr, nullptr, now);
    return fn(log, &found->second, now);
  });
}

}  // namespace prism::memstore
