#include <zlib.h>

#include "wire/grpc/message_reader.h"

namespace prism::grpc {
namespace {

constexpr int kGzipWindowBits = 15 + 16;  // zlib's way to ask for the gzip wrapper
constexpr int kMemoryLevel = 8;

struct Inflater {
  z_stream z{};
  Inflater() { inflateInit2(&z, kGzipWindowBits); }
  ~Inflater() { inflateEnd(&z); }
};

struct Deflater {
  z_stream z{};
  Deflater() {
    deflateInit2(&z, Z_BEST_SPEED, Z_DEFLATED, kGzipWindowBits, kMemoryLevel, Z_DEFAULT_STRATEGY);
  }
  ~Deflater() { deflateEnd(&z); }
};

// Runs one of zlib's two functions until `z` takes no more input; appends what comes out.
template <class Step>
int Pump(z_stream& z, Step step, Buffer& out, size_t max_bytes) {
  int result = Z_OK;
  do {
    Block* block = Block::Allocate(Block::kPooledBytes);
    z.next_out = reinterpret_cast<Bytef*>(block->data());
    z.avail_out = static_cast<uInt>(block->capacity());
    result = step();
    out.Append(Slice::Adopt(block, block->capacity() - z.avail_out));
    if (out.size() > max_bytes) return Z_MEM_ERROR;
  } while (result == Z_OK && z.avail_out == 0);
  return result;
}

void SetInput(z_stream& z, const Slice& slice) {
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(slice.data()));
  z.avail_in = static_cast<uInt>(slice.size());
}

}  // namespace

Result<Buffer> Gunzip(const Buffer& compressed, size_t max_bytes) {
  Inflater inflater;
  Buffer plain;
  int result = Z_OK;
  for (const Slice& slice : compressed.slices()) {
    SetInput(inflater.z, slice);
    result = Pump(
        inflater.z, [&] { return inflate(&inflater.z, Z_NO_FLUSH); }, plain, max_bytes);
    if (result == Z_MEM_ERROR) {
      return ResourceExhaustedError("the decompressed message is larger than the limit of " +
                                    std::to_string(max_bytes) + " bytes")
          .WithHint("raise limits.message_bytes");
    }
    if (result != Z_OK && result != Z_BUF_ERROR) break;
  }
  if (result != Z_STREAM_END) return InternalError("the message is not valid gzip data");
  return plain;
}

Buffer Gzip(const Buffer& plain) {
  Deflater deflater;
  Buffer compressed;
  const auto pump = [&](int flush) {
    Pump(
        deflater.z, [&] { return deflate(&deflater.z, flush); }, compressed, SIZE_MAX);
  };
  for (const Slice& slice : plain.slices()) {
    SetInput(deflater.z, slice);
    pump(Z_NO_FLUSH);
  }
  pump(Z_FINISH);
  return compressed;
}

}  // namespace prism::grpc
