#pragma once

#include "drivers/postgres/keyvalue/place.h"
#include "drivers/postgres/space.h"

namespace prism::postgres {

// The first three parameters of a statement on one key.
inline Arguments& At(Arguments& arguments, const Space& space, std::string_view key) {
  const Place place = PlaceOf(key);
  return arguments.Text(space.name()).Text(place.key).Text(place.more);
}

// The places of several keys.
struct Places {
  std::vector<std::string> keys;
  std::vector<std::string> mores;

  void Add(std::string_view key) {
    const Place place = PlaceOf(key);
    keys.emplace_back(place.key);
    mores.emplace_back(place.more);
  }
};

inline std::vector<const std::string*> Pointers(const std::vector<std::string>& texts) {
  std::vector<const std::string*> pointers;
  pointers.reserve(texts.size());
  for (const std::string& text : texts) pointers.push_back(&text);
  return pointers;
}

// The same on several keys.
inline Arguments& At(Arguments& arguments, const Space& space, const Places& places) {
  return arguments.Text(space.name()).Array(Pointers(places.keys)).Array(Pointers(places.mores));
}

}  // namespace prism::postgres
