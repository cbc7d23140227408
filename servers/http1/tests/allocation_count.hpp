// How often memory was taken from the heap. Linked in, it counts every operator new of the program.
#pragma once
#include <cstddef>

namespace csgi {

std::size_t allocation_count() noexcept;

}  // namespace csgi
