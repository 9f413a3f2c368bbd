#include "config/yaml.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/utf8.h"

namespace prism {
namespace {

// Ends parsing; what was wrong has been said.
struct Stop {};

struct Place {
  int line = 0;
  int column = 0;
};

Place PlaceOf(const YAML::Mark& mark) { return {mark.line + 1, mark.column + 1}; }

std::vector<std::string_view> SplitLines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (true) {
    const size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

// Builds the tree from the parser's events. A node under construction is a frame.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(std::string_view text, FaultList& faults)
      : lines_(SplitLines(text)), faults_(faults) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ == 0) return;
    const Place place = PlaceOf(mark);
    faults_.Add(place.line, place.column, "a second document starts here; one is expected",
                "check the indentation, and remove lines of '---' or '...'");
    throw Stop();
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    YamlNode node = NewNode(YamlNode::Kind::kNull, mark, "", anchor);
    // The parser has moved past a value that is not there; its key tells better where it should be.
    const Frame* parent = frames_.empty() ? nullptr : &frames_.back();
    if (parent && parent->has_key) {
      node.line = parent->key_place.line;
      node.column = parent->key_place.column;
    }
    Attach(std::move(node));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    const Place place = PlaceOf(mark);
    faults_.Add(place.line, place.column, "aliases ('*name') are not supported",
                "write the value out");
    Attach(NewNode(YamlNode::Kind::kNull, mark, "", 0));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    CheckQuotes(mark);
    YamlNode node = NewNode(YamlNode::Kind::kScalar, mark, tag, anchor);
    node.text = value;
    Attach(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    Open(YamlNode::Kind::kList, mark, tag, anchor, style);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    Open(YamlNode::Kind::kMap, mark, tag, anchor, style);
  }
  void OnSequenceEnd() override { Close(); }
  void OnMapEnd() override { Close(); }

  // The innermost bracket that is still open: where an unexpected end comes from.
  std::optional<Place> OpenBracket() const {
    for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame) {
      if (frame->flow) return Place{frame->node.line, frame->node.column};
    }
    return std::nullopt;
  }

  YamlNode TakeRoot() && { return std::move(root_); }

 private:
  struct Frame {
    YamlNode node;
    bool flow = false;
    bool has_key = false;  // the next node of this map is the value of `key`
    std::string key;
    Place key_place;
    std::unordered_map<std::string, int> lines_of_keys;
  };

  YamlNode NewNode(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag,
                   YAML::anchor_t anchor) {
    const Place place = PlaceOf(mark);
    if (anchor != 0) {
      faults_.Add(place.line, place.column, "anchors ('&name') are not supported",
                  "write the value out where it is used");
    }
    if (!tag.empty() && tag != "?" && tag != "!") {
      faults_.Add(place.line, place.column, fmt::format("tags are not supported: {}", Quoted(tag)),
                  "remove the tag; the key decides the type");
    }
    if (++nodes_ > kMaxYamlNodes) {
      faults_.Add(place.line, place.column,
                  fmt::format("more than {} values in one file", kMaxYamlNodes));
      throw Stop();
    }
    YamlNode node;
    node.kind = kind;
    node.line = place.line;
    node.column = place.column;
    return node;
  }

  void Open(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor, YAML::EmitterStyle::value style) {
    Frame frame;
    frame.node = NewNode(kind, mark, tag, anchor);
    frame.flow = style == YAML::EmitterStyle::Flow;
    if (frames_.size() == static_cast<size_t>(kMaxYamlDepth)) {
      faults_.Add(frame.node.line, frame.node.column,
                  fmt::format("nested more than {} deep", kMaxYamlDepth));
      throw Stop();
    }
    frames_.push_back(std::move(frame));
  }

  void Close() {
    YamlNode node = std::move(frames_.back().node);
    frames_.pop_back();
    Attach(std::move(node));
  }

  void Attach(YamlNode node) {
    if (frames_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& parent = frames_.back();
    if (parent.node.kind == YamlNode::Kind::kMap && !parent.has_key) return TakeKey(parent, node);
    const bool is_map = parent.node.kind == YamlNode::Kind::kMap;
    if (is_map && !KeepsKey(parent)) return;
    if (is_map) {
      node.key = std::move(parent.key);
      node.key_line = parent.key_place.line;
      node.key_column = parent.key_place.column;
    }
    parent.node.items.push_back(std::move(node));
  }

  void TakeKey(Frame& parent, YamlNode& node) {
    parent.has_key = true;
    parent.key_place = {node.line, node.column};
    parent.key = std::move(node.text);
    if (node.kind == YamlNode::Kind::kScalar) return;
    faults_.Add(node.line, node.column, "a key must be a word");
    parent.key.clear();
  }

  // Whether the value that belongs to the pending key is to be kept: the first of its name is.
  bool KeepsKey(Frame& parent) {
    parent.has_key = false;
    if (parent.key.empty()) return false;
    const auto [entry, added] = parent.lines_of_keys.try_emplace(parent.key, parent.key_place.line);
    if (!added) {
      faults_.Add(parent.key_place.line, parent.key_place.column,
                  fmt::format("key {} is given twice", Quoted(parent.key)),
                  fmt::format("it is first given on line {}", entry->second));
    }
    return added;
  }

  // The parser takes a quote that is never closed as lasting to the end of the file.
  void CheckQuotes(const YAML::Mark& mark) {
    const Place place = PlaceOf(mark);
    if (place.line < 1 || static_cast<size_t>(place.line) > lines_.size()) return;
    const std::string_view line = lines_[place.line - 1];
    if (place.column < 1 || static_cast<size_t>(place.column) > line.size()) return;
    const char quote = line[place.column - 1];
    if (quote != '"' && quote != '\'') return;
    for (size_t i = place.column; i < line.size(); ++i) {
      const bool doubled = quote == '\'' && line.substr(i, 2) == "''";
      if (doubled || (quote == '"' && line[i] == '\\')) {
        ++i;
      } else if (line[i] == quote) {
        return;
      }
    }
    faults_.Add(place.line, place.column, "this quote is not closed on its line",
                "add the closing quote");
    throw Stop();
  }

  const std::vector<std::string_view> lines_;
  FaultList& faults_;
  std::vector<Frame> frames_;
  YamlNode root_;
  int documents_ = 0;
  size_t nodes_ = 0;
};

// Bytes that the parser would drop, stop at or misread.
bool CheckIsText(std::string_view text, FaultList& faults) {
  int line = 1;
  size_t line_start = 0;
  for (size_t i = 0; i < text.size();) {
    const unsigned char c = text[i];
    const size_t length = Utf8CharLength(text.substr(i));
    const bool control = (c < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7F;
    if (control || length == 0) {
      const int column = static_cast<int>(i - line_start) + 1;
      faults.Add(line, column,
                 fmt::format("byte 0x{:02x} is not {}", c, control ? "text" : "UTF-8"),
                 "save the file as UTF-8 text");
      return false;
    }
    i += length;
    if (c == '\n') ++line, line_start = i;
  }
  return true;
}

void AddSyntaxFault(const YAML::ParserException& error, const TreeBuilder& builder,
                    FaultList& faults) {
  const Place at = error.mark.is_null() ? Place{1, 1} : PlaceOf(error.mark);
  const std::string_view message = error.msg;
  // The parser names the place where it gave up, which says nothing about where the bracket is.
  const auto bracket = builder.OpenBracket();
  const bool unclosed =
      message == YAML::ErrorMsg::END_OF_SEQ_FLOW || message == YAML::ErrorMsg::END_OF_MAP_FLOW;
  if (unclosed && bracket) {
    faults.Add(bracket->line, bracket->column, "this bracket is never closed",
               "add the closing ']' or '}'");
    return;
  }
  std::string hint;
  if (message == YAML::ErrorMsg::MAP_VALUE) {
    hint = "check the indentation; quote a value that contains ': '";
  } else if (message == YAML::ErrorMsg::BLOCK_ENTRY) {
    hint = "indent with spaces, not tabs";
  } else if (message == YAML::ErrorMsg::UNKNOWN_TOKEN) {
    hint = "quote the value";
  }
  faults.Add(at.line, at.column, fmt::format("YAML syntax: {}", message), std::move(hint));
}

}  // namespace

std::optional<YamlNode> ParseYaml(std::string_view text, FaultList& faults) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (!CheckIsText(text, faults)) return std::nullopt;
  TreeBuilder builder(text, faults);
  try {
    std::istringstream in{std::string(text)};
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop&) {
    return std::nullopt;
  } catch (const YAML::ParserException& error) {
    AddSyntaxFault(error, builder, faults);
    return std::nullopt;
  } catch (const std::exception& error) {
    faults.Add(1, 1, fmt::format("YAML syntax: {}", error.what()));
    return std::nullopt;
  }
  YamlNode root = std::move(builder).TakeRoot();
  if (root.kind == YamlNode::Kind::kNull) {
    root.kind = YamlNode::Kind::kMap;
    root.line = root.column = 1;
  }
  return root;
}

}  // namespace prism
