#include <csgi/frame_memory.hpp>
#include <cstdint>
#include <cstring>
#include <doctest/doctest.h>
#include <vector>

using namespace csgi;

TEST_SUITE("frame_memory") {
TEST_CASE("blocks of every size and alignment are whole, apart and aligned") {
  frame_memory memory;
  struct block {
    unsigned char* bytes;
    std::size_t size, alignment;
  };
  std::vector<block> blocks;
  for (std::size_t size = 0; size <= 5200; size += 7) {
    for (const std::size_t alignment : {1u, 8u, 16u, 64u, 256u}) {
      auto* const bytes = static_cast<unsigned char*>(memory.allocate(size, alignment));
      REQUIRE(reinterpret_cast<std::uintptr_t>(bytes) % alignment == 0);
      std::memset(bytes, static_cast<int>(blocks.size() % 251), size);
      blocks.push_back({bytes, size, alignment});
    }
  }
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    for (std::size_t k = 0; k < blocks[i].size; ++k) REQUIRE(blocks[i].bytes[k] == i % 251);
    memory.deallocate(blocks[i].bytes, blocks[i].size, blocks[i].alignment);
  }
}

TEST_CASE("what was given back is used again") {
  frame_memory memory;
  void* const first = memory.allocate(200);
  void* const second = memory.allocate(200);
  memory.deallocate(first, 200);
  CHECK(memory.allocate(230) == first);
  CHECK(memory.allocate(200) != second);
}

TEST_CASE("a coroutine as large as those with a list of headers or two is no affair of the heap once there was one") {
  frame_memory memory;
  for (const std::size_t size : {1024u, 1025u, 1536u, 2300u, 4096u}) {
    void* const first = memory.allocate(size);
    memory.deallocate(first, size);
    CHECK(memory.allocate(size) == first);
  }
}
}
