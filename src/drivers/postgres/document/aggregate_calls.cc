#include <charconv>
#include <limits>

#include "drivers/postgres/document/calls.h"
#include "drivers/postgres/document/find.h"
#include "drivers/postgres/document/path_text.h"
#include "drivers/postgres/document/statements.h"

namespace prism::postgres {
namespace {

using namespace document::v1;  // NOLINT

constexpr int64_t kMaxGroups = 10'000;
constexpr int64_t kMaxGroupBytes = 16 * 1024 * 1024;

Status TooManyGroups() {
  return ResourceExhaustedError("more than " + std::to_string(kMaxGroups) +
                                " groups, or more than " + std::to_string(kMaxGroupBytes) +
                                " bytes of group values")
      .WithHint("group by less, or narrow the filter");
}

// What is to be computed, as the server is told.
struct Computations {
  std::vector<std::string> group_paths;
  std::vector<int64_t> functions;
  std::vector<std::string> paths;  // empty for none

  explicit Computations(const DocumentAggregate& query) {
    for (const FieldPath& path : query.group_by) group_paths.push_back(ScalarsAt(path));
    for (const DocumentAggregate::Part& part : query.compute) {
      functions.push_back(part.function);
      paths.push_back(PathOf(part));
    }
  }
  std::vector<const std::string*> PathPointers() const {
    std::vector<const std::string*> pointers = PointersTo(paths);
    for (const std::string*& path : pointers) {
      if (path->empty()) path = nullptr;
    }
    return pointers;
  }

 private:
  static std::string PathOf(const DocumentAggregate::Part& part) {
    if (part.path.empty()) return "";
    if (part.function == DocumentAggregate::kCount) return AnyAt(part.path);
    if (part.function == DocumentAggregate::kMinimum ||
        part.function == DocumentAggregate::kMaximum) {
      return ScalarsButNullAt(part.path);
    }
    return NumbersAt(part.path);
  }
};

Result<Json> ParseAnswer(std::string_view text) {
  Result<Json> json = Json::Parse(WithNul(text));
  if (json.ok()) return json;
  return InternalError("Postgres answered with what is no JSON: " +
                       std::string(json.status().message()));
}

// The group's scalars by the numbers of their paths.
Status WriteValues(std::string_view text, int count, Group& group) {
  const Result<Json> json = ParseAnswer(text);
  if (!json.ok()) return json.status();
  for (int i = 1; i <= count; ++i) {
    WriteValue(json->First({std::to_string(i)}), *group.add_values());
  }
  return OkStatus();
}

// Behind its rank.
Status WriteExtreme(std::string_view text, Value& value) {
  if (text.empty()) return OkStatus();
  const std::string_view scalar = text.substr(text.find(':') + 1);
  const Result<Json> json = ParseAnswer("{\"v\":" + std::string(scalar) + "}");
  if (!json.ok()) return json.status();
  WriteValue(json->First({"v"}), value);
  return OkStatus();
}

double ReadDouble(std::string_view text) {
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc::result_out_of_range) return number;
  return text.starts_with('-') ? -std::numeric_limits<double>::infinity()
                               : std::numeric_limits<double>::infinity();
}

Scalar Sum(std::string_view text, bool of_doubles) {
  if (text.empty()) return Scalar::Integer(0);
  int64_t integer = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), integer);
  if (!of_doubles && read.ec == std::errc()) return Scalar::Integer(integer);
  return Scalar::Double(ReadDouble(text));
}

// From the columns that follow the group's values: count, sum, whether of doubles, extreme.
Status WriteResult(const Rows& rows, int row, int64_t function, Value& value) {
  const int64_t count = rows.Int(row, 3);
  const std::string_view total = rows.Text(row, 4);
  switch (function) {
    case DocumentAggregate::kCount:
      WriteValue(Scalar::Integer(count), value);
      return OkStatus();
    case DocumentAggregate::kSum:
      WriteValue(Sum(total, rows.Bool(row, 5)), value);
      return OkStatus();
    case DocumentAggregate::kAverage:
      if (count == 0) return OkStatus();
      WriteValue(Scalar::Double(ReadDouble(total) / static_cast<double>(count)), value);
      return OkStatus();
    default:
      return WriteExtreme(rows.Text(row, 6), value);
  }
}

// Where nothing matched and nothing is to be grouped.
void WriteNothing(const DocumentAggregate& query, Group& group) {
  for (const DocumentAggregate::Part& part : query.compute) {
    const bool zero =
        part.function == DocumentAggregate::kCount || part.function == DocumentAggregate::kSum;
    WriteValue(zero ? Scalar::Integer(0) : Scalar(), *group.add_results());
  }
}

}  // namespace

Task<Result<Rows>> DocumentCalls::Tally(RequestContext& ctx, const DocumentAggregate& query,
                                        const std::string& predicate) {
  const Computations what(query);
  const std::string functions = ArrayText(what.functions);
  CollectionIndexesPtr indexes = catalog_.Known(query.collection);
  while (true) {
    const std::vector<UsableIndex> usable = indexes->Usable();
    const DocumentPlan plan = PlanFor(query.filter, usable);
    Arguments arguments;
    At(arguments, *space_, query.collection).Int(indexes->generation);
    if (predicate.empty()) {
      arguments.Null();
    } else {
      arguments.Text(predicate);
    }
    arguments.Array(PointersTo(what.group_paths)).Text(functions).Array(what.PathPointers());
    if (plan.index) {
      arguments.Int(indexes->NumberOf(*plan.index)).Text(plan.low).Text(plan.high);
    } else {
      arguments.Null().Null().Null();
    }
    arguments.Int(kMaxGroups).Int(kMaxGroupBytes);
    Result<Rows> rows = co_await space_->Run(ctx, kDocumentAggregate, arguments);
    if (!rows.ok() || !IsStale(*rows)) co_return std::move(rows);
    Result<CollectionIndexesPtr> now = co_await catalog_.Look(ctx, query.collection);
    if (!now.ok()) co_return std::move(now).status();
    indexes = *std::move(now);
  }
}

Stream<AggregateResponse> DocumentCalls::Aggregate(RequestContext& ctx,
                                                   const AggregateRequest& request) {
  DocumentAggregate query;
  PRISM_CO_RETURN_IF_ERROR(ReadAggregate(request, query));
  std::string predicate;
  if (request.has_filter()) {
    Result<std::string> made = PredicateOf(query.filter);
    if (!made.ok()) co_return std::move(made).status();
    predicate = *std::move(made);
  }
  const Result<Rows> rows = co_await Tally(ctx, query, predicate);
  if (!rows.ok()) co_return rows.status();
  if (!rows->empty() && rows->Int(0, 0) == kTooManyGroups) co_return TooManyGroups();
  AggregateResponse page;
  size_t bytes = 0;
  const int each = request.compute_size();
  for (int row = 0; row < rows->count(); row += each) {
    Group& group = *page.add_groups();
    PRISM_CO_RETURN_IF_ERROR(WriteValues(rows->Text(row, 2), request.group_by_size(), group));
    for (int i = 0; i < each; ++i) {
      PRISM_CO_RETURN_IF_ERROR(
          WriteResult(*rows, row + i, request.compute(i).function(), *group.add_results()));
    }
    bytes += group.ByteSizeLong();
    if (page.groups_size() < kDocumentPageRows && bytes < kDocumentPageBytes) continue;
    co_yield page;
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    page.Clear();
    bytes = 0;
  }
  if (rows->empty() && query.group_by.empty()) WriteNothing(query, *page.add_groups());
  if (page.groups_size() > 0) co_yield page;
  co_return OkStatus();
}

}  // namespace prism::postgres
