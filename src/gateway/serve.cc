#include "gateway/serve.h"

#include <google/protobuf/stubs/logging.h>
#include <malloc.h>

#include <cstdio>

#include "config/catalog.h"
#include "gateway/control.h"

namespace prism {

namespace {

// Large messages go back to the system when they are freed. By default glibc stops doing so after
// the first one, and a burst would leave the process large for good.
void KeepHeapSmall() {
  mallopt(M_MMAP_THRESHOLD, 512 * 1024);
  mallopt(M_TRIM_THRESHOLD, 4 * 1024 * 1024);
  // After a million small frees, merging them would stall some later call for a third of a second.
  mallopt(M_MXFAST, 0);
}

}  // namespace

int RunServe(const ServeOptions& options) {
  KeepHeapSmall();
  // Else each request that is not UTF-8 costs a line on stderr.
  google::protobuf::SetLogHandler(nullptr);
  FileWatch file_watch({options.config_path});
  LoadResult loaded = LoadConfig(options.config_path, CatalogOfDrivers());
  if (!loaded.ok()) {
    std::fputs(FormatFaults(loaded.faults).c_str(), stderr);
    return 2;
  }
  Control control(std::move(loaded.config), std::move(file_watch));
  return control.Run();
}

}  // namespace prism
