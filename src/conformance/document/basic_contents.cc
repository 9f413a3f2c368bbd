#include <charconv>

#include "conformance/document/basic_cases.h"
#include "conformance/document/client.h"

namespace prism::conformance::documents {
namespace {

constexpr Code kBad = Code::kInvalidArgument;

// `{"x":[[...]]}` or `{"x":{"x":...}}` with so many levels.
std::string Nested(int levels, bool arrays) {
  std::string open = R"({"x":)";
  std::string close = "}";
  for (int i = 2; i <= levels; ++i) {
    const bool last = i == levels;
    open += arrays ? "[" : last ? "{" : R"({"x":)";
    close += arrays ? "]" : "}";
  }
  std::reverse(close.begin(), close.end());
  return open + close;
}

// Of a document `{"x":number}`.
double NumberIn(const std::string& json) {
  const size_t colon = json.find(':');
  const size_t start = json.find_first_not_of(' ', colon + 1);
  double number = -1;
  if (start != std::string::npos) {
    std::from_chars(json.data() + start, json.data() + json.size(), number);
  }
  return number;
}

}  // namespace

Task<void> DocumentsComeBack(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  const std::vector<std::string> texts = {
      "{}",
      R"( { "b" : [ 1 , true , null ] ,
           "a" : { "z" : "", "y" : [] , "x" : { } } } )",
      R"({"":"empty name","a.b":"dotted","$set":"dollar","n\u0000l":"zero \u0000"})",
      "{\"text\":\"\xc3\xa4 \xf0\x9f\x98\x80 \\ud83d\\ude00 \\\" \\\\ \\/ \\n\"}",
      R"({"null":null,"list":[[],[[]],{"a":[{"b":false}]}]})"};
  for (const std::string& text : texts) {
    const std::string id = c.Unique("id");
    const InsertResponse made = co_await documents.Insert(id, text);
    c.Expect(made.inserted() && made.version() > 0, "the document is inserted with a version");
    c.ExpectEq(made.id(), id);
    const GetResponse got = co_await documents.Get(id);
    c.ExpectEq(Canonical(got.document().json()), Canonical(text));
    c.ExpectEq(got.document().version(), made.version());
  }
}

Task<void> IdIsNotInTheDocument(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  const std::string own = R"({"_id":{"a":1},"id":"other"})";
  co_await documents.Insert("here", own);
  c.ExpectEq(co_await documents.Content("here"), own);
  co_await documents.Insert("bare", R"({"a":1})");
  c.ExpectEq(co_await documents.Content("bare"), R"({"a":1})");
  co_await documents.Replace("here", R"({"_id":2})");
  c.ExpectEq(co_await documents.Content("here"), R"({"_id":2})");
}

Task<void> NumbersAreKept(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  const std::string whole =
      R"({"above":9007199254740993,"least":-9223372036854775808,"most":9223372036854775807})";
  co_await documents.Insert("whole", whole);
  c.ExpectEq(co_await documents.Content("whole"), whole);
  for (const char* number : {"0.1", "-2.5e-7", "1.7976931348623157e308", "5e-324", "1e2",
                             "9223372036854775808", "123456789012345678901234567890"}) {
    const std::string json = std::string(R"({"x":)") + number + "}";
    const InsertResponse made = co_await documents.Insert("", json);
    const GetResponse got = co_await documents.Get(made.id());
    c.ExpectEq(NumberIn(got.document().json()), NumberIn(json));
  }
  for (const char* beyond : {R"({"x":1e309})", R"({"x":[-1e400]})"}) {
    co_await c.Refused(&DocumentBasicStub::Insert, InsertOf(documents.name(), "beyond", beyond),
                       kBad, "json");
  }
}

Task<void> LastMemberOfANameCounts(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  co_await documents.Insert("id", R"({"a":1,"b":{"c":1,"c":{"d":2}},"a":{"e":3},"\u0061":4})");
  c.ExpectEq(co_await documents.Content("id"), R"({"a":4,"b":{"c":{"d":2}}})");
}

Task<void> WhatIsNoDocumentIsRefused(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  for (const char* bad : {"[]", "1", "null", "\"text\""}) {
    co_await c.Refused(&DocumentBasicStub::Insert, InsertOf(documents.name(), "id", bad), kBad,
                       "json");
  }
  for (const char* bad : {"", " ", "{", "{\"a\":1,}", "{\"a\" 1}", "{'a':1}", "{a:1}", "{\"a\":01}",
                          "{\"a\":+1}", "{\"a\":.5}", "{\"a\":NaN}", "{\"a\":tru}",
                          "{\"a\":\"\n\"}", "{\"a\":\"\\x\"}", "{} {}", "{}x", "{/**/}"}) {
    const auto answer =
        co_await c.Try(&DocumentBasicStub::Insert, InsertOf(documents.name(), "id", bad));
    c.CheckRefused(answer.status, kBad, "json", Where::current());
    c.Expect(answer.status.message().find_first_of("0123456789") != std::string::npos,
             std::string("the position is told of ") + bad);
  }
  c.ExpectEq(co_await documents.Content("id"), "absent");
}

Task<void> NestingIsLimited(CaseContext& c) {
  constexpr int kMaxLevels = 64;
  Collection documents(c, c.Unique("collection"));
  for (const bool arrays : {false, true}) {
    const std::string most = Nested(kMaxLevels, arrays);
    const InsertResponse made = co_await documents.Insert("", most);
    c.ExpectEq(co_await documents.Content(made.id()), most);
    for (const int levels : {kMaxLevels + 1, 10'000}) {
      co_await c.Refused(&DocumentBasicStub::Insert,
                         InsertOf(documents.name(), "deep", Nested(levels, arrays)), kBad, "json");
    }
  }
}

// A backend or the way there may hold less, but nothing may hold more.
Task<void> TooLargeIsRefused(CaseContext& c) {
  constexpr size_t kMaxBytes = size_t{16} << 20;
  Collection documents(c, c.Unique("collection"));
  co_await documents.Insert("id", R"({"a":1})");
  const std::string large = R"({"a":")" + std::string(kMaxBytes, 'x') + "\"}";
  const auto answer =
      co_await c.Try(&DocumentBasicStub::Update, ReplaceOf(documents.name(), "id", large));
  const Code code = answer.status.code();
  c.Expect(code == kBad || code == Code::kResourceExhausted, "what is too large is refused");
  c.ExpectEq(co_await documents.Content("id"), R"({"a":1})");
}

Task<void> LongNamesAreTaken(CaseContext& c) {
  const std::string base = c.Unique("\xc3\xa4");
  const std::string longest = base + std::string(kMaxNameBytes - base.size(), 'x');
  Collection documents(c, longest);
  co_await documents.Insert(longest, R"({"a":1})");
  co_await documents.Insert("x", R"({"a":2})");
  c.ExpectEq(co_await documents.Content(longest), R"({"a":1})");
  c.ExpectEq(co_await documents.Content("x"), R"({"a":2})");
}

Task<void> BadNamesAreRefused(CaseContext& c) {
  const std::string name = c.Unique("name");
  for (const std::string& bad : BadNames()) {
    co_await c.Refused(&DocumentBasicStub::Insert, InsertOf(bad, name, "{}"), kBad, "collection");
    co_await c.Refused(&DocumentBasicStub::Get, Of<GetRequest>(bad, name), kBad, "collection");
    co_await c.Refused(&DocumentBasicStub::Update, ReplaceOf(bad, name, "{}"), kBad, "collection");
    co_await c.Refused(&DocumentBasicStub::Delete, Of<DeleteRequest>(bad, name), kBad,
                       "collection");
    co_await c.Refused(&DocumentBasicStub::Get, Of<GetRequest>(name, bad), kBad, "id");
    co_await c.Refused(&DocumentBasicStub::Update, MergeOf(name, bad, "{}"), kBad, "id");
    co_await c.Refused(&DocumentBasicStub::Delete, Of<DeleteRequest>(name, bad), kBad, "id");
    if (bad.empty()) continue;  // asks for a fresh one
    co_await c.Refused(&DocumentBasicStub::Insert, InsertOf(name, bad, "{}"), kBad, "id");
  }
}

Task<void> CollectionsNeverMeet(CaseContext& c) {
  const std::string name = c.Unique("collection");
  Collection one(c, name);
  Collection two(c, name + "2");
  co_await one.Insert("id", R"({"in":1})");
  c.ExpectEq(co_await two.Content("id"), "absent");
  const InsertResponse made = co_await two.Insert("id", R"({"in":2})");
  c.Expect(made.inserted(), "its id is free in the other collection");
  co_await two.Delete("id");
  c.ExpectEq(co_await one.Content("id"), R"({"in":1})");
}

Task<void> NamespacesNeverMeet(CaseContext& c) {
  const std::string name = c.Unique("collection");
  Collection here(c, name);
  Collection there(c.other(), name);
  co_await here.Insert("id", R"({"in":"here"})");
  c.ExpectEq(co_await there.Content("id"), "absent");
  const InsertResponse made = co_await there.Insert("id", R"({"in":"there"})");
  c.Expect(made.inserted(), "its id is free in the other namespace");
  co_await there.Delete("id");
  c.ExpectEq(co_await here.Content("id"), R"({"in":"here"})");
}

Task<void> AbsenceIsAnAnswer(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  co_await documents.Insert("other", "{}");
  const GetResponse none = co_await documents.Get("id");
  const UpdateResponse kept = co_await documents.Replace("id", R"({"a":1})");
  const UpdateResponse unmerged = co_await documents.Merge("id", R"({"a":1})", 1);
  const DeleteResponse gone = co_await documents.Delete("id");
  c.Expect(!none.found() && !kept.found() && !unmerged.found() && !gone.found(),
           "nothing is found");
  c.Expect(!kept.updated() && !unmerged.updated() && !gone.deleted(), "nothing is done");
  c.Expect(kept.version() == 0 && unmerged.version() == 0, "what is absent has no version");
  c.ExpectEq(co_await documents.Content("id"), "absent");
  c.ExpectEq(co_await documents.Content("other"), "{}");
}

}  // namespace prism::conformance::documents
