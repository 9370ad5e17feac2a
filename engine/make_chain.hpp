// The chain that a dynamics asks for, over any system of spins.
#pragma once

#include <memory>
#include <utility>

#include "engine/parallel_flip.hpp"
#include "engine/rejection_free.hpp"
#include "engine/single_flip.hpp"

namespace mattis {

/// Single flips, synchronous or rejection-free updates, as `Dynamics::updates` says.
template <SpinSystem System>
std::unique_ptr<Chain> make_chain(System system, const Dynamics& dynamics, const StreamId& stream,
                                  std::int64_t sweeps_done) {
  if (dynamics.updates == Updates::synchronous)
    return std::make_unique<ParallelFlipChain<System>>(std::move(system), dynamics, stream, sweeps_done);
  if (dynamics.updates == Updates::rejection_free)
    return std::make_unique<RejectionFreeChain<System>>(std::move(system), dynamics, stream, sweeps_done);
  return std::make_unique<SingleFlipChain<System>>(std::move(system), dynamics, stream, sweeps_done);
}

}  // namespace mattis
