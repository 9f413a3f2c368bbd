#include "base/buffer.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/out_buffer.h"

namespace prism {
namespace {

// "0123456789..." in slices of the given sizes.
Buffer Sliced(std::initializer_list<size_t> sizes) {
  Buffer buffer;
  char next = '0';
  for (size_t size : sizes) {
    std::string text;
    for (size_t i = 0; i < size; ++i) {
      text += next;
      next = next == '9' ? '0' : static_cast<char>(next + 1);
    }
    buffer.Append(Slice::Copy(text));
  }
  return buffer;
}

TEST(Buffer, SplitsAtEveryPlace) {
  for (size_t n = 0; n <= 10; ++n) {
    Buffer rest = Sliced({3, 4, 3});
    const Buffer prefix = rest.SplitPrefix(n);
    EXPECT_EQ(prefix.ToString(), std::string("0123456789").substr(0, n));
    EXPECT_EQ(rest.ToString(), std::string("0123456789").substr(n));
    EXPECT_EQ(prefix.size() + rest.size(), 10U);
  }
}

TEST(Buffer, RemovesPrefixesAtEveryPlace) {
  for (size_t n = 0; n <= 10; ++n) {
    Buffer buffer = Sliced({1, 5, 4});
    buffer.RemovePrefix(n);
    EXPECT_EQ(buffer.ToString(), std::string("0123456789").substr(n));
  }
}

TEST(Buffer, JoinsNeighboursOfOneBlock) {
  Slice whole = Slice::Copy("abcdef");
  Buffer buffer(whole.SplitPrefix(2));
  buffer.Append(whole.SplitPrefix(2));
  buffer.Append(std::move(whole));
  EXPECT_EQ(buffer.slices().size(), 1U);
  EXPECT_EQ(buffer.ToString(), "abcdef");
}

TEST(Buffer, IsEmptyAfterAMove) {
  Buffer from = Sliced({4, 4});
  const Buffer to = std::move(from);
  EXPECT_EQ(to.size(), 8U);
  EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move): what is tested
  from.Append(Slice::Copy("x"));
  EXPECT_EQ(from.ToString(), "x");
}

TEST(Buffer, PrependsInPlaceOnlyIntoRoomOfItsOwn) {
  Slice slice = Slice::Copy("-----body");
  slice.RemovePrefix(5);
  const char* const place = slice.data();
  Buffer alone(std::move(slice));
  alone.Prepend("head ");
  EXPECT_EQ(alone.ToString(), "head body");
  EXPECT_EQ(alone.slices().front().data(), place - 5);

  Slice shared = Slice::Copy("-----body");
  const Slice other = shared;
  shared.RemovePrefix(5);
  Buffer beside(std::move(shared));
  beside.Prepend("head ");
  EXPECT_EQ(beside.ToString(), "head body");
  EXPECT_EQ(other.view(), "-----body");
}

TEST(Buffer, SlicesMayDieOnAnotherThread) {
  for (size_t size : {10U, 5000U, 16384U, 100000U}) {
    Slice slice = Slice::Copy(std::string(size, 'x'));
    std::thread([copy = slice] { EXPECT_EQ(copy.view().front(), 'x'); }).join();
    EXPECT_EQ(slice.size(), size);
  }
}

std::string Gathered(const OutBuffer& out) {
  std::array<iovec, 64> pieces;
  const int count = out.Gather(pieces.data(), pieces.size());
  std::string text;
  for (int i = 0; i < count; ++i) {
    text.append(static_cast<const char*>(pieces[i].iov_base), pieces[i].iov_len);
  }
  return text;
}

TEST(OutBuffer, KeepsTheOrderOfCopiedAndReferencedPieces) {
  const std::string large(OutBuffer::kCopyBelowBytes, 'L');
  OutBuffer out;
  out.Copy("a");
  out.Append(Slice::Copy(large));
  out.Copy("b");
  out.Append(Slice::Copy("small"));
  out.Append(Slice::Copy(large));
  EXPECT_EQ(Gathered(out), "a" + large + "bsmall" + large);
}

TEST(OutBuffer, ConsumesInStepsOfAnySize) {
  for (size_t step : {1U, 7U, 1000U, 5000U}) {
    OutBuffer out;
    std::string all;
    for (int i = 0; i < 5; ++i) {
      const std::string small(300 + i, static_cast<char>('a' + i));
      const std::string large(1500 + i, static_cast<char>('A' + i));
      out.Copy(small);
      out.Append(Slice::Copy(large));
      all += small + large;
    }
    while (!out.empty()) {
      ASSERT_EQ(Gathered(out), all);
      const size_t n = std::min(step, out.size());
      out.Consume(n);
      all.erase(0, n);
    }
    EXPECT_TRUE(all.empty());
    out.Copy("again");
    EXPECT_EQ(Gathered(out), "again");
  }
}

TEST(OutBuffer, CopiesAcrossBlocks) {
  OutBuffer out;
  const std::string text(3 * Block::kPooledBytes + 5, 'x');
  out.Copy(text);
  EXPECT_EQ(Gathered(out), text);
}

}  // namespace
}  // namespace prism
