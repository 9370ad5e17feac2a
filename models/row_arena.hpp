// Room for rows of couplings, taken from the system at once and handed out piece by piece.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <new>
#include <vector>

namespace mattis {

/// Bytes become memory of the process when they are first written to.
class RowArena {
 public:
  static constexpr std::size_t alignment = 64;

  /// There is room for so many bytes from now on, what has been taken included, if the system gives that much.
  void reserve(std::size_t bytes);

  /// So many bytes, a multiple of `alignment`; null if there is no room for them. Allocates nothing.
  std::byte* take(std::size_t bytes) noexcept;

 private:
  struct Aligned {
    void operator()(std::byte* p) const noexcept { ::operator delete[](p, std::align_val_t{alignment}); }
  };
  struct Piece {
    std::unique_ptr<std::byte[], Aligned> bytes;
    std::size_t size, taken;
  };

  std::mutex mutex_;
  std::vector<Piece> pieces_;
};

}  // namespace mattis
