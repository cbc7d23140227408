// heap_count.hpp - how often any thread of this program took memory from the heap. Linked in, it replaces malloc.
#pragma once
#include <cstddef>

namespace csgi::bench {

std::size_t heap_count() noexcept;

}  // namespace csgi::bench
