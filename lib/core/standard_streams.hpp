// SPDX-License-Identifier: MIT
#pragma once

namespace vinny {

/// Descriptors 0 to 2 that are closed lead to /dev/null from now on: the next file that is opened
/// would take such a number, and what is printed would be written into it. Before anything is
/// opened.
void secure_standard_streams() noexcept;

}  // namespace vinny
