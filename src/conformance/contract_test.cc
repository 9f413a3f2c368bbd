// Holds the suites against the contracts' own words: what a case claims to prove must be written
// there, and what is written there must be proved by a case or be listed as unproven.

#include <gtest/gtest.h>

#include <cctype>
#include <fstream>
#include <sstream>

#include "conformance/registry.h"

namespace prism::conformance {
namespace {

// The comments on lines of their own, one entry per paragraph or list item, as one line each.
std::vector<std::string> Paragraphs(const std::string& proto) {
  std::vector<std::string> paragraphs;
  std::istringstream lines(proto);
  bool open = false;
  for (std::string line; std::getline(lines, line);) {
    const size_t start = line.find_first_not_of(' ');
    if (start == std::string::npos || line.compare(start, 2, "//") != 0) {
      open = false;
      continue;
    }
    std::string text = line.substr(start + 2);
    const size_t word = text.find_first_not_of(' ');
    if (word == std::string::npos) {
      open = false;
      continue;
    }
    text = text.substr(word);
    const bool item = text.starts_with("- ");
    if (item) text = text.substr(2);
    if (item || !open) {
      paragraphs.push_back(text);
    } else {
      paragraphs.back() += " " + text;
    }
    open = true;
  }
  return paragraphs;
}

// Cuts behind each full stop that another sentence follows.
std::vector<std::string> Sentences(const std::string& paragraph) {
  std::vector<std::string> sentences;
  size_t start = 0;
  for (size_t i = 0; i + 2 < paragraph.size(); ++i) {
    if (paragraph[i] != '.' || paragraph[i + 1] != ' ') continue;
    const char next = paragraph[i + 2];
    if (!std::isupper(static_cast<unsigned char>(next)) && next != '`') continue;
    sentences.push_back(paragraph.substr(start, i + 1 - start));
    start = i + 2;
  }
  sentences.push_back(paragraph.substr(start));
  return sentences;
}

std::vector<std::string> ContractOf(std::string_view interface) {
  const std::string path = std::string(PRISM_SOURCE_DIR) + "/proto/prism/interfaces/" +
                           std::string(interface) + ".proto";
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_FALSE(text.str().empty()) << path;
  return Paragraphs(text.str());
}

// A heading of a list ("For all keyvalue interfaces:") says nothing by itself.
bool IsHeading(const std::string& sentence) { return sentence.ends_with(":"); }

bool Contains(const std::vector<std::string>& paragraphs, std::string_view quote) {
  for (const std::string& paragraph : paragraphs) {
    if (paragraph.find(quote) != std::string::npos) return true;
  }
  return false;
}

// The contract, and that of the model's basic flavour, which speaks for all of them.
std::vector<std::string> Quotable(std::string_view interface) {
  std::vector<std::string> paragraphs = ContractOf(interface);
  const std::string model(interface.substr(0, interface.find('_')));
  if (interface != model + "_basic") {
    const std::vector<std::string> basic = ContractOf(model + "_basic");
    paragraphs.insert(paragraphs.end(), basic.begin(), basic.end());
  }
  return paragraphs;
}

std::vector<std::string> QuotesOf(const Suite& suite) {
  std::vector<std::string> quotes;
  for (const Case& one : suite.cases) {
    for (const std::string_view quote : one.proves) quotes.emplace_back(quote);
  }
  for (const Unproven& unproven : suite.unproven) quotes.emplace_back(unproven.sentence);
  return quotes;
}

TEST(Contract, SuitesQuoteIt) {
  for (const Suite* suite : AllSuites()) {
    const std::vector<std::string> contract = Quotable(suite->interface->name);
    for (const std::string& quote : QuotesOf(*suite)) {
      EXPECT_TRUE(Contains(contract, quote))
          << suite->interface->name << " does not promise: " << quote;
    }
    for (const Unproven& unproven : suite->unproven) EXPECT_FALSE(unproven.why.empty());
  }
}

TEST(Contract, EverySentenceIsProved) {
  for (const Suite* suite : AllSuites()) {
    const std::vector<std::string> quotes = QuotesOf(*suite);
    for (const std::string& paragraph : ContractOf(suite->interface->name)) {
      for (const std::string& sentence : Sentences(paragraph)) {
        if (IsHeading(sentence)) continue;
        const bool proved = std::any_of(quotes.begin(), quotes.end(), [&](const auto& quote) {
          return sentence.find(quote) != std::string::npos ||
                 quote.find(sentence) != std::string::npos;
        });
        EXPECT_TRUE(proved) << suite->interface->name << ": no case proves: " << sentence;
      }
    }
  }
}

TEST(Contract, IsCutIntoSentences) {
  const std::vector<std::string> paragraphs = Paragraphs(
      "package x;  // not a line of its own\n"
      "// One two\n// three. `Four` is 1.5. Five.\n//\n// - item\n//   goes on\n// - next\n"
      "service S {\n  // Inside.\n");
  const std::vector<std::string> expected = {"One two three. `Four` is 1.5. Five.", "item goes on",
                                             "next", "Inside."};
  EXPECT_EQ(paragraphs, expected);
  const std::vector<std::string> sentences = {"One two three.", "`Four` is 1.5.", "Five."};
  EXPECT_EQ(Sentences(paragraphs[0]), sentences);
}

}  // namespace
}  // namespace prism::conformance
