#pragma once

#include <string>
#include <vector>

#include "conformance/queue/client.h"
#include "interfaces/queue_dead_letter.prism.h"
#include "prism/interfaces/queue_dead_letter.pb.h"

namespace prism::conformance::queues {

using queue::v1::ConfigureDeadLetterRequest;
using queue::v1::DeadMessage;
using queue::v1::GetDeadLetterQueueRequest;
using queue::v1::GetDeadLetterQueueResponse;
using queue::v1::RedriveRequest;

ConfigureDeadLetterRequest ConfigureOf(std::string queue, uint32_t max_receives,
                                       std::string dead_letter_queue);
GetDeadLetterQueueRequest DeadOf(std::string queue, uint64_t limit = 0);
RedriveRequest RedriveOf(std::string queue, uint32_t max_messages);
Payloads PayloadsOf(const GetDeadLetterQueueResponse& page);

// A queue and its dead letter queue as plain functions: all must succeed. The configuration is
// removed after the case, and what lies in either.
class DeadLetters {
 public:
  // Of names that nothing else has.
  explicit DeadLetters(CaseContext& c);
  DeadLetters(CaseContext& c, Caller& caller, std::string queue, std::string dead)
      : c_(c), caller_(caller), queue_(std::move(queue)), dead_(std::move(dead)) {}

  const std::string& queue() const { return queue_; }
  const std::string& dead() const { return dead_; }

  Task<void> Configure(uint32_t max_receives, Where where = Where::current());
  Task<void> Remove(Where where = Where::current());
  Task<GetDeadLetterQueueResponse> Get(uint64_t limit = 0, Where where = Where::current());
  Task<uint64_t> Redrive(uint32_t max_messages, Where where = Where::current());
  // Receives the next `n` messages of the queue and gives them back; their payloads.
  Task<Payloads> Fail(uint32_t n = 1, Where where = Where::current());
  // Puts the messages into the queue, configures it for one receive and fails them all.
  Task<void> Bury(Payloads payloads, Where where = Where::current());
  // Waits until so many messages of the queue are ready in the other.
  Task<void> UntilDead(uint64_t n, Where where = Where::current());

 private:
  CaseContext& c_;
  Caller& caller_;
  const std::string queue_;
  const std::string dead_;
};

// Removes the configurations of the queues that were noted, then as CleanQueues.
Task<void> CleanDeadLetters(CaseContext& c);

}  // namespace prism::conformance::queues
