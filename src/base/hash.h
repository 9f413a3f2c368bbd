#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <random>
#include <string_view>

namespace prism {

// SipHash-1-3 under a secret drawn once per process: callers choose the keys, and must not be able
// to choose ones that all land in one bucket.
class KeyHasher {
 public:
  KeyHasher(uint64_t k0, uint64_t k1) : k0_(k0), k1_(k1) {}

  static const KeyHasher& Process() {
    static const KeyHasher hasher = [] {
      std::random_device random;
      const auto word = [&random] { return uint64_t{random()} << 32 | random(); };
      return KeyHasher(word(), word());
    }();
    return hasher;
  }

  uint64_t operator()(std::string_view key) const {
    State s{k0_ ^ 0x736f6d6570736575, k1_ ^ 0x646f72616e646f6d, k0_ ^ 0x6c7967656e657261,
            k1_ ^ 0x7465646279746573};
    const char* at = key.data();
    size_t left = key.size();
    for (; left >= 8; at += 8, left -= 8) s.Absorb(Load(at, 8));
    s.Absorb(Load(at, left) | uint64_t{key.size()} << 56);
    s.v2 ^= 0xff;
    for (int i = 0; i < 3; ++i) s.Round();
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
  }

 private:
  struct State {
    uint64_t v0, v1, v2, v3;
    void Round() {
      v0 += v1, v1 = std::rotl(v1, 13), v1 ^= v0, v0 = std::rotl(v0, 32);
      v2 += v3, v3 = std::rotl(v3, 16), v3 ^= v2;
      v0 += v3, v3 = std::rotl(v3, 21), v3 ^= v0;
      v2 += v1, v1 = std::rotl(v1, 17), v1 ^= v2, v2 = std::rotl(v2, 32);
    }
    void Absorb(uint64_t word) { v3 ^= word, Round(), v0 ^= word; }
  };
  static uint64_t Load(const char* from, size_t bytes) {
    uint64_t word = 0;
    if (bytes > 0) std::memcpy(&word, from, bytes);
    return word;
  }

  uint64_t k0_, k1_;
};

}  // namespace prism
