// SPDX-License-Identifier: MIT
#include "image/jpeg/turbo.hpp"

namespace vinny {

std::unexpected<failure> turbo_failure(turbo_handle const& handle, std::string_view what) {
  return fail(errc::image_corrupt,
              std::string(what) + ": " + (handle ? tjGetErrorStr2(handle.get()) : "no memory"));
}

result<turbo_header> read_turbo_header(turbo_handle const& handle, std::string_view bytes) {
  turbo_header header;
  if (!handle) return turbo_failure(handle, "TurboJPEG could not be started");
  auto const status =
      tjDecompressHeader3(handle.get(), turbo_bytes(bytes), bytes.size(), &header.width,
                          &header.height, &header.subsampling, &header.colourspace);
  // It also fails on subsampling without a name, having read everything else.
  bool const unnamed = header.width > 0 && header.height > 0 && header.subsampling < 0;
  if (status != 0 && !unnamed) return turbo_failure(handle, "the JPEG's header cannot be read");
  return header;
}

}  // namespace vinny
