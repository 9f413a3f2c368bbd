#pragma once

#include <functional>
#include <optional>
#include <string>

#include "drivers/memstore/sortedset/sorted_set.h"

namespace prism::memstore {

template <class T>
struct Bound {
  T at;
  bool exclusive = false;
};
template <class T>
using OptionalBound = std::optional<Bound<T>>;

// Which members a call is about, found in O(log n).
using ResolveRange = std::function<IndexRange(SortedSet&)>;

ResolveRange ByIndex(int64_t start, int64_t stop, bool reverse);
ResolveRange ByScore(OptionalBound<double> min, OptionalBound<double> max);
ResolveRange ByLex(OptionalBound<std::string> min, OptionalBound<std::string> max);

}  // namespace prism::memstore
