#include "drivers/memstore/object/objects.h"

#include <algorithm>
#include <chrono>

#include "base/random_id.h"

namespace prism::memstore {
namespace {

constexpr uint64_t kMaxObjectBytes = uint64_t{5} << 30;
// The tree's node, the shared object and the small pieces of memory that belong to it.
constexpr int64_t kObjectBytes = sizeof(StoredObject) + 160;
constexpr int64_t kChunkBytes = sizeof(std::string) + 32;
constexpr int64_t kMetadataBytes = 2 * sizeof(std::string) + 64;
// Besides its name, what a row has: etag, content type and numbers.
constexpr size_t kRowBytes = 320;

int64_t CostOf(const StoredObject& object) {
  int64_t bytes = kObjectBytes + 2 * static_cast<int64_t>(object.key.size()) +
                  static_cast<int64_t>(object.content_type.size());
  for (const auto& [name, value] : object.metadata) {
    bytes += kMetadataBytes + static_cast<int64_t>(name.size() + value.size());
  }
  return bytes;
}

Status Differs(const char* what) {
  return InvalidArgumentError(std::string("the content does not have the ") + what +
                              " that the header announces");
}

int64_t UnixMs() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace

ObjectUpload::ObjectUpload(std::shared_ptr<Budget> budget, StoredObject object,
                           ObjectExpectation expected)
    : object_(std::make_shared<StoredObject>(std::move(object))), expected_(std::move(expected)) {
  object_->reservation = Reservation(std::move(budget));
}

Status ObjectUpload::Charge(int64_t bytes) {
  // The first charge is for what comes with the header.
  if (object_->reservation.bytes() == 0) bytes += CostOf(*object_);
  return object_->reservation.Add(bytes);
}

Status ObjectUpload::Add(std::string_view piece) {
  const uint64_t size = object_->size + piece.size();
  if (size > kMaxObjectBytes) {
    return ResourceExhaustedError("an object has at most " + std::to_string(kMaxObjectBytes) +
                                  " bytes");
  }
  if (expected_.size && size > *expected_.size) return Differs("size");
  PRISM_RETURN_IF_ERROR(Charge(static_cast<int64_t>(piece.size())));
  object_->size = size;
  if (!expected_.sha256.empty()) sha256_.Add(piece);
  if (expected_.crc32c) crc32c_ = ExtendCrc32c(crc32c_, piece);
  std::vector<std::string>& chunks = object_->chunks;
  while (!piece.empty()) {
    if (chunks.empty() || chunks.back().size() == kObjectChunkBytes) {
      PRISM_RETURN_IF_ERROR(Charge(kChunkBytes));
      chunks.emplace_back();
    }
    const std::string_view part = piece.substr(0, kObjectChunkBytes - chunks.back().size());
    chunks.back().append(part);
    piece.remove_prefix(part.size());
  }
  return OkStatus();
}

Result<ObjectPtr> ObjectUpload::Finish() {
  if (expected_.size && *expected_.size != object_->size) return Differs("size");
  if (!expected_.sha256.empty() && sha256_.Finish() != expected_.sha256) return Differs("SHA-256");
  if (expected_.crc32c && crc32c_ != *expected_.crc32c) return Differs("CRC32C");
  PRISM_RETURN_IF_ERROR(Charge(0));
  // Only what is charged is kept.
  for (std::string& chunk : object_->chunks) chunk.shrink_to_fit();
  object_->etag = RandomId();
  object_->stored_unix_ms = UnixMs();
  return ObjectPtr(std::move(object_));
}

ObjectPtr Objects::Find(std::string_view key) const {
  std::lock_guard lock(mutex_);
  const auto found = objects_.find(key);
  return found == objects_.end() ? nullptr : found->second;
}

bool Objects::Put(ObjectPtr object, const ObjectCondition& condition, ObjectPtr& current) {
  current.reset();
  std::lock_guard lock(mutex_);
  const auto found = objects_.find(object->key);
  if (found != objects_.end()) current = found->second;
  if (!condition.Holds(current)) return false;
  if (found != objects_.end()) {
    found->second = std::move(object);
  } else {
    std::string key = object->key;
    objects_.try_emplace(std::move(key), std::move(object));
  }
  return true;
}

bool Objects::Delete(std::string_view key, const ObjectCondition& condition, ObjectPtr& current) {
  current.reset();
  std::lock_guard lock(mutex_);
  const auto found = objects_.find(key);
  if (found == objects_.end()) return false;
  current = found->second;
  if (!condition.Holds(current)) return false;
  objects_.erase(found);
  return true;
}

Objects::Map::const_iterator Objects::Behind(const std::string& name, bool is_prefix) const {
  if (!is_prefix) return objects_.upper_bound(name);
  std::string end = name;
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (end.empty()) return objects_.end();
  ++end.back();
  return objects_.lower_bound(end);
}

Objects::Page Objects::List(std::string_view prefix, std::string_view delimiter, const Row* after,
                            size_t max_rows, size_t max_bytes) const {
  Page page;
  size_t bytes = 0;
  std::lock_guard lock(mutex_);
  auto at = after ? Behind(after->name, !after->object) : objects_.lower_bound(prefix);
  while (at != objects_.end() && at->first.starts_with(prefix)) {
    Row row{at->first, at->second};
    const size_t cut =
        delimiter.empty() ? std::string::npos : row.name.find(delimiter, prefix.size());
    if (cut != std::string::npos) row = {row.name.substr(0, cut + delimiter.size()), nullptr};
    bytes += row.name.size() + kRowBytes;
    const bool full = page.rows.size() == max_rows || (bytes > max_bytes && !page.rows.empty());
    if (full) {
      page.more = true;
      break;
    }
    at = row.object ? std::next(at) : Behind(row.name, true);
    page.rows.push_back(std::move(row));
  }
  return page;
}

}  // namespace prism::memstore
