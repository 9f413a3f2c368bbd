#include "conformance/keyvalue/client.h"
#include "conformance/list/basic_cases.h"
#include "conformance/list/client.h"

namespace prism::conformance::lists {

Task<void> NamesOfAllKinds(CaseContext& c) {
  Lists lists(c);
  const std::string base = c.Unique("n");
  const Values names = {
      base + std::string(kMaxNameBytes - base.size(), 'n'),
      base + " with spaces, /slashes/ and \"quotes\"",
      base + "\xc3\xa4\xe2\x82\xac\xf0\x9f\x94\x91",  // of two, three and four bytes
      base + "*?[a]%_{}",
      base + "\r\n\t",
  };
  for (const std::string& name : names) {
    const Values one(1, "in " + name);
    co_await lists.PushRight(name, one);
  }
  for (const std::string& name : names) {
    const Values one(1, "in " + name);
    c.ExpectEq(co_await lists.Drain(name), one);
  }
  // The one name that is not unique to the run: it is looked at, not written.
  (void)co_await c.Call(&ListBasicStub::Length, Of<LengthRequest>("l"));
}

Task<void> BadNamesAreRefused(CaseContext& c) {
  for (const std::string& name : BadNames()) {
    co_await c.Refused(&ListBasicStub::PushLeft, PushOf(name, Letters("a")), Code::kInvalidArgument,
                       "list");
    co_await c.Refused(&ListBasicStub::PushRight, PushOf(name, Letters("a")),
                       Code::kInvalidArgument, "list");
    co_await c.Refused(&ListBasicStub::PopLeft, PopOf(name, 1), Code::kInvalidArgument, "list");
    co_await c.Refused(&ListBasicStub::PopRight, PopOf(name, 1), Code::kInvalidArgument, "list");
    co_await c.Refused(&ListBasicStub::Length, Of<LengthRequest>(name), Code::kInvalidArgument,
                       "list");
    co_await c.Refused(&ListBasicStub::Clear, Of<ClearRequest>(name), Code::kInvalidArgument,
                       "list");
  }
}

// Field 1, two bytes that are no UTF-8: the stubs of most languages would not send it.
Task<void> NamesThatAreNoTextAreRefused(CaseContext& c) {
  for (const MethodInfo& method : c.interface().methods) {
    const RawAnswer answer = co_await c.CallRaw(method, "\x0a\x02\xc3\x28");
    c.ExpectEq(answer.status.code(), Code::kInvalidArgument);
  }
}

Task<void> ElementsAreAnyBytes(CaseContext& c) {
  Lists lists(c);
  const std::string list = c.Unique("list");
  std::string bytes;
  for (int i = 0; i < 512; ++i) bytes += static_cast<char>(i % 256);
  const Values values = {bytes, "", std::string(3, '\0'), "", "\xff\xfe", bytes};
  c.ExpectEq(co_await lists.PushRight(list, values), 6);
  c.ExpectEq(co_await lists.Drain(list), values);
}

// A backend may hold less than a message does, but what it takes it gives back.
Task<void> LargeElements(CaseContext& c) {
  Lists lists(c);
  bool refused = false;
  for (const uint64_t size : {uint64_t{1} << 10, uint64_t{64} << 10, uint64_t{1} << 20,
                              uint64_t{8} << 20, c.max_message_bytes() - 256}) {
    if (size > c.max_message_bytes() - 256) continue;
    const std::string list = c.Unique("list");
    c.Note(list);
    const Values values(1, std::string(size, static_cast<char>('a' + size % 26)));
    const auto pushed = co_await c.Try(&ListBasicStub::PushLeft, PushOf(list, values));
    if (!pushed.status.ok()) {
      refused = true;
      c.Expect(size > 1024, "an element of 1 KiB is taken");
      c.CheckRefused(pushed.status, Code::kResourceExhausted, "", Where::current());
      c.ExpectEq(co_await lists.Length(list), 0);
      continue;
    }
    c.Expect(!refused, "a larger element is refused too");
    const Values popped = co_await lists.PopRight(list);
    c.Expect(popped == values, "what was pushed is popped whole");
  }
}

Task<void> TooLargeAPushIsRefused(CaseContext& c) {
  Lists lists(c);
  const std::string list = c.Unique("list");
  co_await lists.PushRight(list, Letters("ab"));
  Values values(1, std::string(c.max_message_bytes() + 1, 'x'));
  co_await c.Refused(&ListBasicStub::PushLeft, PushOf(list, values), Code::kResourceExhausted,
                     "limit");
  values.assign(4, std::string(c.max_message_bytes() / 4, 'x'));  // too large together
  co_await c.Refused(&ListBasicStub::PushRight, PushOf(list, values), Code::kResourceExhausted,
                     "limit");
  c.ExpectEq(co_await lists.Drain(list), Letters("ab"));
}

Task<void> OtherModelsKeepTheirs(CaseContext& c) {
  Lists lists(c);
  KeyValue kv(c);
  const std::string name = c.Unique("name");
  co_await kv.Set(name, "value");
  c.ExpectEq(co_await lists.Length(name), 0);
  c.ExpectEq(co_await lists.PushRight(name, Letters("ab")), 2);
  c.ExpectEq(co_await kv.Get(name), "value");
  co_await kv.Set(name, "another");
  c.ExpectEq(co_await lists.Length(name), 2);
  c.ExpectEq(co_await lists.Clear(name), 2);
  c.ExpectEq(co_await kv.Get(name), "another");
  co_await lists.PushRight(name, Letters("c"));
  c.ExpectEq(co_await kv.Delete(name), true);
  c.ExpectEq(co_await lists.Drain(name), Letters("c"));
}

Task<void> NamespacesNeverMeet(CaseContext& c) {
  Lists here(c);
  Lists there(c.other());
  const std::string list = c.Unique("list");
  co_await here.PushRight(list, Letters("abc"));
  c.ExpectEq(co_await there.Length(list), 0);
  c.ExpectEq(co_await there.PopLeft(list), Values());
  c.ExpectEq(co_await there.Clear(list), 0);
  c.ExpectEq(co_await there.PushRight(list, Letters("x")), 1);
  c.ExpectEq(co_await here.Drain(list), Letters("abc"));
  c.ExpectEq(co_await there.Drain(list), Letters("x"));
}

}  // namespace prism::conformance::lists
