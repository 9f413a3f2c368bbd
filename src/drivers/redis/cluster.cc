#include "drivers/redis/cluster.h"

#include <algorithm>

namespace prism::redis {
namespace {

using resp::Command;
using resp::Reply;

constexpr Duration kBetweenMaps = std::chrono::milliseconds(200);

uint16_t Crc16(std::string_view bytes) {
  uint16_t crc = 0;
  for (const char byte : bytes) {
    crc = static_cast<uint16_t>(crc ^ (static_cast<unsigned char>(byte) << 8));
    for (int bit = 0; bit < 8; ++bit) {
      crc = static_cast<uint16_t>(crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1);
    }
  }
  return crc;
}

std::string HostOf(const std::string& address) { return address.substr(0, address.rfind(':')); }

Status NoMap(std::string what) {
  return UnavailableError("the cluster's map cannot be had: " + std::move(what)).WithRetryable();
}

// One entry of CLUSTER SLOTS: first slot, last slot, [host, port, ...] of the primary, replicas.
bool IsRange(const Reply& entry) {
  return entry.elements.size() >= 3 && entry.elements[2].elements.size() >= 2 &&
         entry.elements[0].integer >= 0 && entry.elements[1].integer < kClusterSlots;
}

}  // namespace

uint16_t SlotOf(std::string_view key) {
  const size_t open = key.find('{');
  const size_t close = open == std::string_view::npos ? open : key.find('}', open + 1);
  if (close != std::string_view::npos && close > open + 1) {
    key = key.substr(open + 1, close - open - 1);
  }
  return Crc16(key) % kClusterSlots;
}

Cluster::Cluster(Worker& worker, const Options& options, Health& health)
    : worker_(worker), options_(options), health_(health) {
  for (const std::string& seed : options_.addresses) At(seed);
  Suspect();
}

Node& Cluster::At(const std::string& address) {
  std::unique_ptr<Node>& node = nodes_[address];
  if (!node) {
    const auto locate = [address]() -> Task<Result<std::string>> { co_return address; };
    node = std::make_unique<Node>(worker_, options_, locate, health_);
  }
  return *node;
}

Task<Result<Node*>> Cluster::Find(uint16_t slot, Cancellation& cancellation) {
  if (!slots_[slot]) {
    Suspect();
    PRISM_CO_RETURN_IF_ERROR(co_await settled_.Wait(cancellation));
  }
  if (slots_[slot]) co_return slots_[slot];
  if (!failure_.ok()) co_return failure_;
  co_return NoMap("no server keeps slot " + std::to_string(slot));
}

Node& Cluster::Redirected(std::string_view error, const std::string& from) {
  const size_t space = error.rfind(' ');
  std::string address(space == std::string_view::npos ? error : error.substr(space + 1));
  // A server that does not know its own name leaves it out.
  if (address.starts_with(':') || address.starts_with('?')) {
    address = HostOf(from) + address.substr(address.find(':'));
  }
  return At(address);
}

void Cluster::Moved(uint16_t slot, Node& node) {
  slots_[slot] = &node;
  Suspect();
}

void Cluster::Suspect() {
  if (refreshing_) return;
  const bool known = std::any_of(slots_.begin(), slots_.end(), [](Node* node) { return node; });
  if (known && Clock::now() < refreshed_at_ + kBetweenMaps) return;
  refreshing_ = true;
  settled_.Reset();
  refresh_ = Refresh();
  refresh_.Start([](void*) {}, nullptr);
}

Task<void> Cluster::Refresh() {
  const Result<Reply> map = co_await AskForMap();
  failure_ = map.ok() ? Apply(*map) : map.status();
  refreshed_at_ = Clock::now();
  refreshing_ = false;
  settled_.Set();
}

// Of any server that answers.
Task<Result<Reply>> Cluster::AskForMap() {
  std::vector<Node*> nodes;
  for (auto& [address, node] : nodes_) nodes.push_back(node.get());
  std::stable_partition(nodes.begin(), nodes.end(), [](Node* node) { return node->connection(); });
  Status failure = NoMap("no server is known");
  for (Node* node : nodes) {
    Result<resp::Connection*> connection = co_await node->Ready(never_);
    if (!connection.ok()) {
      failure = connection.status();
      continue;
    }
    const Command slots("CLUSTER", "SLOTS");
    Result<Reply> map = co_await (*connection)->Send(slots, never_);
    if (map.ok() && map->is(Reply::Type::kArray)) co_return map;
    failure = NoMap(map.ok() ? map->text : std::string(map.status().message()));
  }
  co_return failure;
}

Status Cluster::Apply(const Reply& map) {
  std::array<Node*, kClusterSlots> slots{};
  for (const Reply& entry : map.elements) {
    if (!IsRange(entry)) return NoMap("CLUSTER SLOTS has another form than expected");
    const std::vector<Reply>& primary = entry.elements[2].elements;
    if (primary[0].text.empty()) continue;
    Node& node = At(primary[0].text + ":" + std::to_string(primary[1].integer));
    const auto first = slots.begin() + entry.elements[0].integer;
    std::fill(first, slots.begin() + entry.elements[1].integer + 1, &node);
  }
  slots_ = slots;
  return OkStatus();
}

}  // namespace prism::redis
