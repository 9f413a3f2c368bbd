#pragma once

#include <nghttp2/nghttp2.h>

#include "wire/http2/session.h"

namespace prism::http2 {

// nghttp2's events, translated to those of Session and Stream.
struct Callbacks {
  // The table, made once per process.
  static nghttp2_session_callbacks* Get();

  static int OnBeginHeaders(nghttp2_session*, const nghttp2_frame* frame, void* user);
  static int OnHeader(nghttp2_session* session, const nghttp2_frame* frame, nghttp2_rcbuf* name,
                      nghttp2_rcbuf* value, uint8_t flags, void* user);
  static int OnFrame(nghttp2_session* session, const nghttp2_frame* frame, void* user);
  static int OnData(nghttp2_session* session, uint8_t flags, int32_t stream_id, const uint8_t* data,
                    size_t size, void* user);
  static int OnStreamClose(nghttp2_session* session, int32_t stream_id, uint32_t error, void* user);
  static int OnFrameSent(nghttp2_session* session, const nghttp2_frame* frame, void* user);
  static int OnFrameNotSent(nghttp2_session*, const nghttp2_frame* frame, int error, void* user);
  static ssize_t ReadData(nghttp2_session* session, int32_t stream_id, uint8_t* buffer, size_t size,
                          uint32_t* flags, nghttp2_data_source* source, void* user);
  static int SendData(nghttp2_session*, nghttp2_frame* frame, const uint8_t* frame_header,
                      size_t size, nghttp2_data_source* source, void* user);

 private:
  static void OnPeerControl(Session& self, const nghttp2_frame* frame);
};

}  // namespace prism::http2
