#pragma once

#include <cstdint>
#include <string>

namespace prism::postgres {

// Attributes as tables keep them: a message of the contract's with nothing else.
template <class Message, class Request>
std::string PackAttributes(const Request& request) {
  if (request.attributes().empty()) return {};
  Message only;
  *only.mutable_attributes() = request.attributes();
  return only.SerializeAsString();
}

// The bytes of payload and attributes that count for an answer's limit.
template <class Message>
int64_t AnswerBytes(const Message& message) {
  size_t bytes = message.payload().size();
  for (const auto& [name, value] : message.attributes()) bytes += name.size() + value.size();
  return static_cast<int64_t>(bytes);
}

}  // namespace prism::postgres
