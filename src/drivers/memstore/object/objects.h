#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "drivers/memstore/clock.h"
#include "drivers/memstore/object/checksum.h"
#include "drivers/memstore/reservation.h"

namespace prism::memstore {

inline constexpr size_t kObjectChunkBytes = 256 * 1024;

// An object as one Put made it: immutable, shared with readers, and charged until the last of them
// lets go of it.
struct StoredObject {
  std::string key;
  std::string content_type;
  std::map<std::string, std::string> metadata;
  std::string etag;
  int64_t stored_unix_ms = 0;
  uint64_t size = 0;
  std::vector<std::string> chunks;  // all but the last of kObjectChunkBytes
  Reservation reservation;
};
using ObjectPtr = std::shared_ptr<const StoredObject>;

// What the content of an upload must turn out to be.
struct ObjectExpectation {
  std::optional<uint64_t> size;
  std::string sha256;  // empty: anything
  std::optional<uint32_t> crc32c;
};

// An object that is still arriving. Used by one call; what it holds is charged, and given back when
// it is dropped.
class ObjectUpload {
 public:
  // `object` comes without content, etag, time and reservation.
  ObjectUpload(std::shared_ptr<Budget> budget, StoredObject object, ObjectExpectation expected);

  // RESOURCE_EXHAUSTED; INVALID_ARGUMENT when there is more than was announced.
  Status Add(std::string_view piece);
  // INVALID_ARGUMENT when it is not what was announced. Once, at the end.
  Result<ObjectPtr> Finish();

 private:
  Status Charge(int64_t bytes);

  std::shared_ptr<StoredObject> object_;
  const ObjectExpectation expected_;
  Sha256 sha256_;
  uint32_t crc32c_ = 0;
};

// What must be there for a write to happen.
struct ObjectCondition {
  bool absent = false;
  std::string_view etag;  // empty: whichever
  bool Holds(const ObjectPtr& current) const {
    return absent ? !current : etag.empty() || (current && current->etag == etag);
  }
};

// The objects of one namespace. Thread-safe: one lock over the keys, under which no content is
// copied or freed.
class Objects {
 public:
  Objects(std::shared_ptr<Budget> budget, NowFunction) : budget_(std::move(budget)) {}

  const std::shared_ptr<Budget>& budget() const { return budget_; }

  // Null if absent.
  ObjectPtr Find(std::string_view key) const;
  // True when done; `current` becomes the object that was there, null if there was none.
  bool Put(ObjectPtr object, const ObjectCondition& condition, ObjectPtr& current);
  bool Delete(std::string_view key, const ObjectCondition& condition, ObjectPtr& current);

  struct Row {
    std::string name;  // a key or a common prefix
    ObjectPtr object;  // null: a common prefix
  };
  struct Page {
    std::vector<Row> rows;
    bool more = false;
  };
  // The rows behind `after`, whose object need not matter any more; null: from the first.
  Page List(std::string_view prefix, std::string_view delimiter, const Row* after, size_t max_rows,
            size_t max_bytes) const;

 private:
  using Map = std::map<std::string, ObjectPtr, std::less<>>;
  Map::const_iterator Behind(const std::string& name, bool is_prefix) const;

  const std::shared_ptr<Budget> budget_;
  mutable std::mutex mutex_;
  Map objects_;
};

}  // namespace prism::memstore
