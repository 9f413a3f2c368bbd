#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace prism {

// One thing that is wrong with a configuration. Lines and columns count from 1; 0 if unknown.
struct Fault {
  std::string file;
  int line = 0;
  int column = 0;
  std::string message;
  std::string hint;  // what to do about it; may be empty
};

// Collects the faults of one file. After kMax it only counts.
class FaultList {
 public:
  static constexpr size_t kMax = 100;

  explicit FaultList(std::string file) : file_(std::move(file)) {}

  void Add(int line, int column, std::string message, std::string hint = "");
  bool empty() const { return faults_.empty(); }
  const std::string& file() const { return file_; }
  // All faults in the order of the file.
  std::vector<Fault> Take() &&;

 private:
  std::string file_;
  std::vector<Fault> faults_;
  size_t left_out_ = 0;
};

// For people: "file:line:column: message" and an indented "hint: ..." line, each with newline.
std::string FormatFaults(std::span<const Fault> faults);

// 'text' in quotes, shortened and with control characters escaped, for use in a message.
std::string Quoted(std::string_view text);

// "did you mean 'x'?" if a candidate is near, else `otherwise`.
std::string DidYouMean(std::string_view word, std::span<const std::string> candidates,
                       std::string otherwise = "");

// "a, b, c".
std::string Joined(std::span<const std::string> words);

}  // namespace prism
