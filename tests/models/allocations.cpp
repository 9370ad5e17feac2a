// A sweep takes no memory: what it needs is there after the first sweeps of its kernel.
#include <atomic>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <new>

#include "models/catalogue.hpp"
#include "models/start.hpp"

namespace {

std::atomic<std::int64_t> allocations{0};

void* counted(std::size_t size, std::size_t alignment) {
  ++allocations;
  const std::size_t rounded = (size + alignment - 1) / alignment * alignment;
  void* memory = std::aligned_alloc(alignment, rounded > 0 ? rounded : alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

constexpr std::size_t usual = alignof(std::max_align_t);

}  // namespace

void* operator new(std::size_t size) { return counted(size, usual); }
void* operator new[](std::size_t size) { return counted(size, usual); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

using namespace mattis;

TEST_CASE("sweeps allocate nothing") {
  struct System {
    const char* model;
    Numbers numbers;
  };
  for (const auto& [model, numbers] :
       {System{"hopfield", {{"N", 700}, {"P", 60}}}, System{"sk", {{"N", 200}, {"h", 0.2}}},
        System{"dense", {{"N", 150}, {"P", 900}, {"p", 3}, {"form", 0}}},
        System{"dense", {{"N", 60}, {"P", 900}, {"p", 4}, {"form", 1}}},
        System{"pspin", {{"N", 40}, {"p", 3}}}}) {
    RngStream disorder({20261204, StreamDomain::tests, 0, 0, 0});
    const auto sample = find_model(model)->draw(numbers, {}, disorder);
    for (const Order order : {Order::sequential, Order::random, Order::permutation})
      for (const double temperature : {0.1, 1.0}) {
        Dynamics dynamics{temperature, Rule::metropolis, order};
        auto kernels = sample->kernels(dynamics);
        kernels.push_back(Kernel::scalar);
        for (const Kernel kernel : kernels) {
          dynamics.kernel = kernel;
          RngStream random({20261204, StreamDomain::tests, 1, 0, 0});
          const auto chain = sample->chain(random_configuration(sample->num_spins(), random), dynamics,
                                           {20261204, StreamDomain::tests, 2, 0, 0}, 0);
          for (int t = 0; t < 3; ++t) chain->sweep();
          const std::int64_t before = allocations;
          for (int t = 0; t < 100; ++t) chain->sweep();
          const std::int64_t after = allocations;
          INFO(model << ", " << name_of(kernel) << ", order " << static_cast<int>(order)
                     << ", T = " << temperature);
          CHECK(after - before == 0);
        }
      }
  }
}
