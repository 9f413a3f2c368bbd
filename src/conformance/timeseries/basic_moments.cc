#include <algorithm>
#include <set>

#include "conformance/timeseries/basic_cases.h"
#include "conformance/timeseries/client.h"

namespace prism::conformance::points {

// Clients that read what they have just written, over other connections, while all write to the
// same measurement.
Task<void> ReadsSeeTheirWrites(CaseContext& c) {
  const std::string name = c.Unique("measurement");
  co_await c.Concurrently(8, [&](int client) -> Task<void> {
    TimeSeries ts(c);
    const Tags mine = {{"client", std::to_string(client)}};
    Samples written;
    for (int i = 0; i < 20 && c.ok(); ++i) {
      const Samples next = {{kThenUs + i, static_cast<double>(client * 100 + i)}};
      co_await ts.Insert(name, mine, next);
      written.push_back(next[0]);
      c.ExpectEq(co_await ts.Points(QueryOf(name, mine)), written);
    }
  });
}

// All clients write to one series, each at times of its own.
Task<void> NoPointIsLost(CaseContext& c) {
  constexpr int kClients = 8;
  constexpr int kEach = 25;
  const std::string name = c.Unique("measurement");
  co_await c.Concurrently(kClients, [&](int client) -> Task<void> {
    TimeSeries ts(c);
    for (int i = 0; i < kEach && c.ok(); ++i) {
      const int64_t place = i * kClients + client;
      const Samples next = {{kThenUs + place * kSecondUs, static_cast<double>(place)}};
      co_await ts.Insert(name, next);
    }
  });
  TimeSeries ts(c);
  c.ExpectEq(co_await ts.Points(name), Every(kThenUs, kClients * kEach));
}

// Of points at one time one stays, the same for all who read it.
Task<void> LastWriterStays(CaseContext& c) {
  TimeSeries ts(c);
  const std::string name = c.Unique("measurement");
  for (int round = 0; round < 10 && c.ok(); ++round) {
    co_await c.Concurrently(8, [&](int client) -> Task<void> {
      TimeSeries writer(c);
      const Samples mine = {{kThenUs, static_cast<double>(round * 8 + client)}};
      co_await writer.Insert(name, mine);
    });
    const Samples first = co_await ts.Points(name);
    if (first.size() != 1) co_return c.Fail("a series has at most one point per time");
    c.ExpectLe(round * 8.0, first[0].second, "the values of this round");
    for (int i = 0; i < 4; ++i) c.ExpectEq(co_await ts.Points(name), first);
  }
}

// A series of points that stay at even seconds, to which writers add others at odd ones and new
// series beside it.
Task<void> QueriesAreWeaklyConsistent(CaseContext& c) {
  constexpr int kStay = 900;
  const std::string name = c.Unique("measurement");
  const Tags tags = {{"host", "a"}};
  Samples stay;
  for (int i = 0; i < kStay; ++i) stay.emplace_back(kThenUs + 2 * i * kSecondUs, 1);
  TimeSeries setup(c);
  co_await setup.Insert(name, tags, stay);
  bool over = false;
  co_await c.Concurrently(4, [&](int client) -> Task<void> {
    TimeSeries ts(c);
    for (int i = 0; client > 0 && !over && c.ok(); ++i) {
      const int64_t second = (i * 7 + client * 331) % kStay * 2 + 1;
      const Samples added = {{kThenUs + second * kSecondUs, 0}};
      co_await ts.Insert(name, tags, added);
      const Tags beside = {{"other", std::to_string(client * 1000 + i % 50)}};
      co_await ts.Insert(name, beside, added);
    }
    for (int i = 0; client == 0 && i < 8 && c.ok(); ++i) {
      const auto pages = co_await ts.Pages(QueryOf(name));
      CheckPages(c, pages, name);
      const Samples found = PointsOf(pages);
      Samples old;
      std::copy_if(found.begin(), found.end(), std::back_inserter(old),
                   [](const auto& sample) { return sample.second == 1; });
      c.ExpectEq(old, stay);
      // A series that came twice would be two texts that begin alike.
      std::set<std::string> series;
      for (const std::string& text : SeriesOf(pages)) {
        const bool once = series.insert(text.substr(0, text.find('}'))).second;
        c.Expect(once, "each series comes once");
      }
    }
    if (client == 0) over = true;
  });
}

}  // namespace prism::conformance::points
