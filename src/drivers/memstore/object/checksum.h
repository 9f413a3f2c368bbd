#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace prism::memstore {

// CRC-32 with the Castagnoli polynomial, as of RFC 3720, of text that comes in pieces: begin with
// 0.
uint32_t ExtendCrc32c(uint32_t crc, std::string_view piece);

// SHA-256 of text that comes in pieces.
class Sha256 {
 public:
  Sha256();
  void Add(std::string_view piece);
  // 32 bytes. Once, at the end.
  std::string Finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace prism::memstore
