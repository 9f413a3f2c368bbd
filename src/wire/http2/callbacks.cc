#include "wire/http2/callbacks.h"

#include <algorithm>

namespace prism::http2 {
namespace {

constexpr size_t kFrameHeaderBytes = 9;
constexpr size_t kHostileFactor = 4;        // times the limit, then the connection is closed
constexpr size_t kFieldOverheadBytes = 32;  // RFC 9113, 6.5.2

}  // namespace

nghttp2_session_callbacks* Callbacks::Get() {
  static nghttp2_session_callbacks* const callbacks = [] {
    nghttp2_session_callbacks* made = nullptr;
    nghttp2_session_callbacks_new(&made);
    nghttp2_session_callbacks_set_on_begin_headers_callback(made, &OnBeginHeaders);
    nghttp2_session_callbacks_set_on_header_callback2(made, &OnHeader);
    nghttp2_session_callbacks_set_on_frame_recv_callback(made, &OnFrame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, &OnData);
    nghttp2_session_callbacks_set_on_stream_close_callback(made, &OnStreamClose);
    nghttp2_session_callbacks_set_on_frame_send_callback(made, &OnFrameSent);
    nghttp2_session_callbacks_set_on_frame_not_send_callback(made, &OnFrameNotSent);
    nghttp2_session_callbacks_set_send_data_callback(made, &SendData);
    return made;
  }();
  return callbacks;
}

int Callbacks::OnBeginHeaders(nghttp2_session* session, const nghttp2_frame* frame, void* user) {
  if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
  auto& self = *static_cast<Session*>(user);
  Stream* stream = self.factory_ ? self.factory_(self) : nullptr;
  if (!stream) {
    nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, frame->hd.stream_id,
                              NGHTTP2_REFUSED_STREAM);
    return 0;
  }
  self.Attach(*stream, frame->hd.stream_id);
  nghttp2_session_set_stream_user_data(session, frame->hd.stream_id, stream);
  return 0;
}

int Callbacks::OnHeader(nghttp2_session*, const nghttp2_frame* frame, nghttp2_rcbuf* name,
                        nghttp2_rcbuf* value, uint8_t, void* user) {
  Stream* stream = static_cast<Session*>(user)->StreamOf(frame->hd.stream_id);
  if (!stream) return 0;
  const HeaderField field(name, value);
  stream->header_bytes_ += field.name().size() + field.value().size() + kFieldOverheadBytes;
  // Past the limit fields are only counted, so that the stream's owner can refuse the block at its
  // end. Far past it the block is an attack: 10,000 references of a byte can stand for 40 MB.
  if (!stream->HeaderListTooLarge()) {
    stream->OnHeader(field);
  } else if (stream->header_bytes_ > kHostileFactor * stream->header_limit_) {
    return NGHTTP2_ERR_CALLBACK_FAILURE;
  }
  return 0;
}

void Callbacks::OnPeerControl(Session& self, const nghttp2_frame* frame) {
  const bool ack = frame->hd.flags & NGHTTP2_FLAG_ACK;
  if (frame->hd.type == NGHTTP2_SETTINGS && !ack && !self.settled_) {
    self.settled_ = true;
    self.ArmTimer();
  } else if (frame->hd.type == NGHTTP2_PING && ack && self.draining_) {
    self.FinishDrain();
  } else if (frame->hd.type == NGHTTP2_GOAWAY) {
    self.going_ = true;
  }
}

int Callbacks::OnFrame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
  auto& self = *static_cast<Session*>(user);
  if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) {
    OnPeerControl(self, frame);
    return 0;
  }
  Stream* stream = self.StreamOf(frame->hd.stream_id);
  if (!stream) return 0;
  if (frame->hd.type == NGHTTP2_HEADERS) stream->OnHeadersEnd();
  if (!(frame->hd.flags & NGHTTP2_FLAG_END_STREAM)) return 0;
  // OnHeadersEnd may have closed it.
  stream = self.StreamOf(frame->hd.stream_id);
  if (stream) stream->OnEndOfStream();
  return 0;
}

int Callbacks::OnData(nghttp2_session* session, uint8_t, int32_t stream_id, const uint8_t* data,
                      size_t size, void* user) {
  auto& self = *static_cast<Session*>(user);
  // Credit for the connection comes at once, so that one slow stream stops only itself.
  self.ConsumeConnection(size);
  Stream* stream = self.StreamOf(stream_id);
  if (!stream) {
    nghttp2_session_consume_stream(session, stream_id, size);
    return 0;
  }
  stream->OnData(Slice(self.read_block_, reinterpret_cast<const char*>(data), size));
  return 0;
}

int Callbacks::OnStreamClose(nghttp2_session*, int32_t stream_id, uint32_t error, void* user) {
  auto& self = *static_cast<Session*>(user);
  if (Stream* stream = self.StreamOf(stream_id)) self.Detach(*stream, error);
  return 0;
}

int Callbacks::OnFrameSent(nghttp2_session* session, const nghttp2_frame* frame, void* user) {
  const bool may_end = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
  if (!may_end || !(frame->hd.flags & NGHTTP2_FLAG_END_STREAM)) return 0;
  const Stream* stream = static_cast<Session*>(user)->StreamOf(frame->hd.stream_id);
  if (!stream || !stream->reset_when_sent_) return 0;
  nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, frame->hd.stream_id,
                            *stream->reset_when_sent_);
  return 0;
}

// A request that the peer's GOAWAY overtook has no stream yet, so nothing else reports it.
int Callbacks::OnFrameNotSent(nghttp2_session*, const nghttp2_frame* frame, int, void* user) {
  auto& self = *static_cast<Session*>(user);
  if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
  Stream* stream = self.FindStream(frame->hd.stream_id);
  if (stream) self.Detach(*stream, NGHTTP2_REFUSED_STREAM);
  return 0;
}

ssize_t Callbacks::ReadData(nghttp2_session* session, int32_t stream_id, uint8_t*, size_t size,
                            uint32_t* flags, nghttp2_data_source* source, void* user) {
  // A detached stream may be gone from memory; nghttp2 only still knows its number.
  Stream* stream = static_cast<Session*>(user)->StreamOf(stream_id);
  if (!stream || stream != source->ptr) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  const size_t n = std::min(size, stream->pending_.size());
  const bool last = stream->ended_ && n == stream->pending_.size();
  if (n == 0 && !last) {
    stream->deferred_ = true;
    return NGHTTP2_ERR_DEFERRED;
  }
  *flags |= NGHTTP2_DATA_FLAG_NO_COPY;
  if (last) *flags |= NGHTTP2_DATA_FLAG_EOF;
  if (last && !stream->trailers_.empty()) {
    *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
    nghttp2_submit_trailer(session, stream_id, stream->trailers_.data(), stream->trailers_.size());
  }
  return static_cast<ssize_t>(n);
}

int Callbacks::SendData(nghttp2_session*, nghttp2_frame*, const uint8_t* frame_header, size_t size,
                        nghttp2_data_source* source, void* user) {
  auto& self = *static_cast<Session*>(user);
  auto* stream = static_cast<Stream*>(source->ptr);
  self.out_.Copy({reinterpret_cast<const char*>(frame_header), kFrameHeaderBytes});
  stream->TakePending(size, self.out_);
  stream->OnSent();
  return 0;
}

}  // namespace prism::http2
