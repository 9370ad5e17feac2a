#include "models/row_arena.hpp"

namespace mattis {

void RowArena::reserve(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  std::size_t there = 0;
  for (const Piece& piece : pieces_) there += piece.size;
  if (there >= bytes) return;
  const std::size_t more = bytes - there;
  auto* piece = new (std::align_val_t{alignment}, std::nothrow) std::byte[more];
  if (piece != nullptr) pieces_.push_back({std::unique_ptr<std::byte[], Aligned>(piece), more, 0});
}

std::byte* RowArena::take(std::size_t bytes) noexcept {
  const std::lock_guard lock(mutex_);
  for (Piece& piece : pieces_)
    if (piece.size - piece.taken >= bytes) {
      std::byte* first = piece.bytes.get() + piece.taken;
      piece.taken += bytes;
      return first;
    }
  return nullptr;
}

}  // namespace mattis
