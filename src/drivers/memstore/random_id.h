#pragma once

#include <random>
#include <string>

namespace prism::memstore {

// 128 random bits as 32 hexadecimal digits, for ids that callers leave to us.
inline std::string RandomId() {
  std::random_device random;
  std::string id;
  for (int word = 0; word < 4; ++word) {
    const unsigned bits = random();
    for (int shift = 28; shift >= 0; shift -= 4) id += "0123456789abcdef"[bits >> shift & 15];
  }
  return id;
}

}  // namespace prism::memstore
