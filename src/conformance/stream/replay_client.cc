#include "conformance/stream/replay_client.h"

namespace prism::conformance::streams {

ReplayRangeRequest RangeOf(std::string stream, std::string from, std::string to) {
  auto request = Named<ReplayRangeRequest>(std::move(stream));
  request.set_from_offset(std::move(from));
  request.set_to_offset(std::move(to));
  return request;
}

SeekToOffsetRequest SeekOf(const Group& group, std::string offset) {
  auto request = group.Of<SeekToOffsetRequest>();
  request.set_offset(std::move(offset));
  return request;
}

SeekToTimestampRequest SeekOf(const Group& group, int64_t unix_ms) {
  auto request = group.Of<SeekToTimestampRequest>();
  request.set_timestamp_unix_ms(unix_ms);
  return request;
}

Task<Texts> Replay::Range(std::string stream, std::string from, std::string to, Where where) {
  auto request = RangeOf(std::move(stream), std::move(from), std::move(to));
  const auto pages =
      co_await caller_.CallAll(&StreamReplayStub::ReplayRange, std::move(request), where);
  co_return PayloadsOf(RecordsOf(caller_, pages, where));
}

Task<bool> Replay::Seek(const Group& group, std::string offset, Where where) {
  const auto response = co_await caller_.Call(&StreamReplayStub::SeekToOffset,
                                              SeekOf(group, std::move(offset)), where);
  co_return response.found();
}

Task<bool> Replay::SeekToTime(const Group& group, int64_t unix_ms, Where where) {
  const auto response =
      co_await caller_.Call(&StreamReplayStub::SeekToTimestamp, SeekOf(group, unix_ms), where);
  co_return response.found();
}

}  // namespace prism::conformance::streams
