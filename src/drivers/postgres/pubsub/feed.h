#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "drivers/contract/waiting_messages.h"
#include "drivers/postgres/pubsub/notice.h"
#include "drivers/postgres/pubsub/shared_ear.h"

namespace prism::postgres {

// Who takes the messages of a feed.
class FeedReader {
 public:
  virtual ~FeedReader() = default;
  // The number of a notice, rising over all feeds. Its message may come later.
  virtual uint64_t NextNumber() = 0;
  virtual bool Wants(const std::string& topic) const = 0;
  virtual void OnMessage(const MessagePtr& message, uint64_t number) = 0;
  // A message is lost for who wants the topic.
  virtual void OnGap(const std::string& topic, const Status& why) = 0;
  // Any may be lost.
  virtual void OnGap(const Status& why) = 0;
};

// The messages of one channel in the order of their notices: whatever comes behind a large one
// waits until that is fetched.
class Feed {
 public:
  Feed(std::shared_ptr<Space> space, std::string_view name, FeedReader& reader);
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  SharedEar& ear() { return ear_; }
  const SharedEar& ear() const { return ear_; }

 private:
  struct Pending {
    uint64_t number = 0;
    MessagePtr message;  // null: to be fetched
    std::string topic;
    int64_t id = 0;
    size_t bytes = 0;
  };

  void OnNotice(std::string_view payload);
  void Enqueue(Pending pending);
  Task<void> FetchAll();
  Task<Result<MessagePtr>> Fetch(std::string topic, int64_t id);

  const std::shared_ptr<Space> space_;
  FeedReader& reader_;
  SharedEar ear_;
  std::deque<Pending> pending_;
  size_t pending_bytes_ = 0;
  bool fetching_ = false;
  Task<void> fetch_;
};

}  // namespace prism::postgres
