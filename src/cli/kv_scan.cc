#include "cli/kv.h"
#include "cli/text.h"
#include "interfaces/keyvalue_scan.prism.h"
#include "prism/interfaces/keyvalue_scan.pb.h"

namespace prism::cli {
namespace {

// One row a line. Text is always escaped: a line end in a value would look like another row.
void WriteRow(const KvCall& call, const std::string& key, const std::string* value) {
  if (call.json()) {
    JsonLine line;
    line.Text("key", key);
    if (value) line.Bytes("value", *value);
    call.console.out << std::move(line).Take();
    return;
  }
  call.console.out << call.console.Paint(Console::Colour::kCyan, Escape(key, Escaping::kOneLine));
  if (value) call.console.out << '\t' << Escape(*value, Escaping::kOneLine);
  call.console.out << '\n';
}

void WritePage(const KvCall& call, const keyvalue::v1::ScanResponse& page) {
  for (const auto& entry : page.entries()) WriteRow(call, entry.key(), &entry.value());
}

void WritePage(const KvCall& call, const keyvalue::v1::KeyResponse& page) {
  for (const std::string& key : page.keys()) WriteRow(call, key, nullptr);
}

uint64_t RowsOf(const keyvalue::v1::ScanResponse& page) { return page.entries().size(); }
uint64_t RowsOf(const keyvalue::v1::KeyResponse& page) { return page.keys().size(); }

// Writes pages as they come, so that a long scan shows its beginning and holds one page.
template <class Page>
Task<Result<int>> WritePages(KvCall& call, Stream<Page>& pages) {
  uint64_t rows = 0;
  bool more = false;
  while (const Page* page = co_await pages.Next()) {
    WritePage(call, *page);
    call.console.out.flush();
    if (!call.console.out) {
      co_return Status(Code::kUnknown, "cannot write the output");
    }
    rows += RowsOf(*page);
    more = !page->cursor().empty();
  }
  if (!pages.status().ok()) co_return pages.status();
  if (more && rows >= call.options.limit && call.options.limit > 0 && call.console.terminal) {
    call.console.err << "-- the first " << rows << "; see more with --limit, all with --limit 0\n";
  }
  co_return kExitOk;
}

template <class Request>
Request MakeRequest(const KvCall& call) {
  Request request;
  request.set_prefix(call.options.key);
  request.set_limit(call.options.limit);
  return request;
}

}  // namespace

Task<Result<int>> KvScan(KvCall& call) {
  KeyValueScanStub stub(call.channel);
  if (call.options.keys_only) {
    const auto request = MakeRequest<keyvalue::v1::ScanKeysRequest>(call);
    Stream<keyvalue::v1::KeyResponse> pages = stub.ScanKeys(call.ctx, request);
    Task<Result<int>> written = WritePages(call, pages);
    co_return co_await written;
  }
  const auto request = MakeRequest<keyvalue::v1::ScanRequest>(call);
  Stream<keyvalue::v1::ScanResponse> pages = stub.Scan(call.ctx, request);
  Task<Result<int>> written = WritePages(call, pages);
  co_return co_await written;
}

Task<Result<int>> KvCount(KvCall& call) {
  KeyValueScanStub stub(call.channel);
  keyvalue::v1::CountRequest request;
  request.set_prefix(call.options.key);
  keyvalue::v1::CountResponse response;
  Task<Status> done = stub.Count(call.ctx, request, response);
  Status status = co_await done;
  if (!status.ok()) co_return status;
  if (call.json()) {
    JsonLine line;
    line.Text("prefix", call.options.key).Number("count", static_cast<int64_t>(response.count()));
    call.console.out << std::move(line).Take();
  } else {
    call.console.out << response.count() << '\n';
  }
  co_return kExitOk;
}

}  // namespace prism::cli
