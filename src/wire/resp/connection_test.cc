#include "wire/resp/connection.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "loop/testing/run_on.h"

namespace prism::resp {
namespace {

using testing::RunOn;
using testing::Turns;
using testing::Until;

// A connection to a server that the test plays. Packets keep the writes apart.
class Played {
 public:
  explicit Played(Worker& worker, ConnectionOptions options = {}) {
    int fds[2];
    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, fds);
    server_ = fds[1];
    options.name = "server";
    connection.emplace(worker, MakePlainStream(worker, fds[0], "server"), options);
    run_ = connection->Run();
    run_.Start([](void*) {}, nullptr);
  }
  ~Played() { HangUp(); }

  // What one write brought; "" if nothing has come.
  std::string Received() {
    std::array<char, 65536> bytes;
    const ssize_t n = recv(server_, bytes.data(), bytes.size(), 0);
    return n > 0 ? std::string(bytes.data(), static_cast<size_t>(n)) : "";
  }
  void Answer(std::string_view bytes) { (void)send(server_, bytes.data(), bytes.size(), 0); }
  void HangUp() {
    if (server_ >= 0) close(server_);
    server_ = -1;
  }

  std::optional<Connection> connection;

 private:
  int server_;
  Task<Status> run_;
};

Task<std::string> Ask(Connection& connection, std::string verb, Cancellation& cancellation) {
  const Command command(verb);
  const Result<Reply> reply = co_await connection.Send(command, cancellation);
  if (reply.ok()) co_return reply->text;
  co_return reply.status().ToString() + (reply.status().retryable() ? " retryable" : "");
}

// A call under way whose answer is looked at later.
struct Asked {
  Asked(Connection& connection, std::string verb)
      : task(Ask(connection, std::move(verb), cancellation)) {
    task.Start([](void*) {}, nullptr);
  }
  std::string answer() { return task.done() ? task.TakeValue() : "none yet"; }
  Cancellation cancellation;
  Task<std::string> task;
};

TEST(Connection, WritesATurnsCommandsAtOnceAndAnswersInOrder) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    Played played(on);
    Asked one(*played.connection, "ONE");
    Asked two(*played.connection, "TWO");
    Asked three(*played.connection, "THREE");
    co_await Turns(on, 2);
    EXPECT_EQ(played.Received(), "*1\r\n$3\r\nONE\r\n*1\r\n$3\r\nTWO\r\n*1\r\n$5\r\nTHREE\r\n");
    played.Answer("+1\r\n$1\r\n2\r");
    played.Answer("\n-3\r\n");
    co_await Until(on, [&] { return three.task.done(); });
    EXPECT_EQ(one.answer(), "1");
    EXPECT_EQ(two.answer(), "2");
    EXPECT_EQ(three.answer(), "3");
    EXPECT_EQ(played.connection->pending(), 0U);
  };
  RunOn(worker, body(worker));
}

TEST(Connection, ACancelledCallLeavesItsAnswerToNobody) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    Played played(on);
    Asked one(*played.connection, "ONE");
    std::optional<Asked> two(std::in_place, *played.connection, "TWO");
    Asked three(*played.connection, "THREE");
    one.cancellation.Cancel(CancelledError("enough"));
    two.reset();
    co_await Turns(on, 2);
    EXPECT_EQ(one.answer(), "CANCELLED: enough");
    played.Answer("+1\r\n+2\r\n+3\r\n");
    co_await Until(on, [&] { return three.task.done(); });
    EXPECT_EQ(three.answer(), "3");
  };
  RunOn(worker, body(worker));
}

TEST(Connection, OnlyWhatWasNotSentMayBeRepeated) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    Played played(on);
    Asked sent(*played.connection, "SENT");
    co_await Turns(on, 2);
    EXPECT_NE(played.Received(), "");
    played.HangUp();
    Asked unsent(*played.connection, "UNSENT");
    co_await Until(on, [&] { return unsent.task.done(); });
    const std::string lost = "UNAVAILABLE: the connection to server was lost";
    EXPECT_EQ(sent.answer(), lost);
    EXPECT_EQ(unsent.answer(), lost + " retryable");
    Asked late(*played.connection, "LATE");
    EXPECT_EQ(late.answer(), lost + " retryable");
  };
  RunOn(worker, body(worker));
}

TEST(Connection, GarbageEndsIt) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    Played played(on);
    Asked asked(*played.connection, "ONE");
    co_await Turns(on, 2);
    played.Answer("<html>\r\n");
    co_await Until(on, [&] { return asked.task.done(); });
    EXPECT_TRUE(asked.answer().starts_with("UNAVAILABLE: server: the server's answer is not RESP"));
    EXPECT_TRUE(played.connection->lost());
  };
  RunOn(worker, body(worker));
}

TEST(Connection, AServerThatStaysSilentIsGivenUp) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    Played played(on, {.response_timeout = std::chrono::milliseconds(50)});
    Asked asked(*played.connection, "ONE");
    co_await Until(on, [&] { return asked.task.done(); });
    EXPECT_EQ(asked.answer(), "UNAVAILABLE: server has not answered for 50 ms");
  };
  RunOn(worker, body(worker));
}

TEST(Connection, AnIdleServerIsTried) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    Played played(on, {.response_timeout = std::chrono::milliseconds(50),
                       .ping_after = std::chrono::milliseconds(20)});
    std::string received;
    co_await Until(on, [&] { return !(received = played.Received()).empty(); });
    EXPECT_EQ(received, "*1\r\n$4\r\nPING\r\n");
    co_await Until(on, [&] { return played.connection->lost(); });
  };
  RunOn(worker, body(worker));
}

TEST(Connection, WhatWaitsIsBounded) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    Played played(on, {.max_pending = 2});
    Asked one(*played.connection, "ONE");
    Asked two(*played.connection, "TWO");
    Asked three(*played.connection, "THREE");
    EXPECT_TRUE(three.answer().starts_with("RESOURCE_EXHAUSTED: too many commands wait"));
    co_await Turns(on, 2);
    played.Answer("+1\r\n+2\r\n");
    co_await Until(on, [&] { return two.task.done(); });
    EXPECT_EQ(two.answer(), "2");
  };
  RunOn(worker, body(worker));
}

TEST(Connection, PushesBelongToNoCommand) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    Played played(on);
    std::vector<std::string> pushed;
    played.connection->SetPush([&](Reply reply) { pushed.push_back(reply.text); });
    played.connection->Post(Command("SUBSCRIBE"));
    co_await Turns(on, 2);
    played.Answer("+a\r\n+b\r\n");
    co_await Until(on, [&] { return pushed.size() == 2; });
    EXPECT_EQ(pushed, (std::vector<std::string>{"a", "b"}));
  };
  RunOn(worker, body(worker));
}

}  // namespace
}  // namespace prism::resp
