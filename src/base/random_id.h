#pragma once

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>

namespace prism {

// 128 random bits of the kernel's as 32 hexadecimal digits: an id that cannot be guessed.
inline std::string RandomId() {
  std::array<unsigned char, 16> bytes;
  // Interrupted before the kernel's pool is ready, at boot, or never.
  while (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    if (errno != EINTR) std::abort();
  }
  std::string id;
  for (const unsigned char byte : bytes) {
    id += "0123456789abcdef"[byte >> 4];
    id += "0123456789abcdef"[byte & 15];
  }
  return id;
}

}  // namespace prism
