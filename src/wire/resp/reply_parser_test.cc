#include "wire/resp/reply_parser.h"

#include <gtest/gtest.h>

namespace prism::resp {
namespace {

using Type = Reply::Type;

std::string Show(const Reply& reply) {
  switch (reply.type) {
    case Type::kNull:
      return "null";
    case Type::kInteger:
      return std::to_string(reply.integer);
    case Type::kString:
      return "'" + reply.text + "'";
    case Type::kStatus:
      return "+" + reply.text;
    case Type::kError:
      return "-" + reply.text;
    case Type::kArray:
      break;
  }
  std::string text = "[";
  for (const Reply& element : reply.elements) text += Show(element) + " ";
  return text + "]";
}

// What a parser makes of `bytes` that come in pieces of `step`: replies, then how it ended.
std::string Parse(std::string_view bytes, size_t step, ReplyLimits limits = {}) {
  ReplyParser parser(limits);
  std::string shown;
  while (!bytes.empty()) {
    std::string_view piece = bytes.substr(0, step);
    bytes.remove_prefix(piece.size());
    while (!piece.empty()) {
      Reply reply;
      const Result<bool> complete = parser.Next(piece, reply);
      if (!complete.ok()) return shown + "error";
      if (*complete) shown += Show(reply) + ";";
    }
  }
  return shown;
}

TEST(ReplyParser, ReadsEveryTypeInPiecesOfAnySize) {
  const std::string bytes =
      "+OK\r\n-ERR no such key\r\n:42\r\n:-7\r\n$5\r\nhello\r\n$0\r\n\r\n$-1\r\n*-1\r\n*0\r\n"
      "*3\r\n$1\r\na\r\n*2\r\n:1\r\n$-1\r\n+x\r\n$4\r\n\r\n\r\n\r\n";
  const std::string expected =
      "+OK;-ERR no such key;42;-7;'hello';'';null;null;[];['a' [1 null ] +x ];'\r\n\r\n';";
  for (size_t step = 1; step <= bytes.size(); ++step) EXPECT_EQ(Parse(bytes, step), expected);
}

TEST(ReplyParser, RefusesWhatIsNotResp) {
  for (const char* bytes : {"HTTP/1.1 400 Bad Request\r\n", "\r\n", "$x\r\n", "$-2\r\n", "*-2\r\n",
                            ":1a\r\n", ":\r\n", "+OK\n", "$3\r\nabcd\r\n", "$3\r\nabc\n\n"}) {
    for (size_t step = 1; step <= 30; ++step) EXPECT_EQ(Parse(bytes, step), "error") << bytes;
  }
}

TEST(ReplyParser, RefusesAtTheFirstByte) { EXPECT_EQ(Parse("+OK\r\n\xff", 1), "+OK;error"); }

TEST(ReplyParser, RefusesALineThatDoesNotEnd) {
  EXPECT_EQ(Parse("+" + std::string(100'000, 'x'), 4096), "error");
}

TEST(ReplyParser, KeepsItsLimits) {
  const ReplyLimits limits{.max_bytes = 10, .max_elements = 3, .max_depth = 2};
  EXPECT_EQ(Parse("$10\r\n0123456789\r\n", 99, limits), "'0123456789';");
  EXPECT_EQ(Parse("$11\r\n", 99, limits), "error");
  EXPECT_EQ(Parse("*2\r\n$6\r\n012345\r\n$6\r\n", 99, limits), "error");
  EXPECT_EQ(Parse("*4\r\n", 99, limits), "error");
  EXPECT_EQ(Parse("*1\r\n*1\r\n:1\r\n", 99, limits), "[[1 ] ];");
  EXPECT_EQ(Parse("*1\r\n*1\r\n*1\r\n", 99, limits), "error");
  // They are of one reply, not of all.
  EXPECT_EQ(Parse("$6\r\n012345\r\n$6\r\n012345\r\n", 99, limits), "'012345';'012345';");
}

TEST(ReplyParser, ALengthAloneTakesNoMemory) {
  ReplyParser parser({.max_bytes = size_t{1} << 40});
  std::string_view bytes = "$1000000000000\r\nx";
  Reply reply;
  const Result<bool> complete = parser.Next(bytes, reply);
  ASSERT_TRUE(complete.ok());
  EXPECT_FALSE(*complete);
}

}  // namespace
}  // namespace prism::resp
