#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

namespace prism::memstore {

// A chained hash table that grows and shrinks in small steps: each change moves a few buckets of
// the old array, so no single write pays for the whole. Owns its arrays, not the nodes. A Node has
// `key()`, `hash` and `next_in_bucket`.
template <class Node>
class HashTable {
 public:
  HashTable() = default;
  HashTable(HashTable&& other) noexcept { *this = std::move(other); }
  HashTable& operator=(HashTable&& other) noexcept {
    std::swap(buckets_, other.buckets_);
    std::swap(old_, other.old_);
    std::swap(capacity_, other.capacity_);
    std::swap(old_capacity_, other.old_capacity_);
    std::swap(moved_, other.moved_);
    std::swap(size_, other.size_);
    return *this;
  }

  Node* Find(std::string_view key, uint64_t hash) const {
    if (!buckets_) return nullptr;
    for (Node* node = *Bucket(hash); node; node = node->next_in_bucket) {
      if (node->hash == hash && node->key() == key) return node;
    }
    return nullptr;
  }

  // The key must not be in the table.
  void Insert(Node* node) {
    if (size_ >= capacity_ && !old_) Resize(capacity_ ? capacity_ * 2 : kMinCapacity);
    MoveSome(2);
    Push(Bucket(node->hash), node);
    ++size_;
  }

  // The node must be in the table.
  void Remove(Node* node) {
    Node** link = Bucket(node->hash);
    while (*link != node) link = &(*link)->next_in_bucket;
    *link = node->next_in_bucket;
    --size_;
    if (size_ < capacity_ / 8 && capacity_ > kMinCapacity && !old_) Resize(capacity_ / 2);
    // Mostly empty ones, and all of them before the next shrinking is due.
    MoveSome(16);
  }

  size_t size() const { return size_; }
  size_t capacity() const { return capacity_; }

 private:
  static constexpr size_t kMinCapacity = 16;

  struct Free {
    void operator()(Node** array) const { std::free(array); }
  };
  using Array = std::unique_ptr<Node*[], Free>;

  // Buckets of the old array below moved_ have gone to the new one. The low bits of the hash pick
  // the bucket; who spreads keys over several tables does so by the high ones.
  Node** Bucket(uint64_t hash) const {
    if (old_ && (hash & (old_capacity_ - 1)) >= moved_) return &old_[hash & (old_capacity_ - 1)];
    return &buckets_[hash & (capacity_ - 1)];
  }
  static void Push(Node** bucket, Node* node) {
    node->next_in_bucket = *bucket;
    *bucket = node;
  }

  // Starting a move while another is under way would need a third array: the callers wait for its
  // end, which is near, since every change moves some buckets.
  void Resize(size_t capacity) {
    // calloc: large arrays come as untouched zero pages instead of being cleared at once.
    auto* fresh = static_cast<Node**>(std::calloc(capacity, sizeof(Node*)));
    if (!fresh) throw std::bad_alloc();
    old_ = std::exchange(buckets_, Array(fresh));
    old_capacity_ = std::exchange(capacity_, capacity);
    moved_ = 0;
  }

  void MoveSome(int buckets) {
    if (!old_) return;
    for (int i = 0; i < buckets && moved_ < old_capacity_; ++i) {
      Node* node = old_[moved_];
      while (node) {
        Node* next = node->next_in_bucket;
        Push(&buckets_[node->hash & (capacity_ - 1)], node);
        node = next;
      }
      ++moved_;
    }
    if (moved_ == old_capacity_) old_.reset();
  }

  Array buckets_;
  Array old_;  // null unless growing or shrinking
  size_t capacity_ = 0;
  size_t old_capacity_ = 0;
  size_t moved_ = 0;
  size_t size_ = 0;
};

}  // namespace prism::memstore
