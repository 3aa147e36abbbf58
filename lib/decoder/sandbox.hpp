// SPDX-License-Identifier: MIT
//
// Takes everything from this process that decoding an image does not need.
#pragma once

#include <cstdint>

#include "core/failure.hpp"

namespace vinny {

/// All memory that a decoder may map, its program's own included.
inline constexpr std::uint64_t decoder_memory_bytes = 256ULL << 20;

/// For the rest of this process's life: no file, socket or program can be opened (seccomp; a try
/// ends the process), memory ends at decoder_memory_bytes, priority is low, and it ends with its
/// parent. The descriptors 0 to 2 stay. Builds with sanitizers, whose runtimes need more, keep
/// their memory and system calls. Fails with internal: this kernel cannot do that.
[[nodiscard]] result<> confine();

}  // namespace vinny
