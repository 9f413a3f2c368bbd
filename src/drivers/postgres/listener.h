#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/backoff.h"
#include "base/request_context.h"
#include "drivers/postgres/dial.h"

namespace prism::postgres {

class Listener;

// What one wants of a channel. Each is called on the worker, must not suspend, and may destroy its
// own or another Ear.
struct Hearing {
  // A notification's payload.
  std::function<void(std::string_view payload)> heard = nullptr;
  // The connection was lost and is back: something may have been missed.
  std::function<void()> missed = nullptr;
  // The connection was just lost; missed() comes when it is back, if the Ear is still there.
  std::function<void(const Status& why)> lost = nullptr;
  // An advisory lock of the database that the connection holds, shared, while it listens: who
  // notifies can try it and save the notification if nobody does. One for all of a channel.
  std::optional<int64_t> lock = std::nullopt;
};

// Hears one channel for as long as it lives.
class [[nodiscard]] Ear {
 public:
  Ear() = default;
  Ear(Ear&& other) noexcept = default;
  Ear& operator=(Ear&& other) noexcept;
  ~Ear() { Close(); }

  void Close();

 private:
  friend class Listener;
  struct Entry;
  Ear(Listener* listener, std::shared_ptr<Entry> entry)
      : listener_(listener), entry_(std::move(entry)) {}

  Listener* listener_ = nullptr;
  std::shared_ptr<Entry> entry_;
};

// The notifications of a database for one worker, on a connection of its own that is opened when
// the first channel is wanted, and again whenever it is lost while one is.
class Listener {
 public:
  Listener(Worker& worker, const Options& options);
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener();

  // From its answer on every notification of the channel is heard, and none that was committed
  // before the call. A channel is a lower-case identifier of at most 63 bytes. UNAVAILABLE,
  // retryable, without a connection.
  Task<Result<Ear>> Listen(RequestContext& ctx, std::string channel, Hearing hearing);

 private:
  friend class Ear;
  // One channel of the server's; what it has may differ from what is wanted until the next Sync.
  struct Channel {
    std::vector<std::shared_ptr<Ear::Entry>> ears;
    std::optional<int64_t> lock;
    bool listening = false;  // the server has confirmed it
  };
  using Channels = std::map<std::string, Channel, std::less<>>;
  using Entries = std::vector<std::shared_ptr<Ear::Entry>>;

  void Remove(const std::shared_ptr<Ear::Entry>& entry);
  void Change(const std::string& channel);
  Entries All() const;
  Task<void> Run();
  Task<Status> Serve();
  Task<Status> Open();
  Task<Status> Sync();
  std::string TakeChanges(std::vector<std::string>& begun);
  Task<Status> Ask(std::string sql, Duration timeout);
  Task<Status> Hear();
  void Deliver();
  void Tell(std::string_view channel, std::string_view payload);
  void OnLost(const Status& why);
  void OnBack();
  void Wake();

  Worker& worker_;
  const Options& options_;
  Channels channels_;
  std::set<std::string> changed_;  // what the server is to be told of
  Entries fresh_;                  // not confirmed yet
  Handle connection_;
  std::optional<FdWatch> watch_;  // while nothing is asked; goes before the connection
  Timer timer_;
  TimePoint heard_at_{};
  Status failure_;
  bool resting_ = false;  // between two attempts
  bool was_lost_ = false;
  Backoff backoff_;
  Event wanted_;
  Cancellation never_;
  Task<void> run_;
};

}  // namespace prism::postgres
