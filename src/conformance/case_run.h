#pragma once

#include <set>
#include <source_location>
#include <string>
#include <vector>

#include "base/cancellation.h"
#include "base/clock.h"
#include "conformance/report.h"
#include "conformance/show.h"
#include "interfaces/interface_info.h"

namespace prism::grpc {
class Channel;
}

namespace prism::conformance {

// What the cases of a run share. Used on the run's worker.
struct Session {
  std::vector<grpc::Channel*> channels;
  std::string name_space;
  std::string other_namespace;  // empty: there is none
  std::set<const InterfaceInfo*> claimed;
  uint64_t max_message_bytes = uint64_t{16} << 20;  // what the gateway takes
  std::string run_id;                               // makes names unlike those of other runs
  size_t next_channel = 0;
  int names = 0;

  grpc::Channel& NextChannel() { return *channels[next_channel++ % channels.size()]; }
};

// Something that a case made and its suite's `clean` is to remove.
struct Noted {
  std::string_view name_space;
  std::string name;
  auto operator<=>(const Noted&) const = default;
};

// One case under way.
struct CaseRun {
  static constexpr size_t kMaxFailures = 20;

  Session& session;
  const InterfaceInfo& interface;
  TimePoint deadline;
  std::vector<Failure>& failures;
  std::vector<Noted> noted{};
  Cancellation cancellation{};
  std::string skipped_because{};  // what the case found missing; empty: nothing

  // Those beyond kMaxFailures are not kept.
  void Fail(const std::source_location& where, std::string message);
};

}  // namespace prism::conformance
