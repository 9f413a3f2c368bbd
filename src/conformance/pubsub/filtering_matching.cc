#include "conformance/pubsub/filtering_cases.h"
#include "conformance/pubsub/filters.h"

namespace prism::conformance::pubsub_suite {
namespace {

// A filter, and the payloads of the messages that it accepts, in the order of publishing.
using Table = std::vector<std::pair<Filter, std::vector<std::string>>>;
using Sent = std::vector<std::pair<std::string, Attributes>>;

constexpr char kEnd[] = "end";

// Each filter's subscription must receive the messages that it accepts, and at the end one that
// is let in beside it, which shows that no others came.
Task<void> ExpectAccepted(CaseContext& c, const Sent& messages, const Table& table,
                          Where where = Where::current()) {
  Publisher publisher(c);
  const std::string topic = c.Unique("topic");
  const Attributes end = {{kEnd, ""}};
  for (const auto& [filter, accepted] : table) {
    FilteredListener alone(c, topic, filter);
    FilteredListener listener(c, topic, AnyOf({filter, Exists(kEnd)}));
    (void)co_await alone.Ready(c, where);
    (void)co_await listener.Ready(c, where);
    for (const auto& [payload, attributes] : messages) {
      co_await publisher.Attributed(topic, payload, attributes, where);
    }
    co_await publisher.Attributed(topic, kEnd, end, where);
    std::vector<std::string> expected = accepted;
    const int count = static_cast<int>(expected.size());
    c.ExpectEq(co_await alone.Take(c, count, where), expected, where);
    expected.emplace_back(kEnd);
    c.ExpectEq(co_await listener.Take(c, count + 1, where), expected, where);
  }
}

// Messages with one attribute "a", of these values, which are their payloads too.
Sent OfValues(const std::vector<std::string>& values) {
  Sent messages;
  for (const std::string& value : values) messages.push_back({value, {{"a", value}}});
  return messages;
}

}  // namespace

Task<void> EqualsIsTheWholeValue(CaseContext& c) {
  Sent messages = OfValues({"", "x", "X", "xy", " x", "\xc3\xa4", "a\xcc\x88"});
  messages.push_back({"another's", {{"b", "x"}}});
  messages.push_back({"among others", {{"b", "y"}, {"a", "x"}, {"A", "z"}}});
  messages.push_back({"none", {}});
  const Table table = {{Equals("a", "x"), {"x", "among others"}},
                       {Equals("a", ""), {""}},
                       {Equals("a", "\xc3\xa4"), {"\xc3\xa4"}},
                       {Equals("a", "nothing"), {}},
                       {Equals("A", "z"), {"among others"}}};
  co_await ExpectAccepted(c, messages, table);
}

Task<void> PrefixIsTheBeginning(CaseContext& c) {
  Sent messages = OfValues({"", "x", "xy", "xyz", "yxy", "XY"});
  messages.push_back({"another's", {{"b", "xy"}}});
  const Table table = {{Prefix("a", "xy"), {"xy", "xyz"}},
                       {Prefix("a", ""), {"", "x", "xy", "xyz", "yxy", "XY"}},
                       {Prefix("a", "xyzz"), {}}};
  co_await ExpectAccepted(c, messages, table);
}

Task<void> ExistsIsOfAnyValue(CaseContext& c) {
  Sent messages = OfValues({"", "x"});
  messages.push_back({"another's", {{"aa", "a"}}});
  messages.push_back({"none", {}});
  const Table table = {{Exists("a"), {"", "x"}}, {Exists("aa"), {"another's"}}, {Exists("b"), {}}};
  co_await ExpectAccepted(c, messages, table);
}

Task<void> RangeIsOfNumbers(CaseContext& c) {
  const Sent messages = OfValues({"-2", "-0.5", "0", "0.5", "1", "2", "10", "1e3", "1.5E-2"});
  const Table table = {
      {Range("a", 0.5, 2), {"0.5", "1", "2"}},
      {Range("a", 2, {}), {"2", "10", "1e3"}},
      {Range("a", {}, -0.5), {"-2", "-0.5"}},
      {Range("a", {}, {}), {"-2", "-0.5", "0", "0.5", "1", "2", "10", "1e3", "1.5E-2"}},
      {Range("a", 1000, 1000), {"1e3"}},
      {Range("a", 0.01, 0.02), {"1.5E-2"}},
      {Range("a", 2, 1), {}},
      {Range("b", {}, {}), {}}};
  co_await ExpectAccepted(c, messages, table);
}

Task<void> NoTextIsInARange(CaseContext& c) {
  const Sent messages = OfValues({"", "one", "1x", "x1", "1 ", "1 2", "1,5", "1", "inf", "-inf",
                                  "nan", "1e999", "0x1", "1e", "-"});
  const Table table = {{Range("a", {}, {}), {"1"}}, {Range("a", -1e300, 2), {"1"}}};
  co_await ExpectAccepted(c, messages, table);
}

Task<void> ListsCombine(CaseContext& c) {
  const Sent messages = {{"a", {{"a", "1"}}},
                         {"b", {{"b", "1"}}},
                         {"ab", {{"a", "1"}, {"b", "1"}}},
                         {"neither", {{"a", "2"}}}};
  const Filter a = Equals("a", "1");
  const Filter b = Equals("b", "1");
  const Table table = {{AllOf({a, b}), {"ab"}},
                       {AnyOf({a, b}), {"a", "b", "ab"}},
                       {AnyOf({}), {}},
                       {AllOf({a}), {"a", "ab"}},
                       {AllOf({a, AnyOf({})}), {}},
                       {AnyOf({AllOf({a, b}), Equals("a", "2")}), {"ab", "neither"}},
                       {AllOf({AnyOf({a, b}), Not(AllOf({a, b}))}), {"a", "b"}},
                       {AllOf({a, AllOf({})}), {"a", "ab"}}};
  co_await ExpectAccepted(c, messages, table);
  const Table everything = {{AllOf({}), {"a", "b", "ab", "neither"}}};
  co_await ExpectAccepted(c, messages, everything);
}

// The message at the end has none of the attributes: what accepts that is told to refuse it.
Task<void> NegationAcceptsAbsence(CaseContext& c) {
  Sent messages = OfValues({"", "x", "1"});
  messages.push_back({"another's", {{"b", "x"}}});
  messages.push_back({"none", {}});
  const Filter not_the_end = Not(Exists(kEnd));
  const auto but = [&](const Filter& filter) { return AllOf({Not(filter), not_the_end}); };
  const Table table = {{but(Equals("a", "x")), {"", "1", "another's", "none"}},
                       {but(Prefix("a", "")), {"another's", "none"}},
                       {but(Exists("a")), {"another's", "none"}},
                       {but(Range("a", {}, {})), {"", "x", "another's", "none"}},
                       {but(AnyOf({Exists("a"), Exists("b")})), {"none"}},
                       {but(Not(Exists("a"))), {"", "x", "1"}}};
  co_await ExpectAccepted(c, messages, table);
}

}  // namespace prism::conformance::pubsub_suite
