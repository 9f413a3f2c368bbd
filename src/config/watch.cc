#include "config/watch.h"

#include <sys/stat.h>

#include <utility>

namespace prism {
namespace {

int64_t Nanos(const timespec& time) { return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec; }

}  // namespace

FileWatch::FileWatch(std::vector<std::string> paths) {
  for (std::string& path : paths) {
    File& file = files_.emplace_back();
    file.path = std::move(path);
    Read(file.path, &file.identity);
  }
}

bool FileWatch::Changed() {
  bool changed = false;
  for (File& file : files_) {
    Identity now;
    if (!Read(file.path, &now) || now == file.identity) continue;
    file.identity = now;
    changed = true;
  }
  return changed;
}

bool FileWatch::Read(const std::string& path, Identity* identity) {
  struct stat info;
  if (stat(path.c_str(), &info) != 0) return false;
  *identity = {info.st_dev, info.st_ino, info.st_size, Nanos(info.st_mtim), Nanos(info.st_ctim)};
  return true;
}

}  // namespace prism
