#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "loop/testing/run_on.h"
#include "wire/http2/session.h"

namespace prism::http2 {

// Writes down what happens to it; the test decides what it sends and when it gives credit.
class RecordingStream final : public Stream {
 public:
  ~RecordingStream() override { Abandon(); }

  using Stream::Abandon;
  using Stream::Consume;
  using Stream::EndStream;
  using Stream::EndWithTrailers;
  using Stream::Reset;
  using Stream::SendData;
  using Stream::SendHeaders;

  bool consumes = true;  // gives credit at once
  std::vector<std::pair<std::string, std::string>> fields;
  std::string data;
  std::string order;  // of the events: h(eader), H(eaders' end), d(ata), e(nd), c(losed)
  int closed = 0;
  uint32_t error = 0;

 private:
  // Repeated events of one kind count once.
  void Note(char event) {
    if (order.empty() || order.back() != event) order.push_back(event);
  }
  void OnHeader(const HeaderField& field) override {
    Note('h');
    fields.emplace_back(field.name(), field.value());
  }
  void OnHeadersEnd() override { Note('H'); }
  void OnData(Slice slice) override {
    Note('d');
    data += slice.view();
    if (consumes) Consume(slice.size());
  }
  void OnEndOfStream() override { Note('e'); }
  void OnClosed(uint32_t http2_error) override {
    Note('c');
    EXPECT_EQ(session(), nullptr);
    ++closed;
    error = http2_error;
  }
  void OnSent() override {}
};

using Streams = std::vector<std::unique_ptr<RecordingStream>>;

// A session that runs, with the streams that its peer opened.
class RunningSession {
 public:
  RunningSession(Worker& worker, int fd, Session::Role role, const Options& options)
      : session(worker, MakePlainStream(worker, fd, "peer"), role, options,
                [this](Session&) { return Accept(); }),
        run_(session.Run()) {
    run_.Start([](void* self) { static_cast<RunningSession*>(self)->ended.Set(); }, this);
  }
  ~RunningSession() { EXPECT_TRUE(ended.is_set()); }

  // Ends it, if it has not ended by itself.
  Task<void> Close() {
    session.Abort();
    (void)co_await ended.Wait();
  }

  Streams accepted;  // by the server
  bool accepts = true;
  Event ended;
  Session session;

 private:
  Stream* Accept() {
    if (!accepts) return nullptr;
    return accepted.emplace_back(std::make_unique<RecordingStream>()).get();
  }
  Task<void> run_;
};

inline std::array<int, 2> SocketPair() {
  std::array<int, 2> fds;
  EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds.data()), 0);
  return fds;
}

// A client and a server on the two ends of a socket.
struct SessionPair {
  SessionPair(Worker& worker, const Options& server_options, const Options& client_options)
      : SessionPair(worker, SocketPair(), server_options, client_options) {}
  SessionPair(Worker& worker, std::array<int, 2> fds, const Options& server_options,
              const Options& client_options)
      : server(worker, fds[0], Session::Role::kServer, server_options),
        client(worker, fds[1], Session::Role::kClient, client_options) {}

  // Opens a request; null when the session takes none.
  std::unique_ptr<RecordingStream> Open() {
    static const std::array fields = {Field(":method", "POST"), Field(":scheme", "http"),
                                      Field(":path", "/a"), Field(":authority", "test")};
    auto stream = std::make_unique<RecordingStream>();
    return client.session.Open(*stream, fields) ? std::move(stream) : nullptr;
  }
  Task<void> Close() {
    co_await client.Close();
    co_await server.Close();
  }

  RunningSession server;
  RunningSession client;
};

// Response headers that leave the stream open.
inline void Answer(RecordingStream& stream) {
  static const std::array fields = {Field(":status", "200")};
  stream.SendHeaders(fields, false);
}

}  // namespace prism::http2
