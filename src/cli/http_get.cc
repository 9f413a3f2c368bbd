#include "cli/http_get.h"

#include <charconv>
#include <optional>
#include <utility>

#include "loop/byte_stream.h"
#include "loop/worker.h"

namespace prism::cli {
namespace {

constexpr size_t kMaxReplyBytes = 16 * 1024 * 1024;

Task<Status> WriteAll(ByteStream& bytes, std::string_view rest) {
  while (!rest.empty()) {
    const iovec piece = {const_cast<char*>(rest.data()), rest.size()};
    const IoResult result = bytes.Write(&piece, 1);
    if (result.state == IoResult::State::kClosed) {
      co_return UnavailableError("the admin port closed the connection");
    }
    if (result.state == IoResult::State::kWouldBlock) co_await bytes.Writable();
    rest.remove_prefix(result.bytes);
  }
  co_return OkStatus();
}

Task<Result<std::string>> ReadAll(ByteStream& bytes) {
  std::string text;
  char chunk[4096];
  for (;;) {
    const IoResult result = bytes.Read(chunk, sizeof(chunk));
    if (result.state == IoResult::State::kClosed) co_return text;
    if (result.state == IoResult::State::kWouldBlock) co_await bytes.Readable();
    text.append(chunk, result.bytes);
    if (text.size() > kMaxReplyBytes) {
      co_return ResourceExhaustedError("the admin port's answer is over 16 MiB");
    }
  }
}

Result<HttpReply> ParseReply(const std::string& text) {
  constexpr std::string_view kStart = "HTTP/1.";
  constexpr size_t kCodeAt = sizeof("HTTP/1.1 ") - 1;
  HttpReply reply;
  const size_t end = text.find("\r\n\r\n");
  const bool begins = text.starts_with(kStart) && text.size() > kCodeAt + 3;
  const char* code = text.data() + kCodeAt;
  if (!begins || end == std::string::npos ||
      std::from_chars(code, code + 3, reply.status).ptr != code + 3) {
    return UnavailableError("what answers there is no admin port");
  }
  reply.body = text.substr(end + 4);
  return reply;
}

Task<Result<HttpReply>> Fetch(Worker& worker, std::string address, std::string path,
                              TimePoint deadline) {
  Task<Result<std::unique_ptr<ByteStream>>> connect = Connect(worker, address, deadline);
  Result<std::unique_ptr<ByteStream>> connected = co_await connect;
  if (!connected.ok()) co_return std::move(connected).status();
  ByteStream& bytes = **connected;
  struct Expiry {
    ByteStream& bytes;
    bool expired = false;
  } expiry{bytes};
  const auto on_expiry = [](void* self) {
    static_cast<Expiry*>(self)->expired = true;
    static_cast<Expiry*>(self)->bytes.Abort();
  };
  Timer timer(on_expiry, &expiry);
  timer.Arm(deadline);
  const std::string request = "GET " + path + " HTTP/1.0\r\nHost: " + address + "\r\n\r\n";
  Task<Status> write = WriteAll(bytes, request);
  Status status = co_await write;
  if (!status.ok()) co_return status;
  Task<Result<std::string>> read = ReadAll(bytes);
  Result<std::string> text = co_await read;
  if (expiry.expired) co_return UnavailableError("the admin port at " + address + " timed out");
  if (!text.ok()) co_return std::move(text).status();
  co_return ParseReply(*text);
}

Task<void> FetchInto(Worker& worker, std::string address, std::string path, TimePoint deadline,
                     std::optional<Result<HttpReply>>& reply) {
  {
    Task<Result<HttpReply>> fetch = Fetch(worker, address, path, deadline);
    reply = co_await fetch;
  }
  worker.Stop();
}

}  // namespace

Result<HttpReply> HttpGet(const std::string& address, const std::string& path, Duration timeout) {
  Worker worker(0);
  std::optional<Result<HttpReply>> reply;
  worker.Post([&] { Spawn(FetchInto(worker, address, path, Clock::now() + timeout, reply)); });
  worker.Run();
  return *std::move(reply);
}

}  // namespace prism::cli
