#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "drivers/contract/interpolation.h"

namespace prism::memstore {

// The points of one series by time, in sorted chunks: appending costs a push_back, and a point that
// comes late moves at most a chunk.
class Series {
 public:
  static constexpr size_t kChunk = 512;
  // What a sample occupies, with the room that chunks keep free.
  static constexpr int64_t kSampleBytes = 2 * sizeof(Sample);

  // True if there was no sample of that time; else it is replaced.
  bool Insert(const Sample& sample);
  bool empty() const { return chunks_.empty(); }
  // Before this time there is nothing that DropBefore could drop. Not for an empty series.
  int64_t first_chunk_end() const { return chunks_.begin()->second.back().time_us; }

  // The sample with the least time at or above `time_us`, and the one with the greatest below; null
  // if there is none. Valid until the next change.
  const Sample* AtOrAfter(int64_t time_us) const;
  const Sample* Before(int64_t time_us) const;

  // Calls visit(const Sample&) -> bool for the samples in [from, to), upwards or downwards, until
  // it returns false.
  template <class Visit>
  void Ascend(int64_t from, int64_t to, Visit&& visit) const {
    for (auto chunk = ChunkOf(from); chunk != chunks_.end(); ++chunk) {
      for (auto at = LowerBound(chunk->second, from); at != chunk->second.end(); ++at) {
        if (at->time_us >= to || !visit(*at)) return;
      }
    }
  }
  template <class Visit>
  void Descend(int64_t from, int64_t to, Visit&& visit) const {
    auto chunk = chunks_.lower_bound(to);
    while (chunk != chunks_.begin()) {
      --chunk;
      auto at = LowerBound(chunk->second, to);
      while (at != chunk->second.begin()) {
        --at;
        if (at->time_us < from || !visit(*at)) return;
      }
    }
  }

  // Drops at most `max_chunks` chunks all of whose samples are older than `time_us`; returns how
  // many samples that were, and takes the chunks from `max_chunks`.
  size_t DropBefore(int64_t time_us, int& max_chunks);

 private:
  using Chunk = std::vector<Sample>;
  using Chunks = std::map<int64_t, Chunk>;  // by the time of the first sample; none is empty

  static Chunk::const_iterator LowerBound(const Chunk& chunk, int64_t time_us);
  // The chunk in which a sample of that time is or would be; the first one for earlier times.
  Chunks::const_iterator ChunkOf(int64_t time_us) const;
  Chunks::iterator Split(Chunks::iterator chunk, int64_t time_us);

  Chunks chunks_;
};

}  // namespace prism::memstore
