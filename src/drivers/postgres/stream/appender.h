#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "drivers/postgres/space.h"
#include "drivers/postgres/stream/waiting.h"
#include "prism/interfaces/stream_basic.pb.h"

namespace prism::postgres {

// Appends the records of one worker. Since whoever appends holds the stream until it is on the
// disk, one statement of a stream is under way at a time, and takes along all that came meanwhile.
class Appender {
 public:
  explicit Appender(const std::shared_ptr<Space>& space) : state_(std::make_shared<State>(space)) {}

  // The record's number.
  Task<Result<int64_t>> Append(RequestContext& ctx, const stream::v1::AppendRequest& request);

 private:
  struct Entry {
    std::string key;
    std::string attributes;
    std::string payload;
    int64_t bytes = 0;
    Event done;
    std::optional<Result<int64_t>> number;
  };
  using Entries = std::deque<std::shared_ptr<Entry>>;
  // Outlives the calls: what is under way goes on without them.
  struct State {
    explicit State(const std::shared_ptr<Space>& its) : space(its), bell(its) {}
    const std::shared_ptr<Space> space;
    const StreamBell bell;
    std::map<std::string, Entries> waiting;  // of streams with a statement under way
  };

  static Entries TakeBatch(Entries& waiting);
  static Task<void> Work(std::shared_ptr<State> state, std::string stream);
  static Task<Result<int64_t>> Send(State& state, const std::string& stream, const Entries& batch);

  const std::shared_ptr<State> state_;
};

}  // namespace prism::postgres
