// One body per instruction set, chosen when the program starts. Sanitized builds and clang keep the plain one.
#pragma once

#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && \
    !defined(__clang__)
#define MATTIS_CLONES __attribute__((target_clones("avx2", "default")))
#define MATTIS_WIDE_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define MATTIS_CLONES
#define MATTIS_WIDE_CLONES
#endif
