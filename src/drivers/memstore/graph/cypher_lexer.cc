#include "drivers/memstore/graph/cypher_lexer.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace prism::memstore::cypher {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0;
}

constexpr std::array<std::string_view, 5> kPairs = {"<>", "<=", ">=", "..", "=~"};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<std::vector<Token>> Run() {
    std::vector<Token> tokens;
    while (true) {
      PRISM_RETURN_IF_ERROR(SkipSpace());
      Token token;
      token.position = position_;
      token.begin = at_;
      if (at_ < text_.size()) PRISM_RETURN_IF_ERROR(Read(token));
      token.end = at_;
      tokens.push_back(token);
      if (token.kind == Token::Kind::kEnd) return tokens;
    }
  }

 private:
  char Look(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  char Take() {
    const char c = text_[at_++];
    // Bytes within a character are no columns.
    if (c == '\n') {
      position_ = {position_.line + 1, 1};
    } else if ((c & 0xc0) != 0x80) {
      ++position_.column;
    }
    return c;
  }

  Status SkipSpace() {
    while (at_ < text_.size()) {
      if (std::string_view(" \t\r\n").find(Look()) != std::string_view::npos) {
        Take();
      } else if (Look() == '/' && Look(1) == '/') {
        while (at_ < text_.size() && Look() != '\n') Take();
      } else if (Look() == '/' && Look(1) == '*') {
        const Position begin = position_;
        const size_t end = text_.find("*/", at_ + 2);
        if (end == std::string_view::npos) return ErrorAt(begin, "a comment does not end");
        while (at_ < end + 2) Take();
      } else {
        break;
      }
    }
    return OkStatus();
  }

  Status Read(Token& token) {
    const char c = Look();
    if (IsLetter(c)) {
      token.kind = Token::Kind::kName;
      while (IsLetter(Look()) || IsDigit(Look())) token.text += Take();
      return OkStatus();
    }
    if (IsDigit(c) || (c == '.' && IsDigit(Look(1)))) return ReadNumber(token);
    if (c == '\'' || c == '"') return ReadString(token);
    if (c == '`') return ReadQuotedName(token);
    if (c == '$' && (IsLetter(Look(1)) || IsDigit(Look(1)))) {
      token.kind = Token::Kind::kParameter;
      Take();
      while (IsLetter(Look()) || IsDigit(Look())) token.text += Take();
      return OkStatus();
    }
    token.kind = Token::Kind::kSymbol;
    const std::string_view pair = text_.substr(at_, 2);
    if (std::find(kPairs.begin(), kPairs.end(), pair) != kPairs.end()) token.text += Take();
    token.text += Take();
    return OkStatus();
  }

  Status ReadNumber(Token& token) {
    token.kind = Token::Kind::kInteger;
    while (IsDigit(Look())) token.text += Take();
    // Two dots are a range.
    if (Look() == '.' && IsDigit(Look(1))) {
      token.kind = Token::Kind::kDouble;
      token.text += Take();
      while (IsDigit(Look())) token.text += Take();
    }
    const bool sign = Look(1) == '-' || Look(1) == '+';
    if ((Look() == 'e' || Look() == 'E') && IsDigit(Look(sign ? 2 : 1))) {
      token.kind = Token::Kind::kDouble;
      token.text += Take();
      if (sign) token.text += Take();
      while (IsDigit(Look())) token.text += Take();
    }
    if (!IsLetter(Look())) return OkStatus();
    return ErrorAt(token.position, "this is no number");
  }

  Status ReadString(Token& token) {
    token.kind = Token::Kind::kString;
    const char quote = Take();
    while (at_ < text_.size()) {
      char c = Take();
      if (c == quote) return OkStatus();
      if (c == '\\') {
        if (at_ == text_.size()) break;
        PRISM_RETURN_IF_ERROR(ReadEscape(token, c));
      }
      token.text += c;
    }
    return ErrorAt(token.position, "a string does not end");
  }

  Status ReadEscape(const Token& token, char& c) {
    static constexpr std::string_view kFrom = "\\'\"nrtbf";
    static constexpr std::string_view kTo = "\\'\"\n\r\t\b\f";
    const size_t which = kFrom.find(Take());
    if (which == std::string_view::npos) {
      return ErrorAt(token.position, "a string has an unsupported escape sequence");
    }
    c = kTo[which];
    return OkStatus();
  }

  Status ReadQuotedName(Token& token) {
    token.kind = Token::Kind::kQuotedName;
    Take();
    while (at_ < text_.size()) {
      const char c = Take();
      if (c != '`') {
        token.text += c;
      } else if (Look() == '`') {
        token.text += Take();
      } else if (!token.text.empty()) {
        return OkStatus();
      } else {
        break;
      }
    }
    return ErrorAt(token.position, "a quoted name is empty or does not end");
  }

  const std::string_view text_;
  size_t at_ = 0;
  Position position_;
};

}  // namespace

Status ErrorAt(Position position, const std::string& what) {
  return InvalidArgumentError("openCypher, line " + std::to_string(position.line) + ", column " +
                              std::to_string(position.column) + ": " + what);
}

bool Token::IsKeyword(std::string_view upper_case) const {
  return kind == Kind::kName &&
         std::equal(text.begin(), text.end(), upper_case.begin(), upper_case.end(),
                    [](unsigned char a, char b) { return std::toupper(a) == b; });
}

Result<std::vector<Token>> Tokenize(std::string_view text) { return Lexer(text).Run(); }

}  // namespace prism::memstore::cypher
