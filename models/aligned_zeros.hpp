// Memory that whole vectors read and write.
#pragma once

#include <hwy/aligned_allocator.h>

#include <algorithm>
#include <new>

namespace mattis {

/// `size` zeros at an address a vector may be loaded from. Throws std::bad_alloc.
template <class Number>
hwy::AlignedFreeUniquePtr<Number[]> aligned_zeros(std::size_t size) {
  auto numbers = hwy::AllocateAligned<Number>(size);
  if (!numbers) throw std::bad_alloc();
  std::fill_n(numbers.get(), size, Number{0});
  return numbers;
}

}  // namespace mattis
