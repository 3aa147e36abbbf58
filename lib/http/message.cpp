// SPDX-License-Identifier: MIT
#include "http/message.hpp"

#include "core/text.hpp"

namespace vinny {

std::string_view find_header(header_list const& headers, std::string_view name) noexcept {
  for (auto const& [key, value] : headers) {
    if (iequals(key, name)) return value;
  }
  return {};
}

}  // namespace vinny
