#include "drivers/postgres/listener.h"

#include <utility>

namespace prism::postgres {
namespace {

// Of one round trip: libpq's socket takes so many bytes at once.
constexpr size_t kMostChanges = 64;

}  // namespace

struct Ear::Entry {
  std::string channel;
  Hearing hearing;
  bool confirmed = false;
  bool gone = false;
  Event settled;  // it is confirmed, or that has failed
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
  Channel& known = channels_[channel];
  if (!known.lock) known.lock = hearing.lock;
  known.ears.push_back(entry);
  fresh_.push_back(entry);
  entry->channel = std::move(channel);
  entry->hearing = std::move(hearing);
  Ear ear(this, entry);
  Change(entry->channel);
  PRISM_CO_RETURN_IF_ERROR(co_await entry->settled.Wait(ctx.cancellation));
  if (!entry->confirmed) co_return Status(failure_);
  co_return std::move(ear);
}

void Listener::Remove(const std::shared_ptr<Ear::Entry>& entry) {
  entry->gone = true;
  std::erase(fresh_, entry);
  const auto found = channels_.find(entry->channel);
  if (found == channels_.end()) return;
  std::erase(found->second.ears, entry);
  if (found->second.ears.empty()) Change(entry->channel);
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
    if (Clock::now() - began > backoff_.most()) backoff_.Reset();
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
  PRISM_CO_RETURN_IF_ERROR(co_await Sync());
  OnBack();
  while (true) {
    Deliver();
    if (!changed_.empty() || !fresh_.empty()) {
      PRISM_CO_RETURN_IF_ERROR(co_await Sync());
    } else if (Clock::now() >= heard_at_ + kPingAfter) {
      std::string ping = "SELECT";
      PRISM_CO_RETURN_IF_ERROR(co_await Ask(std::move(ping), options_.ping_timeout()));
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
  co_return co_await Ask(std::move(settings), options_.response_timeout);
}

// Tells the server of what has changed, all in one transaction. Also where nothing has, its answer
// comes behind all that was notified before, which who comes new is not to hear.
Task<Status> Listener::Sync() {
  const Entries fresh = std::exchange(fresh_, {});
  std::vector<std::string> begun;
  bool more = true;
  while (more) {
    std::string sql = TakeChanges(begun);
    more = !changed_.empty();
    if (sql.empty() && (more || fresh.empty())) continue;
    if (sql.empty()) sql = "SELECT";
    PRISM_CO_RETURN_IF_ERROR(co_await Ask(std::move(sql), options_.response_timeout));
    for (const std::string& name : begun) channels_.find(name)->second.listening = true;
    begun.clear();
  }
  Deliver();
  for (const auto& entry : fresh) {
    entry->confirmed = true;
    entry->settled.Set();
  }
  co_return OkStatus();
}

// The statements for some of what has changed; the names of channels that these begin to hear.
std::string Listener::TakeChanges(std::vector<std::string>& begun) {
  std::string sql;
  for (size_t count = 0; count < kMostChanges && !changed_.empty(); ++count) {
    const std::string name = std::move(changed_.extract(changed_.begin()).value());
    const auto found = channels_.find(name);
    if (found == channels_.end()) continue;
    Channel& channel = found->second;
    const bool wanted = !channel.ears.empty();
    const std::string lock = channel.lock ? std::to_string(*channel.lock) : "";
    if (wanted && !channel.listening) {
      sql += "LISTEN " + name + ";";
      if (!lock.empty()) sql += "SELECT pg_advisory_lock_shared(" + lock + ");";
      begun.push_back(name);
    }
    if (wanted) continue;
    if (channel.listening) {
      sql += "UNLISTEN " + name + ";";
      if (!lock.empty()) sql += "SELECT pg_advisory_unlock_shared(" + lock + ");";
    }
    channels_.erase(found);
  }
  return sql;
}

Task<Status> Listener::Ask(std::string sql, Duration timeout) {
  watch_.reset();  // one at a time may watch the socket
  const TimePoint deadline = Clock::now() + timeout;
  const Result<Rows> rows = co_await Query(worker_, connection_.get(), std::move(sql), deadline);
  heard_at_ = Clock::now();
  co_return rows.ok() ? OkStatus() : rows.status();
}

// Waits until there is something to hear, to tell or to ask.
Task<Status> Listener::Hear() {
  if (!watch_) watch_.emplace(worker_, PQsocket(connection_.get()));
  timer_.Arm(heard_at_ + kPingAfter);
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
  const Entries ears = found->second.ears;
  for (const auto& ear : ears) {
    if (ear->confirmed && !ear->gone && ear->hearing.heard) ear->hearing.heard(payload);
  }
}

Listener::Entries Listener::All() const {
  Entries all;
  for (const auto& [name, channel] : channels_) {
    all.insert(all.end(), channel.ears.begin(), channel.ears.end());
  }
  return all;
}

void Listener::OnLost(const Status& why) {
  failure_ = UnavailableError(std::string(why.message()))
                 .WithHint(std::string(why.hint()))
                 .WithRetryable();
  const Entries all = All();
  std::erase_if(channels_, [](const auto& each) { return each.second.ears.empty(); });
  for (auto& [name, channel] : channels_) channel.listening = false;
  changed_.clear();
  fresh_.clear();
  for (const auto& ear : all) {
    ear->settled.Set();  // who waits for it fails
    if (ear->gone || !ear->confirmed) continue;
    was_lost_ = true;
    if (ear->hearing.lost) ear->hearing.lost(failure_);
  }
}

void Listener::OnBack() {
  if (!std::exchange(was_lost_, false)) return;
  const Entries all = All();
  for (const auto& ear : all) {
    if (!ear->gone && ear->confirmed && ear->hearing.missed) ear->hearing.missed();
  }
}

}  // namespace prism::postgres
