#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "loop/byte_stream.h"

namespace prism {
namespace {

IoResult FromReturn(ssize_t n) {
  if (n >= 0) return {.bytes = static_cast<size_t>(n)};
  const bool again = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
  return {.state = again ? IoResult::State::kWouldBlock : IoResult::State::kClosed};
}

class PlainStream final : public ByteStream {
 public:
  using ByteStream::ByteStream;

  IoResult Read(char* out, size_t capacity) override {
    const ssize_t n = recv(fd(), out, capacity, 0);
    if (n == 0) return {.state = IoResult::State::kClosed};
    return FromReturn(n);
  }

  IoResult Write(const iovec* pieces, int count) override {
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(pieces);
    message.msg_iovlen = static_cast<size_t>(count);
    return FromReturn(sendmsg(fd(), &message, MSG_NOSIGNAL));
  }

  void FinishWriting() override { shutdown(fd(), SHUT_WR); }
};

}  // namespace

OwnedFd::~OwnedFd() { close(number); }

void ByteStream::Abort() {
  shutdown(fd_.number, SHUT_RDWR);
  watch_.Wake();
}

std::unique_ptr<ByteStream> MakePlainStream(Worker& worker, int fd, std::string peer) {
  return std::make_unique<PlainStream>(worker, fd, std::move(peer));
}

}  // namespace prism
