// SPDX-License-Identifier: MIT
//
// TurboJPEG's handles and buffers, owned; its errors as failures.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <turbojpeg.h>

#include "core/failure.hpp"

namespace vinny {

struct destroy_turbo {
  void operator()(void* handle) const noexcept { tjDestroy(handle); }
};
using turbo_handle = std::unique_ptr<void, destroy_turbo>;

struct free_turbo {
  void operator()(unsigned char* memory) const noexcept { tjFree(memory); }
};
using turbo_buffer = std::unique_ptr<unsigned char, free_turbo>;

/// Warnings are errors: a damaged file shows itself in nothing else.
inline constexpr int strict_decode = TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS;

/// image_corrupt: "<what>: <the library's own words>".
[[nodiscard]] std::unexpected<failure> turbo_failure(turbo_handle const& handle,
                                                     std::string_view what);

[[nodiscard]] inline unsigned char const* turbo_bytes(std::string_view bytes) noexcept {
  return reinterpret_cast<unsigned char const*>(bytes.data());
}

struct turbo_header {
  int width = 0;
  int height = 0;
  int subsampling = -1;  // TJSAMP_*; -1: a combination that TurboJPEG has no name for
  int colourspace = -1;  // TJCS_*
};
/// Error: image_corrupt.
[[nodiscard]] result<turbo_header> read_turbo_header(turbo_handle const& handle,
                                                     std::string_view bytes);

}  // namespace vinny
