#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "drivers/memstore/document/source.h"

namespace prism::memstore {
namespace {

class DocumentConcurrencyTest : public ::testing::Test {
 protected:
  static Documents::Decide PutJson(const std::string& json) {
    return [json](const StoredDocument*) -> Result<DocumentChange> {
      return DocumentChange{DocumentChange::kPut, *Json::Parse(json)};
    };
  }
  static Result<DocumentChange> Erase(const StoredDocument* current) {
    DocumentChange change;
    if (current) change.kind = DocumentChange::kErase;
    return change;
  }
  static std::shared_ptr<const IndexSpec> Spec(const std::string& field, bool unique) {
    auto spec = std::make_shared<IndexSpec>();
    *spec = {field, {field}, {{field}}, unique};
    return spec;
  }
  // What CreateIndex does.
  Status Build(const std::shared_ptr<const IndexSpec>& spec) {
    const Result<bool> begun = documents_.BeginIndex("c", spec);
    if (!begun.ok()) return begun.status();
    std::optional<std::string> after;
    while (true) {
      const auto slice = documents_.ScanById("c", after ? &*after : nullptr);
      if (slice.empty()) break;
      PRISM_RETURN_IF_ERROR(documents_.AddToIndex("c", *spec, slice));
      after = slice.back()->id;
    }
    documents_.FinishIndex("c", *spec);
    return OkStatus();
  }

  std::shared_ptr<Budget> budget_ = std::make_shared<Budget>("mem", int64_t{1} << 28);
  Documents documents_{budget_, &Clock::now};
};

// Merges of different members into one document: none is lost.
TEST_F(DocumentConcurrencyTest, NoUpdateIsLost) {
  constexpr int kEach = 400;
  ASSERT_TRUE(documents_.Write("c", "a", PutJson("{}")).ok());
  const auto work = [this](const std::string& prefix) {
    for (int i = 0; i < kEach; ++i) {
      const Json patch = *Json::Parse("{\"" + prefix + std::to_string(i) + "\":1}");
      const auto merge = [&](const StoredDocument* current) -> Result<DocumentChange> {
        return DocumentChange{DocumentChange::kPut, *current->json.Merged(patch)};
      };
      EXPECT_TRUE(documents_.Write("c", "a", merge).ok());
    }
  };
  std::thread one(work, "x"), two(work, "y");
  one.join();
  two.join();
  const DocumentPtr document = documents_.Get("c", "a");
  for (int i = 0; i < kEach; ++i) {
    EXPECT_EQ(document->json.First({"x" + std::to_string(i)}).integer, 1);
    EXPECT_EQ(document->json.First({"y" + std::to_string(i)}).integer, 1);
  }
}

// Threads race for the same values; a unique index lets each value go to one document.
TEST_F(DocumentConcurrencyTest, UniqueHoldsAgainstRaces) {
  constexpr int kValues = 500;
  ASSERT_TRUE(Build(Spec("v", true)).ok());
  std::atomic<int> stored{0};
  const auto work = [&](const std::string& prefix) {
    for (int i = 0; i < kValues; ++i) {
      const std::string json = "{\"v\":" + std::to_string(i) + "}";
      stored += documents_.Write("c", prefix + std::to_string(i), PutJson(json)).ok();
    }
  };
  std::thread one(work, "a"), two(work, "b"), three(work, "c");
  one.join();
  two.join();
  three.join();
  EXPECT_EQ(stored, kValues);
}

// While documents come, change and go, an index is built and dropped, over and over. When all are
// still, it has exactly what is there, and the budget what is kept.
TEST_F(DocumentConcurrencyTest, IndexesFollowWritesWhileTheyAreBuilt) {
  constexpr int kIds = 700;
  std::atomic<bool> stop{false};
  const auto work = [&](unsigned seed) {
    for (unsigned i = seed; !stop; i = i * 1664525 + 1013904223) {
      const std::string id = std::to_string((i >> 8) % kIds);
      const std::string json = "{\"v\":" + std::to_string((i >> 20) % 50) + "}";
      const bool erase = (i >> 4) % 4 == 0;
      const auto written =
          erase ? documents_.Write("c", id, &Erase) : documents_.Write("c", id, PutJson(json));
      EXPECT_TRUE(written.ok());
    }
  };
  std::thread one(work, 1), two(work, 2);
  for (int round = 0; round < 30; ++round) {
    EXPECT_TRUE(Build(Spec("v", false)).ok());
    if (round < 29) {
      EXPECT_NE(documents_.DropIndex("c", "v"), nullptr);
    }
  }
  stop = true;
  one.join();
  two.join();
  size_t documents = 0, entries = 0;
  DocumentPlan all;
  DocumentSource by_id(documents_, "c", all, nullptr);
  for (auto slice = by_id.Next(); !slice.empty(); slice = by_id.Next()) documents += slice.size();
  const DocumentPlan indexed{documents_.UsableIndexes("c")[0].spec, "", "\xff", false, true};
  DocumentSource by_value(documents_, "c", indexed, nullptr);
  int64_t last = -1;
  for (auto slice = by_value.Next(); !slice.empty(); slice = by_value.Next()) {
    entries += slice.size();
    for (const DocumentPtr& document : slice) {
      EXPECT_LE(last, document->json.First({"v"}).integer);
      last = document->json.First({"v"}).integer;
      EXPECT_EQ(documents_.Get("c", document->id), document);
    }
  }
  EXPECT_EQ(entries, documents);
  documents_.DropIndex("c", "v");
  for (int i = 0; i < kIds; ++i) {
    EXPECT_TRUE(documents_.Write("c", std::to_string(i), &Erase).ok());
  }
  EXPECT_EQ(budget_->used_bytes(), 0);
}

// A query that loses its index half way still finds everything once, or starts anew and says so.
TEST_F(DocumentConcurrencyTest, ASourceOutlivesItsIndex) {
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(documents_.Write("c", std::to_string(i), PutJson("{\"v\":1}")).ok());
  }
  for (const bool by_id : {true, false}) {
    ASSERT_TRUE(Build(Spec("v", false)).ok());
    const auto spec = documents_.UsableIndexes("c")[0].spec;
    DocumentSource source(documents_, "c", {spec, "", "\xff", by_id, true}, nullptr);
    const size_t first = source.Next().size();
    EXPECT_GT(first, 0u);
    documents_.DropIndex("c", *spec);
    size_t rest = 0;
    for (auto slice = source.Next(); !slice.empty(); slice = source.Next()) rest += slice.size();
    EXPECT_EQ(source.TakeRestarted(), !by_id);
    EXPECT_EQ(rest, by_id ? 1000 - first : 1000);
  }
}

}  // namespace
}  // namespace prism::memstore
