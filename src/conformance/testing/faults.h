#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "interfaces/backend.h"

// Backends that break a contract in one way each: what the suites must notice.
namespace prism::conformance::testing {

// Stands in front of a MemStore for those interfaces that Find knows.
class Part {
 public:
  virtual ~Part() = default;
  virtual void* Find(const InterfaceInfo& info) = 0;
};

// One wrong implementation in place of the right one.
template <class Fake, class Interface>
class Replaced final : public Part {
 public:
  explicit Replaced(Backend& real) : fake_(real) {}
  void* Find(const InterfaceInfo& info) override {
    return &info == &Interface::Info() ? static_cast<Interface*>(&fake_) : nullptr;
  }

 private:
  Fake fake_;
};

template <class Fake, class Interface>
std::unique_ptr<Part> Replace(Backend& real) {
  return std::make_unique<Replaced<Fake, Interface>>(real);
}

struct Fault {
  std::string_view name;  // also of its backend
  std::string_view interface;
  std::string_view caught_by;  // a case of that interface's suite
  std::unique_ptr<Part> (*make)(Backend& real);
};

// Every fault, in groups of the files that define them.
struct FaultGroup {
  std::string_view name;  // a word for the name of a test: "TimeSeries"
  std::span<const Fault> faults;
};
std::span<const FaultGroup> AllFaults();

std::span<const Fault> BasicFaults();
std::span<const Fault> TtlFaults();
std::span<const Fault> CasFaults();
std::span<const Fault> BatchFaults();
std::span<const Fault> ScanFaults();
std::span<const Fault> TransactionalFaults();
std::span<const Fault> ListFaults();
std::span<const Fault> SortedSetFaults();       // of basic and rank
std::span<const Fault> SortedSetRangeFaults();  // and of lex
std::span<const Fault> SortedSetOperationFaults();
std::span<const Fault> QueueFaults();
std::span<const Fault> ReceiptFaults();
std::span<const Fault> StreamFaults();
std::span<const Fault> PubSubFaults();
std::span<const Fault> PubSubKeptFaults();
std::span<const Fault> ObjectFaults();
std::span<const Fault> SetFaults();
std::span<const Fault> DocumentFaults();
std::span<const Fault> TimeSeriesFaults();
// Of the other interfaces of the model, that compute.
std::span<const Fault> DerivedSeriesFaults();
std::span<const Fault> GraphFaults();      // of graph_basic's writes and reads of elements
std::span<const Fault> GraphEdgeFaults();  // of its listing
std::span<const Fault> GraphTraversalFaults();
std::span<const Fault> GraphQueryFaults();
std::span<const Fault> GraphAnalyticsFaults();

// Opens a MemStore with the fault that the backend is named after. Some names are no Fault: that of
// "none" has none, the namespaces of "one_namespace" are all the same, "missing" lacks
// keyvalue_batch.
inline constexpr std::string_view kFaultyDriver = "faulty";
// Whose backends serve keyvalue_cas without claiming it.
inline constexpr std::string_view kOverservingDriver = "overserving";
// As the faulty one, without claiming keyvalue_batch.
inline constexpr std::string_view kPartialDriver = "partial";

}  // namespace prism::conformance::testing
