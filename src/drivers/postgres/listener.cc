#include "drivers/postgres/listener.h"

#include <utility>

namespace prism::postgres {
namespace {

// A connection that only hears would not notice that its server is gone.
constexpr Duration kPingEvery = std::chrono::seconds(5);
// Of one round trip: libpq's socket takes so many bytes at once.
constexpr size_t kMostChanges = 64;

}  // namespace

struct Ear::Entry {
  std::string channel;
  Hearing hearing;
  bool confirmed = false;
  bool gone = false;
};

void Ear::Close() {
  if (entry_) listener_->Remove(std::exchange(entry_, nullptr));
}

Ear& Ear::operator=(Ear&& other) noexcept {
  if (this == &other) return *this;
  Close();
  listener_ = other.listener_;
  entry_ = std::move(other.entry_);
  return *this;
}

Listener::Listener(Worker& worker, const Options& options)
    : worker_(worker),
      options_(options),
      timer_([](void* self) { static_cast<Listener*>(self)->Wake(); }, this),
      failure_(UnavailableError("no connection to Postgres has been tried yet").WithRetryable()) {}

Listener::~Listener() = default;

Task<Result<Ear>> Listener::Listen(RequestContext& ctx, std::string channel, Hearing hearing) {
  if (resting_) co_return Status(failure_);
  const auto entry = std::make_shared<Ear::Entry>();
  entry->channel = channel;
  std::shared_ptr<Channel>& known = channels_[channel];
  if (!known) known = std::make_shared<Channel>();
  const std::shared_ptr<Channel> added = known;
  if (!added->lock) added->lock = hearing.lock;
  entry->hearing = std::move(hearing);
  added->ears.push_back(entry);
  Ear ear(this, entry);
  if (!added->listening) {
    added->settled.Reset();
    Change(channel);
    PRISM_CO_RETURN_IF_ERROR(co_await added->settled.Wait(ctx.cancellation));
  }
  if (!added->listening) co_return Status(failure_);
  entry->confirmed = true;
  co_return std::move(ear);
}

void Listener::Remove(const std::shared_ptr<Ear::Entry>& entry) {
  entry->gone = true;
  const auto found = channels_.find(entry->channel);
  if (found == channels_.end()) return;
  std::erase(found->second->ears, entry);
  if (found->second->ears.empty()) Change(entry->channel);
}

void Listener::Change(const std::string& channel) {
  changed_.insert(channel);
  if (!run_.valid()) {
    run_ = Run();
    run_.Start([](void*) {}, nullptr);
  }
  wanted_.Set();
  Wake();
}

void Listener::Wake() {
  if (watch_) watch_->WakeReader();
}

Task<void> Listener::Run() {
  while (true) {
    wanted_.Reset();
    if (channels_.empty()) (void)co_await wanted_.Wait();
    const TimePoint began = Clock::now();
    const Status ended = co_await Serve();
    timer_.Cancel();
    watch_.reset();
    connection_.reset();
    // A server that hangs up at once is not to be asked without pause.
    if (Clock::now() - began > Backoff::kMost) backoff_.Reset();
    OnLost(ended);
    resting_ = true;
    const TimePoint until = Clock::now() + backoff_.Next();
    (void)co_await SleepUntil(until, never_);
    resting_ = false;
  }
}

// Connects and hears until the connection is lost: why.
Task<Status> Listener::Serve() {
  PRISM_CO_RETURN_IF_ERROR(co_await Open());
  for (const auto& [name, channel] : channels_) changed_.insert(name);
  while (!changed_.empty()) PRISM_CO_RETURN_IF_ERROR(co_await Sync());
  OnBack();
  while (true) {
    Deliver();
    if (!changed_.empty()) {
      PRISM_CO_RETURN_IF_ERROR(co_await Sync());
    } else if (Clock::now() >= heard_at_ + kPingEvery) {
      std::string ping = "SELECT";
      PRISM_CO_RETURN_IF_ERROR(co_await Ask(std::move(ping)));
    } else {
      PRISM_CO_RETURN_IF_ERROR(co_await Hear());
    }
  }
}

Task<Status> Listener::Open() {
  const TimePoint deadline = Clock::now() + options_.connect_timeout;
  Result<Handle> handle = co_await Dial(worker_, options_, deadline);
  if (!handle.ok()) co_return std::move(handle).status();
  connection_ = *std::move(handle);
  PQsetnonblocking(connection_.get(), 1);
  // A connection that hears waits for a lock at most as long as a writer's last statement.
  const auto timeout =
      std::chrono::duration_cast<std::chrono::milliseconds>(options_.statement_timeout).count();
  std::string settings = "SET statement_timeout TO " + std::to_string(timeout);
  co_return co_await Ask(std::move(settings));
}

// Tells the server of what has changed, all in one transaction.
Task<Status> Listener::Sync() {
  std::string sql;
  std::vector<std::pair<std::string, bool>> told;
  while (!changed_.empty() && told.size() < kMostChanges) {
    const std::string name = std::move(changed_.extract(changed_.begin()).value());
    const auto found = channels_.find(name);
    if (found == channels_.end()) continue;
    Channel& channel = *found->second;
    const bool wanted = !channel.ears.empty();
    if (wanted != channel.listening) {
      const std::string lock = channel.lock ? std::to_string(*channel.lock) : "";
      sql += (wanted ? "LISTEN " : "UNLISTEN ") + name + ";";
      if (!lock.empty()) {
        sql += (wanted ? "SELECT pg_advisory_lock_shared(" : "SELECT pg_advisory_unlock_shared(") +
               lock + ");";
      }
      told.emplace_back(name, wanted);
      if (!wanted) channel.listening = false;  // whoever comes now waits
    } else if (!wanted) {
      channels_.erase(found);
    }
  }
  if (told.empty()) co_return OkStatus();
  PRISM_CO_RETURN_IF_ERROR(co_await Ask(std::move(sql)));
  for (const auto& [name, wanted] : told) {
    const auto found = channels_.find(name);
    Channel& channel = *found->second;
    channel.listening = wanted;
    if (wanted) {
      channel.settled.Set();
    } else if (channel.ears.empty()) {
      channels_.erase(found);
    }
  }
  co_return OkStatus();
}

Task<Status> Listener::Ask(std::string sql) {
  watch_.reset();  // one at a time may watch the socket
  const TimePoint deadline = Clock::now() + options_.response_timeout;
  const Result<Rows> rows = co_await Query(worker_, connection_.get(), std::move(sql), deadline);
  heard_at_ = Clock::now();
  co_return rows.ok() ? OkStatus() : rows.status();
}

// Waits until there is something to hear, to tell or to ask.
Task<Status> Listener::Hear() {
  if (!watch_) watch_.emplace(worker_, PQsocket(connection_.get()));
  timer_.Arm(heard_at_ + kPingEvery);
  co_await watch_->Readable();
  if (PQconsumeInput(connection_.get()) != 0) co_return OkStatus();
  std::string text = PQerrorMessage(connection_.get());
  text = text.substr(0, text.find('\n'));
  co_return UnavailableError("the connection to Postgres was lost: " + text);
}

void Listener::Deliver() {
  while (PGnotify* const notification = PQnotifies(connection_.get())) {
    heard_at_ = Clock::now();
    Tell(notification->relname, notification->extra);
    PQfreemem(notification);
  }
}

void Listener::Tell(std::string_view channel, std::string_view payload) {
  const auto found = channels_.find(channel);
  if (found == channels_.end()) return;
  const std::vector<std::shared_ptr<Ear::Entry>> ears = found->second->ears;
  for (const auto& ear : ears) {
    if (!ear->gone && ear->hearing.heard) ear->hearing.heard(payload);
  }
}

void Listener::OnLost(const Status& why) {
  failure_ = UnavailableError(std::string(why.message()))
                 .WithHint(std::string(why.hint()))
                 .WithRetryable();
  std::vector<std::shared_ptr<Ear::Entry>> told;
  std::erase_if(channels_, [&told](const auto& each) {
    Channel& channel = *each.second;
    channel.settled.Set();  // who waits for it fails
    if (channel.listening) told.insert(told.end(), channel.ears.begin(), channel.ears.end());
    channel.listening = false;
    return channel.ears.empty();
  });
  changed_.clear();
  for (const auto& ear : told) {
    was_lost_ = true;
    if (!ear->gone && ear->hearing.lost) ear->hearing.lost(failure_);
  }
}

void Listener::OnBack() {
  if (!std::exchange(was_lost_, false)) return;
  std::vector<std::shared_ptr<Ear::Entry>> told;
  for (const auto& [name, channel] : channels_) {
    told.insert(told.end(), channel->ears.begin(), channel->ears.end());
  }
  for (const auto& ear : told) {
    if (!ear->gone && ear->confirmed && ear->hearing.missed) ear->hearing.missed();
  }
}

}  // namespace prism::postgres
