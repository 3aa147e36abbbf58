// SPDX-License-Identifier: MIT
#include "control/query.hpp"

#include <fmt/format.h>

#include <charconv>

namespace vinny {

result<std::size_t> number_of(server_request const& request, std::string const& name,
                              std::size_t usual, std::size_t most) {
  auto const it = request.query.find(name);
  if (it == request.query.end()) return usual;
  std::size_t value = 0;
  auto const& text = it->second;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value > most) {
    return fail(errc::bad_url, fmt::format("'{}' must be a number from 0 to {}", name, most));
  }
  return value;
}

}  // namespace vinny
