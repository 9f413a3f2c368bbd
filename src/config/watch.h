#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace prism {

// Notices that files have changed, when asked; asking costs one stat per file. Follows symbolic
// links, so it sees a file written in place, replaced by a rename, or reached through a link that
// was turned elsewhere. Used by one thread.
class FileWatch {
 public:
  // Changes are those after this moment: make the watch before reading the files.
  explicit FileWatch(std::vector<std::string> paths);

  // Whether a file differs from what it was the last time. A file that is gone has not changed;
  // it is compared when it is back.
  bool Changed();

 private:
  struct Identity {
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = -1;
    int64_t modified_ns = 0;
    int64_t status_changed_ns = 0;
    bool operator==(const Identity&) const = default;
  };
  struct File {
    std::string path;
    Identity identity;
  };
  static bool Read(const std::string& path, Identity* identity);

  std::vector<File> files_;
};

}  // namespace prism
