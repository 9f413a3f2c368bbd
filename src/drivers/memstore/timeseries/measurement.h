#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "drivers/contract/timeseries.h"
#include "drivers/memstore/budget.h"
#include "drivers/memstore/due_names.h"
#include "drivers/memstore/timeseries/series.h"

namespace prism::memstore {

// One text for one set of tags.
std::string KeyOfTags(const SeriesTags& tags);

// How far a walk over the series of a measurement has come. Whatever is removed or added
// meanwhile, going on from it meets what stayed exactly once.
struct SeriesPlace {
  std::string key;      // of the last series that was touched
  bool begun = false;   // there is such a series
  bool inside = false;  // it is not done: go on in it behind `time_us`
  int64_t time_us = 0;
};

// All series under one name. Every method but empty() needs the lock of the name.
class Measurement {
 public:
  struct Entry {
    std::string key;
    std::shared_ptr<const SeriesTags> tags;
    Series series;
    int64_t age_key = 0;  // its place in by_age_
  };
  // Series that a Visit passes before it lets others have the lock.
  static constexpr int kVisitsPerLock = 1000;

  Measurement() = default;
  ~Measurement();
  Measurement(const Measurement&) = delete;
  Measurement& operator=(const Measurement&) = delete;

  // Before anything else; RESOURCE_EXHAUSTED if there is no room for its name.
  Status Open(Budget& budget, DueNames& due, std::string_view name);
  bool empty() const { return all_.empty() && !max_age_us_; }

  // The most that inserting these can occupy; what Insert returns is what they did.
  static int64_t MostBytes(const SeriesTags& tags, size_t samples);
  int64_t Insert(const SeriesTags& tags, const std::vector<Sample>& samples, int64_t oldest_us);

  // Calls visit(const Entry&, std::optional<int64_t> after) -> bool for the series that match, from
  // `place` on; `after` is set in one that an earlier visit left inside. It returns true when it is
  // done with the series, else it says in `place` where to go on. True at the end of all series.
  template <class Visit>
  bool ForEach(const SeriesTags& filter, SeriesPlace& place, Visit&& visit) const {
    const Posting* posting = Narrowest(filter);
    if (!posting) return true;
    int visits = 0;
    auto at = place.begun ? (place.inside ? posting->lower_bound(place.key)
                                          : posting->upper_bound(place.key))
                          : posting->begin();
    for (; at != posting->end(); ++at) {
      if (visits++ == kVisitsPerLock) return false;
      const Entry& entry = *at->second;
      if (Matches(entry, filter)) {
        const bool resumed = place.inside && place.key == entry.key;
        if (!visit(entry, resumed ? std::optional(place.time_us) : std::nullopt)) return false;
      }
      place = {entry.key, true, false, 0};
    }
    return true;
  }

  void SetMaxAge(std::optional<int64_t> max_age_us) { max_age_us_ = max_age_us; }
  std::optional<int64_t> max_age_us() const { return max_age_us_; }
  // Points before it are not to be seen at `now_us`.
  int64_t OldestSeen(int64_t now_us) const {
    return max_age_us_ ? now_us - *max_age_us_ : INT64_MIN;
  }
  // When Drop may next find something, by the same clock; INT64_MAX if never.
  int64_t NextDrop() const;
  // Gives back at most about `max` chunks and series that have expired; how many.
  int Drop(int64_t now_us, int max);
  DueNames::Entry& due_entry() { return due_entry_; }

 private:
  using Posting = std::map<std::string_view, std::shared_ptr<Entry>>;

  static int64_t SeriesBytes(const SeriesTags& tags);
  static bool Matches(const Entry& entry, const SeriesTags& filter);
  const Posting* Narrowest(const SeriesTags& filter) const;
  std::shared_ptr<Entry> FindOrAdd(const SeriesTags& tags, int64_t time_us, int64_t& bytes);
  void Age(const std::shared_ptr<Entry>& entry, int64_t key);
  void Remove(const std::shared_ptr<Entry>& entry);

  Budget* budget_ = nullptr;
  DueNames::Entry due_entry_;
  std::optional<int64_t> max_age_us_;
  Posting all_;                            // by the series' keys
  std::map<std::string, Posting> by_tag_;  // the same by each single tag
  // Series by the time before which none of their chunks can be dropped; may be too early.
  std::set<std::pair<int64_t, Entry*>> by_age_;
  int64_t bytes_ = 0;
};

}  // namespace prism::memstore
