#include <algorithm>
#include <utility>

#include "wire/http2/callbacks.h"

namespace prism::http2 {

void Stream::SendHeaders(std::span<const nghttp2_nv> fields, bool end_stream) {
  if (!session_) return;
  nghttp2_data_provider provider{{.ptr = this}, &Callbacks::ReadData};
  nghttp2_submit_response(session_->session_, id_, fields.data(), fields.size(),
                          end_stream ? nullptr : &provider);
  ended_ = end_stream;
  session_->ScheduleFlush();
}

void Stream::SendData(Buffer data) {
  if (!session_ || ended_) return;
  pending_.Append(std::move(data));
  Resume();
}

void Stream::EndWithTrailers(std::span<const nghttp2_nv> trailers) {
  if (!session_ || ended_) return;
  trailers_.assign(trailers.begin(), trailers.end());
  EndStream();
}

void Stream::EndStream() {
  if (!session_ || ended_) return;
  ended_ = true;
  Resume();
}

// Once only: nghttp2 takes back a request that it has not sent yet, but a second reset would go out
// alone, for a stream that the peer has never seen, and that ends the connection.
void Stream::Reset(uint32_t http2_error) {
  if (!session_ || std::exchange(reset_, true)) return;
  nghttp2_submit_rst_stream(session_->session_, NGHTTP2_FLAG_NONE, id_, http2_error);
  session_->ScheduleFlush();
}

void Stream::ResetWhenSent(uint32_t http2_error) {
  if (session_) reset_when_sent_ = http2_error;
}

void Stream::Abandon() {
  if (!session_) return;
  Reset(NGHTTP2_CANCEL);
  session_->Unlink(*this);
}

void Stream::Consume(size_t n) {
  if (!session_) return;
  unconsumed_ += n;
  if (unconsumed_ < session_->options_.stream_window_bytes / 4) return;
  nghttp2_session_consume_stream(session_->session_, id_, std::exchange(unconsumed_, 0));
  session_->ScheduleFlush();
}

void Stream::Resume() {
  if (deferred_) {
    deferred_ = false;
    nghttp2_session_resume_data(session_->session_, id_);
  }
  session_->ScheduleFlush();
}

void Stream::TakePending(size_t n, OutBuffer& out) {
  stalled_ = false;
  if (n == pending_.size()) {
    for (const Slice& slice : pending_.slices()) out.Append(slice);
    pending_.Clear();
  } else if (n > 0) {
    const Buffer taken = pending_.SplitPrefix(n);
    for (const Slice& slice : taken.slices()) out.Append(slice);
  }
}

}  // namespace prism::http2
