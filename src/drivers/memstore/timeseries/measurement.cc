#include "drivers/memstore/timeseries/measurement.h"

#include <algorithm>

namespace prism::memstore {
namespace {

void AppendSized(std::string& text, std::string_view part) {
  text += std::to_string(part.size());
  text += ':';
  text += part;
}

std::string KeyOfTag(const std::pair<std::string, std::string>& tag) {
  std::string key;
  AppendSized(key, tag.first);
  AppendSized(key, tag.second);
  return key;
}

}  // namespace

std::string KeyOfTags(const SeriesTags& tags) {
  std::string key;
  for (const auto& tag : tags) key += KeyOfTag(tag);
  return key;
}

Measurement::~Measurement() {
  if (!due_entry_.opened()) return;
  budget_->Release(bytes_ + DueNames::Entry::CostBytes(due_entry_.name()));
}

Status Measurement::Open(Budget& budget, DueNames& due, std::string_view name) {
  if (due_entry_.opened()) return OkStatus();
  const int64_t cost = DueNames::Entry::CostBytes(name);
  if (!budget.Charge(cost)) return budget.Exceeded(cost);
  budget_ = &budget;
  due_entry_.Open(due, name);
  return OkStatus();
}

int64_t Measurement::SeriesBytes(const SeriesTags& tags) {
  // The entry with its places in the orders; its key and tags; per tag a place in that tag's order
  // and, for simplicity of each, the order itself.
  constexpr int64_t kFixed = sizeof(Entry) + sizeof(SeriesTags) + 320;
  constexpr int64_t kPerTag = sizeof(SeriesTags::value_type) + sizeof(Posting) + 240;
  int64_t text = 0;
  for (const auto& [name, value] : tags) text += static_cast<int64_t>(name.size() + value.size());
  return kFixed + kPerTag * static_cast<int64_t>(tags.size()) + 3 * text;
}

int64_t Measurement::MostBytes(const SeriesTags& tags, size_t samples) {
  return SeriesBytes(tags) + Series::kSampleBytes * static_cast<int64_t>(samples);
}

int64_t Measurement::Insert(const SeriesTags& tags, const std::vector<Sample>& samples,
                            int64_t oldest_us) {
  int64_t bytes = 0;
  std::shared_ptr<Entry> entry;
  for (const Sample& sample : samples) {
    if (sample.time_us < oldest_us) continue;
    if (!entry) entry = FindOrAdd(tags, sample.time_us, bytes);
    if (entry->series.Insert(sample)) bytes += Series::kSampleBytes;
    if (sample.time_us < entry->age_key) Age(entry, sample.time_us);
  }
  bytes_ += bytes;
  return bytes;
}

std::shared_ptr<Measurement::Entry> Measurement::FindOrAdd(const SeriesTags& tags, int64_t time_us,
                                                           int64_t& bytes) {
  std::string key = KeyOfTags(tags);
  const auto found = all_.find(key);
  if (found != all_.end()) return found->second;
  auto entry = std::make_shared<Entry>();
  entry->key = std::move(key);
  entry->tags = std::make_shared<const SeriesTags>(tags);
  entry->age_key = time_us;
  all_.emplace(entry->key, entry);
  by_age_.emplace(time_us, entry.get());
  for (const auto& tag : tags) by_tag_[KeyOfTag(tag)].emplace(entry->key, entry);
  bytes += SeriesBytes(tags);
  return entry;
}

void Measurement::Age(const std::shared_ptr<Entry>& entry, int64_t key) {
  by_age_.erase({entry->age_key, entry.get()});
  entry->age_key = key;
  by_age_.emplace(key, entry.get());
}

void Measurement::Remove(const std::shared_ptr<Entry>& entry) {
  by_age_.erase({entry->age_key, entry.get()});
  for (const auto& tag : *entry->tags) {
    const auto posting = by_tag_.find(KeyOfTag(tag));
    posting->second.erase(entry->key);
    if (posting->second.empty()) by_tag_.erase(posting);
  }
  all_.erase(entry->key);
}

bool Measurement::Matches(const Entry& entry, const SeriesTags& filter) {
  return std::includes(entry.tags->begin(), entry.tags->end(), filter.begin(), filter.end());
}

// The smallest set that holds every series that matches; null if none does.
const Measurement::Posting* Measurement::Narrowest(const SeriesTags& filter) const {
  const Posting* narrowest = &all_;
  for (const auto& tag : filter) {
    const auto posting = by_tag_.find(KeyOfTag(tag));
    if (posting == by_tag_.end()) return nullptr;
    if (posting->second.size() < narrowest->size()) narrowest = &posting->second;
  }
  return narrowest;
}

int64_t Measurement::NextDrop() const {
  if (!max_age_us_ || by_age_.empty()) return INT64_MAX;
  return by_age_.begin()->first + *max_age_us_ + 1;
}

int Measurement::Drop(int64_t now_us, int max) {
  const int64_t oldest_us = OldestSeen(now_us);
  int left = max;
  while (left > 0 && NextDrop() <= now_us) {
    const std::shared_ptr<Entry> entry = all_.find(by_age_.begin()->second->key)->second;
    --left;
    int64_t freed =
        Series::kSampleBytes * static_cast<int64_t>(entry->series.DropBefore(oldest_us, left));
    if (entry->series.empty()) {
      freed += SeriesBytes(*entry->tags);
      Remove(entry);
    } else {
      Age(entry, entry->series.first_chunk_end());
    }
    bytes_ -= freed;
    budget_->Release(freed);
  }
  return max - left;
}

}  // namespace prism::memstore
