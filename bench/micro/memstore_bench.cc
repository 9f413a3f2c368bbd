// What the memory store's engine costs per operation, without protobuf and the network.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "drivers/memstore/keyvalue/transactions.h"

namespace prism::memstore {
namespace {

constexpr int kKeys = 1'000'000;
constexpr int kHotKeys = 64;
constexpr size_t kValueBytes = 100;

std::shared_ptr<Budget> Plenty() { return std::make_shared<Budget>("bench", int64_t{1} << 34); }
std::string KeyOf(uint64_t number) { return "key:" + std::to_string(number % kKeys); }

// Filled once, shared by all benchmarks and threads.
Store& FullStore() {
  static Store& store = *[] {
    auto* filled = new Store(Plenty());
    const std::string value(kValueBytes, 'v');
    for (int i = 0; i < kKeys; ++i) (void)filled->Set(KeyOf(i), value);
    return filled;
  }();
  return store;
}

uint64_t NextRandom(uint64_t& state) {
  state = state * 6364136223846793005 + 1442695040888963407;
  return state >> 33;
}

void GetHot(benchmark::State& state) {
  Store& store = FullStore();
  std::string keys[kHotKeys];
  for (int i = 0; i < kHotKeys; ++i) keys[i] = KeyOf(i * 777 + state.thread_index());
  std::string value;
  size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(store.Get(keys[i++ % kHotKeys], &value));
}
BENCHMARK(GetHot)->ThreadRange(1, 8);

// Includes making the key, some 40 ns.
void GetAny(benchmark::State& state) {
  Store& store = FullStore();
  std::string value;
  uint64_t random = state.thread_index();
  for (auto _ : state) benchmark::DoNotOptimize(store.Get(KeyOf(NextRandom(random)), &value));
}
BENCHMARK(GetAny)->ThreadRange(1, 8);

void SetExisting(benchmark::State& state) {
  Store& store = FullStore();
  const std::string value(kValueBytes, 'w');
  const std::string key = KeyOf(state.thread_index());
  for (auto _ : state) benchmark::DoNotOptimize(store.Set(key, value));
}
BENCHMARK(SetExisting)->ThreadRange(1, 8);

void ScanPage(benchmark::State& state) {
  const Store& store = FullStore();
  uint64_t random = 1;
  for (auto _ : state) {
    const std::string from = KeyOf(NextRandom(random));
    benchmark::DoNotOptimize(store.Scan({from, true, {}}, RowContent::kKeysAndValues,
                                        static_cast<size_t>(state.range(0)), 1 << 20));
  }
}
BENCHMARK(ScanPage)->Arg(1)->Arg(100)->Arg(1000);

void Transaction(benchmark::State& state) {
  static Transactions transactions(FullStore());
  uint64_t random = state.thread_index();
  std::string value;
  for (auto _ : state) {
    const Result<std::string> id = transactions.Begin(std::chrono::seconds(30));
    const std::string key = KeyOf(NextRandom(random));
    benchmark::DoNotOptimize(transactions.Get(*id, key, &value));
    benchmark::DoNotOptimize(transactions.Set(*id, key, "changed"));
    benchmark::DoNotOptimize(transactions.Commit(*id));
  }
}
BENCHMARK(Transaction)->ThreadRange(1, 4);

// The last one: it frees a million keys at once, and glibc puts off joining the freed pieces until
// the next allocation of 1 KiB or more, which would then be charged some 0.35 s for it.
void SetNew(benchmark::State& state) {
  Store store(Plenty());
  const std::string value(kValueBytes, 'w');
  uint64_t random = 1;
  for (auto _ : state) {
    benchmark::DoNotOptimize(store.Set(std::to_string(NextRandom(random)), value));
  }
}
BENCHMARK(SetNew)->Iterations(kKeys);

}  // namespace
}  // namespace prism::memstore
