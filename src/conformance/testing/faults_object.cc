#include <algorithm>

#include "conformance/testing/faults.h"
#include "conformance/testing/pause.h"
#include "interfaces/object_basic.prism.h"
#include "prism/interfaces/object_basic.pb.h"

namespace prism::conformance::testing {
namespace {

using namespace object::v1;  // NOLINT

class ForwardObjects : public ObjectBasic {
 public:
  explicit ForwardObjects(Backend& real) : real_(*FindAs<ObjectBasic>(real)) {}

  Task<Status> Put(RequestContext& ctx, Stream<PutRequest>& requests,
                   PutResponse& response) override {
    return real_.Put(ctx, requests, response);
  }
  Stream<GetResponse> Get(RequestContext& ctx, const GetRequest& request) override {
    return real_.Get(ctx, request);
  }
  Task<Status> Head(RequestContext& ctx, const HeadRequest& request,
                    HeadResponse& response) override {
    return real_.Head(ctx, request, response);
  }
  Task<Status> Delete(RequestContext& ctx, const DeleteRequest& request,
                      DeleteResponse& response) override {
    return real_.Delete(ctx, request, response);
  }
  Stream<ListResponse> List(RequestContext& ctx, const ListRequest& request) override {
    return real_.List(ctx, request);
  }

 protected:
  ObjectBasic& real_;
};

// Passes the parts on, the header changed by a function.
template <void (*kChange)(PutHeader& header)>
Stream<PutRequest> Changed(Stream<PutRequest>& parts) {
  while (PutRequest* part = co_await parts.Next()) {
    if (part->has_header()) kChange(*part->mutable_header());
    co_yield *part;
  }
  co_return parts.status();
}

template <void (*kChange)(PutHeader& header)>
class ChangesHeaders final : public ForwardObjects {
 public:
  using ForwardObjects::ForwardObjects;
  Task<Status> Put(RequestContext& ctx, Stream<PutRequest>& requests,
                   PutResponse& response) override {
    Stream<PutRequest> parts = Changed<kChange>(requests);
    Task<Status> put = real_.Put(ctx, parts, response);
    co_return co_await put;
  }
};

void DropChecks(PutHeader& header) {
  header.clear_size();
  header.clear_crc32c();
  header.clear_sha256();
}

void DropMetadata(PutHeader& header) { header.clear_metadata(); }

void DropCondition(PutHeader& header) { header.clear_condition(); }

// Looks whether the condition holds when the header comes, and then stores in any case.
class TestsConditionsFirst final : public ForwardObjects {
 public:
  using ForwardObjects::ForwardObjects;
  Task<Status> Put(RequestContext& ctx, Stream<PutRequest>& requests,
                   PutResponse& response) override {
    PutRequest* first = co_await requests.Next();
    if (!first || !first->has_header()) co_return InvalidArgumentError("no header");
    const PutHeader header = first->header();
    HeadRequest head;
    head.set_key(header.key());
    HeadResponse there;
    {
      Task<Status> look = real_.Head(ctx, head, there);
      Status status = co_await look;
      if (!status.ok()) co_return status;
    }
    const bool holds = header.has_if_etag() ? there.info().etag() == header.if_etag()
                                            : !header.if_absent() || !there.found();
    if (!holds) {
      response.set_etag(there.info().etag());
      co_return OkStatus();
    }
    co_await Pause();
    Stream<PutRequest> parts = Unconditional(header, requests);
    Task<Status> put = real_.Put(ctx, parts, response);
    co_return co_await put;
  }

 private:
  static Stream<PutRequest> Unconditional(PutHeader header, Stream<PutRequest>& rest) {
    DropCondition(header);
    PutRequest first;
    *first.mutable_header() = std::move(header);
    co_yield first;
    while (PutRequest* part = co_await rest.Next()) co_yield *part;
    co_return rest.status();
  }
};

// Takes a Put that was broken off for one that has ended.
class StoresCancelledPuts final : public ForwardObjects {
 public:
  using ForwardObjects::ForwardObjects;
  Task<Status> Put(RequestContext&, Stream<PutRequest>& requests, PutResponse& response) override {
    RequestContext detached;
    Stream<PutRequest> parts = AsIfEnded(requests);
    Task<Status> put = real_.Put(detached, parts, response);
    co_return co_await put;
  }

 private:
  static Stream<PutRequest> AsIfEnded(Stream<PutRequest>& parts) {
    while (PutRequest* part = co_await parts.Next()) co_yield *part;
    co_return OkStatus();
  }
};

// Stores what has arrived with every piece.
class ShowsHalves final : public ForwardObjects {
 public:
  using ForwardObjects::ForwardObjects;
  Task<Status> Put(RequestContext& ctx, Stream<PutRequest>& requests,
                   PutResponse& response) override {
    Stream<PutRequest> parts = Storing(ctx, requests);
    Task<Status> put = real_.Put(ctx, parts, response);
    co_return co_await put;
  }

 private:
  Stream<PutRequest> Storing(RequestContext& ctx, Stream<PutRequest>& parts) {
    std::vector<PutRequest> arrived;
    while (PutRequest* part = co_await parts.Next()) {
      arrived.push_back(*part);
      Stream<PutRequest> so_far = Again(arrived);
      PutResponse unused;
      Task<Status> put = real_.Put(ctx, so_far, unused);
      (void)co_await put;
      co_yield *part;
    }
    co_return parts.status();
  }
  static Stream<PutRequest> Again(std::vector<PutRequest> parts) {
    for (PutRequest& part : parts) co_yield part;
    co_return OkStatus();
  }
};

// Reads piece by piece, each from the object that is there at that moment.
class ReadsTheLatest final : public ForwardObjects {
 public:
  using ForwardObjects::ForwardObjects;
  Stream<GetResponse> Get(RequestContext& ctx, const GetRequest& request) override {
    constexpr uint64_t kStep = 100'000;
    Stream<GetResponse> whole = real_.Get(ctx, request);
    GetResponse* header = co_await whole.Next();
    if (!header) co_return whole.status();
    const uint64_t end = header->header().offset() + header->header().length();
    uint64_t at = header->header().offset();
    co_yield *header;
    while (at < end) {
      GetRequest step;
      step.set_key(request.key());
      step.mutable_range()->set_offset(at);
      step.mutable_range()->set_length(std::min(kStep, end - at));
      Stream<GetResponse> pieces = real_.Get(ctx, step);
      uint64_t came = 0;
      while (GetResponse* piece = co_await pieces.Next()) {
        if (!piece->has_header()) {
          came += piece->piece().size();
          co_yield *piece;
        }
      }
      if (came == 0) break;
      at += came;
      co_await Pause();
    }
    co_return OkStatus();
  }
};

template <void (*kChange)(GetRequest& request)>
class ChangesGets final : public ForwardObjects {
 public:
  using ForwardObjects::ForwardObjects;
  Stream<GetResponse> Get(RequestContext& ctx, const GetRequest& request) override {
    GetRequest changed = request;
    kChange(changed);
    Stream<GetResponse> parts = real_.Get(ctx, changed);
    while (GetResponse* part = co_await parts.Next()) co_yield *part;
    co_return parts.status();
  }
};

void DropEtag(GetRequest& request) { request.clear_if_etag(); }

void DropLength(GetRequest& request) {
  if (request.has_range()) request.mutable_range()->clear_length();
}

void TurnSuffix(GetRequest& request) {
  if (request.part_case() != GetRequest::kSuffix) return;
  const uint64_t bytes = request.suffix();
  request.mutable_range()->set_length(bytes);
}

class DeletesAnyway final : public ForwardObjects {
 public:
  using ForwardObjects::ForwardObjects;
  Task<Status> Delete(RequestContext& ctx, const DeleteRequest& request,
                      DeleteResponse& response) override {
    DeleteRequest changed = request;
    changed.clear_if_etag();
    Task<Status> remove = real_.Delete(ctx, changed, response);
    co_return co_await remove;
  }
};

template <void (*kChange)(ListRequest& request)>
class ChangesLists final : public ForwardObjects {
 public:
  using ForwardObjects::ForwardObjects;
  Stream<ListResponse> List(RequestContext& ctx, const ListRequest& request) override {
    ListRequest changed = request;
    kChange(changed);
    Stream<ListResponse> pages = real_.List(ctx, changed);
    while (ListResponse* page = co_await pages.Next()) co_yield *page;
    co_return pages.status();
  }
};

void DropLimit(ListRequest& request) { request.clear_limit(); }
void DropCursor(ListRequest& request) { request.clear_cursor(); }
void DropDelimiter(ListRequest& request) { request.clear_delimiter(); }

template <void (*kSpoil)(ListResponse& page)>
class SpoilsPages final : public ForwardObjects {
 public:
  using ForwardObjects::ForwardObjects;
  Stream<ListResponse> List(RequestContext& ctx, const ListRequest& request) override {
    Stream<ListResponse> pages = real_.List(ctx, request);
    while (ListResponse* page = co_await pages.Next()) {
      kSpoil(*page);
      co_yield *page;
    }
    co_return pages.status();
  }
};

void Reverse(ListResponse& page) {
  std::reverse(page.mutable_rows()->begin(), page.mutable_rows()->end());
}

void DropLast(ListResponse& page) {
  if (page.rows_size() > 1) page.mutable_rows()->RemoveLast();
}

template <class Fake>
constexpr Fault Object(std::string_view name, std::string_view caught_by) {
  return {name, "object_basic", caught_by, &Replace<Fake, ObjectBasic>};
}

constexpr Fault kFaults[] = {
    Object<ChangesHeaders<DropChecks>>("stores_wrong_content", "wrong_content_is_refused"),
    Object<ChangesHeaders<DropMetadata>>("forgets_metadata", "objects_come_back"),
    Object<ChangesHeaders<DropCondition>>("stores_anyway", "if_etag_needs_that_object"),
    Object<ChangesHeaders<DropCondition>>("appends_anyway", "no_replacement_is_lost"),
    Object<TestsConditionsFirst>("tests_conditions_first", "condition_is_tested_at_the_end"),
    Object<TestsConditionsFirst>("stores_several_firsts", "one_of_many_first_puts_is_stored"),
    Object<TestsConditionsFirst>("stores_several_others", "one_of_many_replacements_is_stored"),
    Object<StoresCancelledPuts>("stores_cancelled_puts", "cancelled_put_stores_nothing"),
    Object<ShowsHalves>("shows_halves", "put_becomes_visible_at_its_end"),
    Object<ReadsTheLatest>("reads_the_latest", "get_returns_the_bytes_of_one_put"),
    Object<ReadsTheLatest>("mixes_contents", "contents_never_mix"),
    Object<ChangesGets<DropEtag>>("returns_other_etags", "get_with_an_etag"),
    Object<ChangesGets<DropLength>>("returns_beyond_the_range", "ranges_are_cut_out"),
    Object<ChangesGets<TurnSuffix>>("returns_first_bytes", "suffixes_are_the_last_bytes"),
    Object<DeletesAnyway>("deletes_objects_anyway", "delete_with_an_etag"),
    Object<ChangesLists<DropLimit>>("rows_beyond_the_limit", "limit_bounds_the_stream"),
    Object<ChangesLists<DropCursor>>("rows_from_the_start", "cursors_resume"),
    Object<ChangesLists<DropCursor>>("rows_with_foreign_cursors", "foreign_cursors_are_refused"),
    Object<ChangesLists<DropDelimiter>>("ignores_the_delimiter", "delimiter_gathers"),
    Object<SpoilsPages<Reverse>>("rows_reordered", "rows_come_in_order"),
    Object<SpoilsPages<DropLast>>("rows_dropped", "pages_hold_a_thousand_rows"),
    Object<SpoilsPages<DropLast>>("rows_dropped_under_writes", "listing_is_weakly_consistent"),
};

}  // namespace

std::span<const Fault> ObjectFaults() { return kFaults; }

}  // namespace prism::conformance::testing
