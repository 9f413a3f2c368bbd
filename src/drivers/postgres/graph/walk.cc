#include "drivers/postgres/graph/walk.h"

#include <algorithm>

#include "drivers/postgres/graph/statements.h"

namespace prism::postgres {
namespace {

constexpr size_t kFramesAtOnce = 256;
constexpr int64_t kWaysAtOnce = 1000;
constexpr int64_t kBytesAtOnce = 1024 * 1024;
// When depth comes first, stages wait for those behind them, with what they have read.
constexpr int64_t kWaysOfOne = 64;
constexpr int64_t kBytesOfOne = 16 * 1024;
constexpr size_t kMaxRefused = 100'000;

}  // namespace

void GraphWalk::Start(int64_t number, NodeContents node, std::vector<Visit>& visits) {
  Visit visit;
  visit.node = std::move(node);
  Visited(number, std::move(visit), visits);
  Proceed();
}

void GraphWalk::Visited(int64_t number, Visit visit, std::vector<Visit>& visits) {
  visited_.insert(number);
  if (visit.depth < rule_.max_depth) waiting_.push_back({number, visit.depth});
  visits.push_back(std::move(visit));
}

void GraphWalk::Proceed() {
  if (rule_.depth_first && !waiting_.empty()) {
    stages_.emplace_back().frames.swap(waiting_);
  }
  while (!stages_.empty() && stages_.back().ways.empty() && stages_.back().frames.empty()) {
    stages_.pop_back();
  }
  if (stages_.empty() && !waiting_.empty()) {
    const size_t count = std::min(waiting_.size(), kFramesAtOnce);
    const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(count);
    stages_.emplace_back().frames.assign(waiting_.begin(), end);
    waiting_.erase(waiting_.begin(), end);
  }
  ended_ = stages_.empty() || truncated_;
}

Task<Status> GraphWalk::Next(RequestContext& ctx, std::vector<Visit>& visits) {
  Stage& stage = stages_.back();
  if (stage.ways.empty()) {
    PRISM_CO_RETURN_IF_ERROR(co_await ReadWays(ctx, stage));
  } else {
    PRISM_CO_RETURN_IF_ERROR(co_await ReadNodes(ctx, stage));
  }
  Go(visits);
  co_return OkStatus();
}

void GraphWalk::Go(std::vector<Visit>& visits) {
  while (!ended_ && !stages_.back().ways.empty()) {
    if (!GoOne(stages_.back(), visits)) return;
    if (rule_.depth_first || stages_.back().ways.empty()) Proceed();
  }
  if (!ended_) Proceed();
}

bool GraphWalk::GoOne(Stage& stage, std::vector<Visit>& visits) {
  Way& way = stage.ways.front();
  if (!IsKnown(way.node)) {
    const auto found = stage.nodes.find(way.node);
    if (found == stage.nodes.end()) return false;
    if (!found->second) {
      // It went while the walk was on its way.
    } else if (!rule_.Enters(*found->second)) {
      found->second.reset();
      if (refused_.size() < kMaxRefused) refused_.insert(way.node);
    } else if (visited_.size() == rule_.limit) {
      truncated_ = true;
      ended_ = true;
      return true;
    } else {
      Visit visit{*std::move(found->second), way.depth, std::move(way.edge), std::move(way.parent)};
      stage.nodes.erase(found);
      Visited(way.node, std::move(visit), visits);
    }
  }
  stage.ways.pop_front();
  if (stage.ways.empty()) stage.nodes.clear();
  return true;
}

void GraphWalk::AddWay(const Rows& rows, int row, Stage& stage) {
  const int64_t node = rows.Int(row, Listing::kOther);
  if (IsKnown(node)) return;
  const bool conditions = !rule_.edge_filters.empty();
  if (conditions && !rule_.Follows(PropertiesIn(rows, row, Listing::kNames))) return;
  const Frame& frame = stage.frames[static_cast<size_t>(rows.Int(row, Listing::kFrame) - 1)];
  stage.ways.push_back({node, frame.depth + 1, PartsOf(Listing::PlaceAt(rows, row).place).id,
                        std::string(rows.Text(row, Listing::kId))});
}

// The frames that are done go; the last row tells how far the next one is.
void GraphWalk::PassFrames(const Rows& rows, int64_t most, size_t asked, Stage& stage) {
  size_t done = asked;
  stage.place = EdgePlace();
  if (Listing::MayHaveMore(rows, most)) {
    const int last = rows.count() - 1;
    done = static_cast<size_t>(rows.Int(last, Listing::kFrame) - 1);
    stage.place = Listing::PlaceAt(rows, last);
  }
  stage.frames.erase(stage.frames.begin(),
                     stage.frames.begin() + static_cast<std::ptrdiff_t>(done));
}

Task<Status> GraphWalk::ReadWays(RequestContext& ctx, Stage& stage) {
  std::vector<int64_t> nodes;
  for (const Frame& frame : stage.frames) nodes.push_back(frame.node);
  const int64_t most = rule_.depth_first ? kWaysOfOne : kWaysAtOnce;
  const int64_t bytes = rule_.depth_first ? kBytesOfOne : kBytesAtOnce;
  const Statement& statement = rule_.edge_filters.empty() ? kGraphWays : kGraphHops;
  const Result<Rows> rows =
      co_await listing_.Read(space_, ctx, statement, nodes, stage.place, most, bytes);
  if (!rows.ok()) co_return rows.status();
  for (int row = 0; row < rows->count(); ++row) AddWay(*rows, row, stage);
  PassFrames(*rows, most, nodes.size(), stage);
  co_return OkStatus();
}

// No more than may be visited, and one to know that there were more.
std::vector<int64_t> GraphWalk::Wanted(const Stage& stage) const {
  const size_t most = rule_.limit - visited_.size() + 1;
  std::vector<int64_t> wanted;
  std::unordered_set<int64_t> chosen;
  for (const Way& way : stage.ways) {
    if (wanted.size() == most) break;
    if (IsKnown(way.node) || stage.nodes.contains(way.node)) continue;
    if (chosen.insert(way.node).second) wanted.push_back(way.node);
  }
  return wanted;
}

Task<Status> GraphWalk::ReadNodes(RequestContext& ctx, Stage& stage) {
  const std::vector<int64_t> wanted = Wanted(stage);
  Arguments arguments;
  arguments.Array(wanted).Int(rule_.depth_first ? kBytesOfOne : kBytesAtOnce);
  const Result<Rows> rows = co_await space_.Run(ctx, kGraphNodes, arguments);
  if (!rows.ok()) co_return rows.status();
  size_t told = wanted.size();
  const int count = rows->count();
  if (count > 0 && rows->Int(0, 0) > count) told = static_cast<size_t>(rows->Int(count - 1, 1));
  for (size_t i = 0; i < told; ++i) stage.nodes[wanted[i]].reset();
  for (int row = 0; row < count; ++row) {
    stage.nodes[wanted[static_cast<size_t>(rows->Int(row, 1) - 1)]] = NodeAt(*rows, row, 2);
  }
  co_return OkStatus();
}

}  // namespace prism::postgres
