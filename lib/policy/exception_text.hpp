// SPDX-License-Identifier: MIT
#pragma once

#include <exception>
#include <string>

namespace vinny {

/// What an exception that ends the program says to people: of our own shortages with the cure.
[[nodiscard]] std::string text_of(std::exception const& error);

}  // namespace vinny
