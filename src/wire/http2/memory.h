#pragma once

#include <nghttp2/nghttp2.h>

namespace prism::http2 {

// nghttp2's allocations out of AllocateSmall: it makes about ten per request.
nghttp2_mem* PooledMemory();

}  // namespace prism::http2
