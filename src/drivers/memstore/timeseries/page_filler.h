#pragma once

#include "drivers/memstore/timeseries/timeseries.h"

namespace prism::memstore {

// Fills a page with points and knows when it is full.
class PageFiller {
 public:
  PageFiller(SeriesPage& page, size_t max_points, size_t name_bytes)
      : page_(page), left_(max_points), name_bytes_(name_bytes) {}

  void Begin(const Measurement::Entry& entry) {
    entry_ = &entry;
    run_ = nullptr;
  }
  // False, with nothing added, if the point does not fit.
  bool Add(const Sample& sample) {
    if (left_ == 0) return false;
    const size_t cost = kPointBytes + (run_ ? 0 : BytesOf(*entry_->tags) + name_bytes_);
    if (bytes_ > 0 && bytes_ + cost > TimeSeries::kMaxPageBytes) return false;
    if (!run_) {
      page_.runs.push_back({entry_->tags, {}});
      run_ = &page_.runs.back();
    }
    run_->samples.push_back(sample);
    bytes_ += cost;
    --left_;
    return true;
  }

 private:
  static constexpr size_t kPointBytes = 20;  // in an answer

  static size_t BytesOf(const SeriesTags& tags) {
    size_t bytes = 16;
    for (const auto& [name, value] : tags) bytes += name.size() + value.size() + 8;
    return bytes;
  }

  SeriesPage& page_;
  size_t left_;
  const size_t name_bytes_;
  size_t bytes_ = 0;
  const Measurement::Entry* entry_ = nullptr;
  SeriesRun* run_ = nullptr;
};

}  // namespace prism::memstore
