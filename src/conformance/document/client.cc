#include "conformance/document/client.h"

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <cmath>
#include <map>
#include <set>

namespace prism::conformance::documents {
namespace {

namespace json = boost::json;

constexpr int kLanes = 16;
constexpr size_t kMaxDepth = 100;
constexpr char kDocument = 'd';
constexpr char kIndex = 'i';

void Append(const json::value& value, std::string& out);

void AppendNumber(double number, std::string& out) {
  constexpr double kExact = 9007199254740992;  // below it a double without fraction is exact
  if (std::trunc(number) == number && std::abs(number) < kExact) {
    out += std::to_string(static_cast<int64_t>(number));
    return;
  }
  std::array<char, 40> text{};
  out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr);
}

void AppendObject(const json::object& object, std::string& out) {
  std::map<std::string, const json::value*> members;
  for (const auto& [name, value] : object) members[std::string(name)] = &value;
  out += '{';
  for (const auto& [name, value] : members) {
    if (out.back() != '{') out += ',';
    out += json::serialize(json::string_view(name)) + ":";
    Append(*value, out);
  }
  out += '}';
}

void Append(const json::value& value, std::string& out) {
  if (const json::object* object = value.if_object()) return AppendObject(*object, out);
  if (const double* number = value.if_double()) return AppendNumber(*number, out);
  const json::array* array = value.if_array();
  if (!array) {
    out += json::serialize(value);
    return;
  }
  out += '[';
  for (const json::value& element : *array) {
    if (out.back() != '[') out += ',';
    Append(element, out);
  }
  out += ']';
}

void Note(Caller& caller, char kind, const std::string& collection, const std::string& name) {
  caller.Note(kind + collection + '\0' + name);
}

Task<void> Remove(CaseContext& c, const Noted& noted) {
  Caller caller = c.In(noted.name_space);
  const size_t end = noted.name.find('\0');
  const std::string collection = noted.name.substr(1, end - 1);
  const std::string name = noted.name.substr(end + 1);
  if (noted.name[0] == kDocument) {
    (void)co_await caller.Try(&DocumentBasicStub::Delete, Of<DeleteRequest>(collection, name));
    co_return;
  }
  DropIndexRequest drop;
  drop.set_collection(collection);
  drop.set_name(name);
  (void)co_await caller.Try(&DocumentIndexingStub::DropIndex, drop);
}

}  // namespace

std::string Canonical(const std::string& text) {
  json::parse_options options;
  options.max_depth = kMaxDepth;
  json::error_code ec;
  const json::value value = json::parse(text, ec, json::storage_ptr(), options);
  if (ec) return "not JSON: " + text;
  std::string out;
  Append(value, out);
  return out;
}

std::string JsonOf(const std::string& name, int number) {
  return "{\"" + name + "\":" + std::to_string(number) + "}";
}

InsertRequest InsertOf(std::string collection, std::string id, std::string json) {
  InsertRequest request = Of<InsertRequest>(std::move(collection), std::move(id));
  request.set_json(std::move(json));
  return request;
}

UpdateRequest ReplaceOf(std::string collection, std::string id, std::string json) {
  UpdateRequest request = Of<UpdateRequest>(std::move(collection), std::move(id));
  request.set_replacement_json(std::move(json));
  return request;
}

UpdateRequest MergeOf(std::string collection, std::string id, std::string json) {
  UpdateRequest request = Of<UpdateRequest>(std::move(collection), std::move(id));
  request.set_merge_patch_json(std::move(json));
  return request;
}

Index IndexOf(std::string name, std::vector<std::string> fields, bool unique) {
  Index index;
  index.set_name(std::move(name));
  for (std::string& field : fields) index.add_fields(std::move(field));
  index.set_unique(unique);
  return index;
}

CreateIndexRequest CreateOf(std::string collection, Index index) {
  CreateIndexRequest request;
  request.set_collection(std::move(collection));
  *request.mutable_index() = std::move(index);
  return request;
}

std::vector<std::string> BadNames() { return {"", std::string(kMaxNameBytes + 1, 'n')}; }

Task<InsertResponse> Collection::Insert(std::string id, std::string json, Where where) {
  InsertResponse made = co_await caller_.Call(
      &DocumentBasicStub::Insert, InsertOf(name_, std::move(id), std::move(json)), where);
  Note(caller_, kDocument, name_, made.id());
  co_return made;
}

Task<GetResponse> Collection::Get(std::string id, Where where) {
  GetResponse got =
      co_await caller_.Call(&DocumentBasicStub::Get, Of<GetRequest>(name_, id), where);
  if (got.found() != got.has_document()) {
    caller_.Fail("a document is told just when it is found", where);
  }
  if (got.found() && got.document().id() != id) caller_.Fail("the id is another one", where);
  if (got.found() && got.document().version() == 0) caller_.Fail("the version is 0", where);
  co_return got;
}

Task<UpdateResponse> Collection::Replace(std::string id, std::string json, Version expected,
                                         Where where) {
  UpdateRequest request = ReplaceOf(name_, std::move(id), std::move(json));
  if (expected) request.set_expected_version(*expected);
  return caller_.Call(&DocumentBasicStub::Update, std::move(request), where);
}

Task<UpdateResponse> Collection::Merge(std::string id, std::string patch, Version expected,
                                       Where where) {
  UpdateRequest request = MergeOf(name_, std::move(id), std::move(patch));
  if (expected) request.set_expected_version(*expected);
  return caller_.Call(&DocumentBasicStub::Update, std::move(request), where);
}

Task<DeleteResponse> Collection::Delete(std::string id, Version expected, Where where) {
  DeleteRequest request = Of<DeleteRequest>(name_, std::move(id));
  if (expected) request.set_expected_version(*expected);
  return caller_.Call(&DocumentBasicStub::Delete, std::move(request), where);
}

Task<void> Collection::CreateIndex(Index index, Where where) {
  NoteIndex(caller_, name_, index.name());
  const CreateIndexResponse made = co_await caller_.Call(&DocumentIndexingStub::CreateIndex,
                                                         CreateOf(name_, std::move(index)), where);
  if (!made.created()) caller_.Fail("the index is not made", where);
}

Task<std::string> Collection::Content(std::string id, Where where) {
  const GetResponse got = co_await Get(std::move(id), where);
  std::string content = "absent";
  if (got.found()) content = Canonical(got.document().json());
  co_return content;
}

void NoteIndex(Caller& caller, const std::string& collection, const std::string& name) {
  Note(caller, kIndex, collection, name);
}

// Whether it succeeds is no promise of the contract that is under test.
Task<void> RemoveNoted(CaseContext& c) {
  const std::set<Noted> all(c.noted().begin(), c.noted().end());
  auto next = all.begin();
  co_await c.Concurrently(kLanes, [&](int) -> Task<void> {
    while (next != all.end()) {
      const Noted& noted = *next++;
      co_await Remove(c, noted);
    }
  });
}

}  // namespace prism::conformance::documents
