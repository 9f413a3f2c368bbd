#include <algorithm>

#include "conformance/testing/faults.h"
#include "conformance/testing/forwarding.h"

namespace prism::conformance::testing {
namespace {

// Spoils each page of Scan with a function.
template <void (*kSpoil)(ScanResponse& page, ScanResponse& before)>
class SpoiltPages final : public ForwardScan {
 public:
  using ForwardScan::ForwardScan;
  Stream<ScanResponse> Scan(RequestContext& ctx, const ScanRequest& request) override {
    Stream<ScanResponse> pages = real_.Scan(ctx, request);
    ScanResponse before;
    while (ScanResponse* page = co_await pages.Next()) {
      ScanResponse original = *page;
      kSpoil(*page, before);
      before = std::move(original);
      co_yield *page;
    }
    co_return pages.status();
  }
};

void Reverse(ScanResponse& page, ScanResponse&) {
  std::reverse(page.mutable_entries()->begin(), page.mutable_entries()->end());
}

// The last row of a page comes again on the next one.
void DeliverAgain(ScanResponse& page, ScanResponse& before) {
  if (before.entries().empty()) return;
  *page.add_entries() = *before.entries().rbegin();
  std::rotate(page.mutable_entries()->begin(), page.mutable_entries()->end() - 1,
              page.mutable_entries()->end());
}

void DropLast(ScanResponse& page, ScanResponse&) {
  if (page.entries().size() > 1) page.mutable_entries()->RemoveLast();
}

void ForgetValues(ScanResponse& page, ScanResponse&) {
  for (Entry& entry : *page.mutable_entries()) entry.set_value("0");
}

void ForgetCursor(ScanResponse& page, ScanResponse&) { page.clear_cursor(); }

class IgnoresTheLimit final : public ForwardScan {
 public:
  using ForwardScan::ForwardScan;
  Stream<ScanResponse> Scan(RequestContext& ctx, const ScanRequest& request) override {
    ScanRequest changed = request;
    changed.set_limit(0);
    Stream<ScanResponse> pages = real_.Scan(ctx, changed);
    while (ScanResponse* page = co_await pages.Next()) co_yield *page;
    co_return pages.status();
  }
};

class IgnoresTheCursor final : public ForwardScan {
 public:
  using ForwardScan::ForwardScan;
  Stream<ScanResponse> Scan(RequestContext& ctx, const ScanRequest& request) override {
    ScanRequest changed = request;
    changed.clear_cursor();
    Stream<ScanResponse> pages = real_.Scan(ctx, changed);
    while (ScanResponse* page = co_await pages.Next()) co_yield *page;
    co_return pages.status();
  }
};

class IgnoresThePrefix final : public ForwardScan {
 public:
  using ForwardScan::ForwardScan;
  Task<Status> Count(RequestContext& ctx, const CountRequest& request,
                     CountResponse& response) override {
    CountRequest changed = request;
    if (request.prefix().size() <= 4096) changed.clear_prefix();
    Task<Status> count = real_.Count(ctx, changed, response);
    co_return co_await count;
  }
};

class EndsWithAnEmptyPage final : public ForwardScan {
 public:
  using ForwardScan::ForwardScan;
  Stream<ScanResponse> Scan(RequestContext& ctx, const ScanRequest& request) override {
    Stream<ScanResponse> pages = real_.Scan(ctx, request);
    while (ScanResponse* page = co_await pages.Next()) co_yield *page;
    if (!pages.status().ok()) co_return pages.status();
    ScanResponse empty;
    co_yield empty;
    co_return OkStatus();
  }
};

// All rows on one page.
class OneLargePage final : public ForwardScan {
 public:
  using ForwardScan::ForwardScan;
  Stream<ScanResponse> Scan(RequestContext& ctx, const ScanRequest& request) override {
    ScanResponse all;
    Stream<ScanResponse> pages = real_.Scan(ctx, request);
    while (ScanResponse* page = co_await pages.Next()) {
      all.MergeFrom(*page);
      all.set_cursor(page->cursor());
    }
    if (!pages.status().ok()) co_return pages.status();
    if (!all.entries().empty()) co_yield all;
    co_return OkStatus();
  }
};

template <class Fake>
constexpr Fault Scanning(std::string_view name, std::string_view caught_by) {
  return {name, "keyvalue_scan", caught_by, &Replace<Fake, KeyValueScan>};
}

constexpr Fault kFaults[] = {
    Scanning<SpoiltPages<Reverse>>("reorders", "keys_come_in_order"),
    Scanning<SpoiltPages<DeliverAgain>>("delivers_twice", "pages_hold_a_thousand_rows"),
    Scanning<SpoiltPages<DeliverAgain>>("delivers_twice_under_writes",
                                        "scans_are_weakly_consistent"),
    Scanning<SpoiltPages<DropLast>>("drops_rows", "pages_hold_a_thousand_rows"),
    Scanning<SpoiltPages<DropLast>>("drops_rows_under_writes", "scans_are_weakly_consistent"),
    Scanning<SpoiltPages<ForgetValues>>("forgets_values", "scan_streams_keys_and_values"),
    Scanning<SpoiltPages<ForgetValues>>("returns_old_values", "values_are_of_the_moment"),
    Scanning<SpoiltPages<ForgetCursor>>("forgets_cursors", "empty_cursor_means_the_end"),
    Scanning<IgnoresTheLimit>("ignores_the_limit", "limit_bounds_the_stream"),
    Scanning<IgnoresTheCursor>("ignores_the_cursor", "cursors_resume"),
    Scanning<IgnoresTheCursor>("starts_over", "cursors_outlive_their_keys"),
    Scanning<IgnoresTheCursor>("takes_foreign_cursors", "foreign_cursors_are_refused"),
    Scanning<IgnoresTheCursor>("takes_damaged_cursors", "damaged_cursors_are_refused"),
    Scanning<IgnoresThePrefix>("ignores_the_prefix", "prefix_bounds"),
    Scanning<EndsWithAnEmptyPage>("ends_with_an_empty_page", "nothing_is_no_page"),
    Scanning<OneLargePage>("pages_of_too_many_rows", "pages_hold_a_thousand_rows"),
    Scanning<OneLargePage>("pages_of_too_many_bytes", "pages_hold_a_mebibyte"),
    Scanning<OneLargePage>("large_rows_share_a_page", "large_row_has_its_own_page"),
};

}  // namespace

std::span<const Fault> ScanFaults() { return kFaults; }

}  // namespace prism::conformance::testing
