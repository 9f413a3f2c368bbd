#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "drivers/postgres/pubsub/shared_ear.h"
#include "drivers/postgres/pubsub/subscriber.h"

namespace prism::postgres {

// Unsubscribe for the subscriptions of all workers in one namespace: one asks the worker that has
// it, over a channel of that worker's own, and is answered over the asker's.
class Endings {
 public:
  Endings(std::shared_ptr<Space> space, Subscriber& subscriber);
  Endings(const Endings&) = delete;
  Endings& operator=(const Endings&) = delete;

  // Between these two the worker's subscriptions can be ended from others.
  Task<Status> Join(RequestContext& ctx) { return ear_.Join(ctx); }
  void Leave() { ear_.Leave(); }

  // The id that callers know a subscription of this worker by.
  std::string IdOf(const Subscription& subscription) const { return worker_ + subscription.id; }
  // Whether there was one of that id.
  Task<Result<bool>> End(RequestContext& ctx, const std::string& id);

 private:
  struct Question {
    Event answered;  // or it is time to ask again
    bool known = false;
    bool found = false;
  };
  struct Answer {
    std::string asker;
    std::string payload;
  };

  Task<Result<bool>> Ask(RequestContext& ctx, const std::string& id, Question& question,
                         const std::string& number);
  Task<Result<bool>> Send(RequestContext& ctx, std::string worker, std::string payload);
  void OnNotice(std::string_view payload);
  Task<void> AnswerAll();

  const std::shared_ptr<Space> space_;
  Subscriber& subscriber_;
  const std::string worker_;  // this one's name
  SharedEar ear_;
  std::map<std::string, Question*, std::less<>> questions_;
  std::deque<Answer> answers_;
  bool answering_ = false;
  Task<void> answer_;
};

}  // namespace prism::postgres
