#include <algorithm>
#include <array>

#include "drivers/memstore/keyvalue/store.h"

namespace prism::memstore {
namespace {

// One shard's part of a merge: reads ahead a few rows at a time, under the lock for that long.
class Source {
 public:
  void Open(const Shard& shard, const KeyRange& range, RowContent content, TimePoint now,
            size_t read_ahead) {
    shard_ = &shard;
    range_ = range;
    content_ = content;
    now_ = now;
    read_ahead_ = read_ahead;
    Fill();
  }
  // Null at the end.
  Row* Head() { return at_ < rows_.size() ? &rows_[at_] : nullptr; }
  void Advance() {
    if (++at_ == rows_.size()) Fill();
  }

 private:
  void Fill() {
    rows_.clear();
    at_ = 0;
    while (more_ && rows_.empty()) {
      std::lock_guard lock(shard_->mutex());
      more_ = shard_->Page(range_, content_, now_, read_ahead_, rows_, resume_);
      range_.from = resume_;
      range_.after = true;
    }
  }

  const Shard* shard_ = nullptr;
  KeyRange range_;
  RowContent content_ = RowContent::kKeysAndValues;
  TimePoint now_;
  size_t read_ahead_ = 0;
  std::vector<Row> rows_;
  size_t at_ = 0;
  std::string resume_;
  bool more_ = true;
};

bool Later(Source* a, Source* b) { return a->Head()->key > b->Head()->key; }

}  // namespace

Store::Page Store::Scan(const KeyRange& range, RowContent content, size_t max_rows,
                        size_t max_bytes) const {
  // Twice a shard's fair share: reading ahead further is copying keys for nothing.
  const size_t read_ahead = std::clamp<size_t>(2 * max_rows / kShards, 2, 64);
  const TimePoint now = now_();
  std::array<Source, kShards> sources;
  std::vector<Source*> heap;  // the source with the lowest head in front
  for (int i = 0; i < kShards; ++i) {
    sources[i].Open(shards_[i], range, content, now, read_ahead);
    if (sources[i].Head()) heap.push_back(&sources[i]);
  }
  std::make_heap(heap.begin(), heap.end(), Later);
  Page page;
  size_t bytes = 0;
  while (!heap.empty() && page.rows.size() < max_rows) {
    Row& row = *heap.front()->Head();
    bytes += row.key.size() + row.value.size();
    if (bytes > max_bytes && !page.rows.empty()) break;
    std::pop_heap(heap.begin(), heap.end(), Later);  // before the key, which it compares, is moved
    page.rows.push_back(std::move(row));
    heap.back()->Advance();
    if (heap.back()->Head()) {
      std::push_heap(heap.begin(), heap.end(), Later);
    } else {
      heap.pop_back();
    }
  }
  page.more = !heap.empty();
  return page;
}

bool Store::Count(const KeyRange& range, size_t max_visited, CountProgress& progress) const {
  const TimePoint now = now_();
  for (size_t visited = 0; visited < max_visited; visited += Shard::kMaxVisited) {
    if (progress.shard == kShards) return true;
    KeyRange rest = range;
    if (progress.resumed) rest.from = progress.resume, rest.after = true;
    const Shard& shard = shards_[progress.shard];
    std::lock_guard lock(shard.mutex());
    progress.resumed = shard.Count(rest, now, progress.count, progress.resume);
    if (!progress.resumed) ++progress.shard;
  }
  return progress.shard == kShards;
}

}  // namespace prism::memstore
