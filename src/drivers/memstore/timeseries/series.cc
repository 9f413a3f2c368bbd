#include "drivers/memstore/timeseries/series.h"

#include <algorithm>

namespace prism::memstore {

Series::Chunk::const_iterator Series::LowerBound(const Chunk& chunk, int64_t time_us) {
  return std::lower_bound(chunk.begin(), chunk.end(), time_us,
                          [](const Sample& sample, int64_t t) { return sample.time_us < t; });
}

Series::Chunks::const_iterator Series::ChunkOf(int64_t time_us) const {
  auto chunk = chunks_.upper_bound(time_us);
  return chunk == chunks_.begin() ? chunk : std::prev(chunk);
}

bool Series::Insert(const Sample& sample) {
  const int64_t time_us = sample.time_us;
  if (chunks_.empty()) {
    chunks_[time_us].push_back(sample);
    return true;
  }
  auto chunk = chunks_.upper_bound(time_us);
  if (chunk != chunks_.begin()) {
    --chunk;
  } else {
    auto node = chunks_.extract(chunk);
    node.key() = time_us;
    chunk = chunks_.insert(std::move(node)).position;
  }
  const auto found = LowerBound(chunk->second, time_us);
  if (found != chunk->second.end() && found->time_us == time_us) {
    chunk->second[static_cast<size_t>(found - chunk->second.begin())].value = sample.value;
    return false;
  }
  if (chunk->second.size() == kChunk) chunk = Split(chunk, time_us);
  chunk->second.insert(LowerBound(chunk->second, time_us), sample);
  return true;
}

// Makes room for a sample; returns the chunk that it belongs to.
Series::Chunks::iterator Series::Split(Chunks::iterator chunk, int64_t time_us) {
  Chunk& full = chunk->second;
  const auto next = std::next(chunk);
  // In order of time, chunks are left full behind.
  if (time_us > full.back().time_us) return chunks_.try_emplace(next, time_us);
  const auto middle = full.begin() + kChunk / 2;
  const auto upper = chunks_.try_emplace(next, middle->time_us, middle, full.end());
  full.erase(middle, full.end());
  return time_us >= upper->first ? upper : chunk;
}

const Sample* Series::AtOrAfter(int64_t time_us) const {
  const Sample* found = nullptr;
  Ascend(time_us, INT64_MAX, [&](const Sample& sample) {
    found = &sample;
    return false;
  });
  return found;
}

const Sample* Series::Before(int64_t time_us) const {
  const Sample* found = nullptr;
  Descend(INT64_MIN, time_us, [&](const Sample& sample) {
    found = &sample;
    return false;
  });
  return found;
}

size_t Series::DropBefore(int64_t time_us, int& max_chunks) {
  size_t dropped = 0;
  while (max_chunks > 0 && !chunks_.empty() && first_chunk_end() < time_us) {
    dropped += chunks_.begin()->second.size();
    chunks_.erase(chunks_.begin());
    --max_chunks;
  }
  return dropped;
}

}  // namespace prism::memstore
