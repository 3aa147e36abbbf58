// SPDX-License-Identifier: MIT
//
// The one thing wanted of EXIF: which way is up.
#pragma once

#include <string_view>

namespace vinny {

/// The orientation (tag 0x0112) in IFD 0 of a TIFF block (TIFF 6.0; EXIF 2.3, 4.6.4 A): 1 to 8,
/// or 1 when it is missing or cannot be read. `tiff` begins with "II" or "MM".
[[nodiscard]] int exif_orientation(std::string_view tiff) noexcept;

}  // namespace vinny
