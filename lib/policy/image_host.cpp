// SPDX-License-Identifier: MIT
#include "policy/image_host.hpp"

#include "core/text.hpp"

#include <algorithm>

namespace vinny {
namespace {

std::string_view without_root(std::string_view host) noexcept {
  if (host.ends_with('.')) host.remove_suffix(1);
  return host;
}

bool is_or_is_under(std::string_view host, std::string_view domain) noexcept {
  if (domain.empty() || host.size() < domain.size()) return false;
  auto const rest = host.size() - domain.size();
  return iequals(host.substr(rest), domain) && (rest == 0 || host[rest - 1] == '.');
}

}  // namespace

bool host_allowed(std::string_view host, std::vector<std::string> const& allowed) {
  if (allowed.empty()) return true;
  auto const name = without_root(host);
  return std::ranges::any_of(
      allowed, [&](auto const& domain) { return is_or_is_under(name, without_root(domain)); });
}

}  // namespace vinny
