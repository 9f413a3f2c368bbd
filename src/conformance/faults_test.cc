// Tests the tests: each known way of breaking a contract must make the suite fail, in the case that
// is about it.

#include "conformance/testing/faults.h"

#include <google/protobuf/stubs/logging.h>
#include <gtest/gtest.h>

#include <set>
#include <string_view>

#include "conformance/conformance.h"
#include "conformance/registry.h"

namespace prism::conformance {
namespace {

using testing::Fault;

Report RunOn(std::string_view driver, std::string_view backend, Selection selection) {
  google::protobuf::SetLogHandler(nullptr);
  Config config = EmbeddedConfig();
  config.backends[0].driver = driver;
  config.backends[0].settings.backend = backend;
  for (NamespaceConfig& name_space : config.namespaces) name_space.backend = backend;
  RunRequest request;
  request.place = std::move(config);
  request.name_space = kEmbeddedNamespace;
  request.other_namespace = kEmbeddedOther;
  request.selection = std::move(selection);
  Result<Report> report = RunSuites(request, AllSuites());
  EXPECT_TRUE(report.ok()) << report.status().ToString();
  return report.ok() ? *std::move(report) : Report();
}

Selection Only(std::string_view interface, std::string_view name) {
  Selection selection;
  selection.interfaces = {std::string(interface)};
  selection.cases = {std::string(name)};
  selection.case_timeout = std::chrono::seconds(10);
  return selection;
}

std::string FailuresOf(const Report& report) {
  std::string text;
  for (const InterfaceReport& interface : report.interfaces) {
    for (const CaseReport& one : interface.cases) {
      for (const Failure& failure : one.failures) {
        text += interface.name + "." + one.name + ": " + failure.file + ":" +
                std::to_string(failure.line) + ": " + failure.message + "\n";
      }
    }
  }
  return text;
}

// A race that a fault opens is not met in every run, least of all on a busy machine.
constexpr int kTries = 20;

void ExpectAllCaught(std::span<const Fault> faults) {
  for (const Fault& fault : faults) {
    bool caught = false;
    for (int i = 0; i < kTries && !caught; ++i) {
      const Report report =
          RunOn(testing::kFaultyDriver, fault.name, Only(fault.interface, fault.caught_by));
      ASSERT_EQ(report.counts().total, 1u) << fault.name << ": no case " << fault.caught_by;
      caught = report.counts().failed == 1;
    }
    EXPECT_TRUE(caught) << fault.caught_by << " does not notice " << fault.name;
  }
}

class FaultsOf : public ::testing::TestWithParam<testing::FaultGroup> {};

TEST_P(FaultsOf, AreCaught) { ExpectAllCaught(GetParam().faults); }

INSTANTIATE_TEST_SUITE_P(, FaultsOf, ::testing::ValuesIn(testing::AllFaults()),
                         [](const auto& group) { return std::string(group.param.name); });

// A backend is found by its fault's name alone.
TEST(Faults, HaveNamesOfTheirOwn) {
  std::set<std::string_view> names;
  for (const testing::FaultGroup& group : testing::AllFaults()) {
    for (const Fault& fault : group.faults)
      EXPECT_TRUE(names.insert(fault.name).second) << fault.name;
  }
}

TEST(Faults, WithoutOneAllPass) {
  const Report report = RunOn(testing::kFaultyDriver, "none", {});
  EXPECT_GT(report.counts().passed, 100u);
  EXPECT_EQ(report.counts().skipped, 0u);
  EXPECT_EQ(FailuresOf(report), "");
}

TEST(Faults, MeetingNamespacesAreCaught) {
  for (const auto& [interface, name] :
       {std::pair("keyvalue_basic", "namespaces_never_meet"),
        std::pair("keyvalue_scan", "other_namespaces_are_not_scanned"),
        std::pair("keyvalue_transactional", "ids_of_other_namespaces_are_refused"),
        std::pair("document_basic", "namespaces_never_meet"),
        std::pair("document_indexing", "other_collections_have_their_own"),
        std::pair("document_query", "other_collections_are_not_searched"),
        std::pair("graph_analytics", "other_namespaces_have_their_ways"),
        std::pair("graph_basic", "namespaces_never_meet"),
        std::pair("graph_query", "other_namespaces_are_not_queried"),
        std::pair("graph_traversal", "other_namespaces_are_not_walked"),
        std::pair("list_basic", "namespaces_never_meet"),
        std::pair("list_blocking", "other_namespaces_serve_nobody"),
        std::pair("list_indexing", "other_namespaces_are_not_touched"),
        std::pair("list_range", "other_namespaces_are_not_trimmed"),
        std::pair("object_basic", "namespaces_never_meet"),
        std::pair("pubsub_basic", "namespaces_never_meet"),
        std::pair("pubsub_filtering", "namespaces_never_meet"),
        std::pair("pubsub_ordering", "namespaces_never_meet"),
        std::pair("pubsub_persistent", "durables_of_other_namespaces_differ"),
        std::pair("pubsub_wildcards", "other_namespaces_do_not_match"),
        std::pair("queue_basic", "namespaces_never_meet"),
        std::pair("queue_dead_letter", "namespaces_never_meet"),
        std::pair("queue_delayed", "namespaces_never_meet"),
        std::pair("queue_priority", "namespaces_never_meet"),
        std::pair("queue_visibility", "receipts_of_other_namespaces_are_void"),
        std::pair("set_basic", "namespaces_never_meet"),
        std::pair("set_cardinality", "other_namespaces_do_not_count"),
        std::pair("set_operations", "other_namespaces_do_not_count"),
        std::pair("set_random", "other_namespaces_are_left_alone"),
        std::pair("sortedset_basic", "namespaces_never_meet"),
        std::pair("sortedset_lex", "other_namespaces_have_their_members"),
        std::pair("sortedset_operations", "sources_are_of_the_namespace"),
        std::pair("sortedset_range", "other_namespaces_have_their_ranges"),
        std::pair("sortedset_rank", "other_namespaces_have_their_places"),
        std::pair("stream_basic", "namespaces_never_meet"),
        std::pair("stream_consumer_groups", "groups_of_namespaces_never_meet"),
        std::pair("stream_partitioning", "partitions_stay_in_their_namespace"),
        std::pair("stream_replay", "replay_stays_in_its_namespace"),
        std::pair("stream_retention", "retention_stays_in_its_namespace"),
        std::pair("timeseries_aggregation", "namespaces_never_meet"),
        std::pair("timeseries_basic", "namespaces_never_meet"),
        std::pair("timeseries_interpolation", "other_namespaces_are_not_seen"),
        std::pair("timeseries_retention", "retentions_never_meet")}) {
    const Report report = RunOn(testing::kFaultyDriver, "one_namespace", Only(interface, name));
    EXPECT_EQ(report.counts().failed, 1u) << name;
  }
}

TEST(Faults, AnInterfaceThatIsNotClaimedMustBeRefused) {
  Selection selection;
  selection.interfaces = {"keyvalue_cas"};
  const Report report = RunOn(testing::kOverservingDriver, "overserving", selection);
  ASSERT_EQ(report.interfaces.size(), 1u);
  EXPECT_FALSE(report.interfaces[0].claimed);
  EXPECT_EQ(report.interfaces[0].cases[0].name, "every_method_is_unimplemented");
  EXPECT_EQ(report.interfaces[0].cases[0].outcome, Outcome::kFailed);
}

TEST(Faults, AnInterfaceThatIsRefusedAsItShouldPasses) {
  Selection selection;
  selection.interfaces = {"keyvalue_*"};
  const Report report = RunOn(testing::kPartialDriver, "missing", selection);
  EXPECT_EQ(FailuresOf(report), "");
  for (const InterfaceReport& interface : report.interfaces) {
    EXPECT_EQ(interface.claimed, interface.name != "keyvalue_batch") << interface.name;
    EXPECT_GE(interface.counts().passed, 3u) << interface.name;
  }
  ASSERT_EQ(report.counts().skipped, 1u) << "the case that needs keyvalue_batch";
}

TEST(Faults, AnInterfaceThatIsClaimedMustBeThere) {
  Selection selection;
  selection.interfaces = {"keyvalue_batch"};
  const Report report = RunOn(testing::kFaultyDriver, "missing", selection);
  ASSERT_EQ(report.interfaces.size(), 1u);
  EXPECT_TRUE(report.interfaces[0].claimed);
  EXPECT_EQ(report.counts().failed + 2, report.counts().total)
      << "all fail but those about namespaces";
}

}  // namespace
}  // namespace prism::conformance
