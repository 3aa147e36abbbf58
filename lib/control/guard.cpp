// SPDX-License-Identifier: MIT
#include "control/guard.hpp"

#include <algorithm>

#include "control/problem.hpp"
#include "core/digest.hpp"
#include "core/text.hpp"

namespace vinny {
namespace {

bool is_safe(std::string_view method) noexcept {
  return method == "GET" || method == "HEAD";
}

bool from_another_site(server_request const& request) {
  auto const site = request.header("Sec-Fetch-Site");
  if (!site.empty()) return site != "same-origin" && site != "none";
  auto const origin = request.header("Origin");
  return !origin.empty() && origin != "http://" + std::string{request.header("Host")};
}

bool has_token(server_request const& request, secret const& token) {
  constexpr std::string_view scheme = "Bearer ";
  auto const given = request.header("Authorization");
  return !token.empty() && given.size() > scheme.size() &&
         iequals(given.substr(0, scheme.size()), scheme) &&
         equal_in_constant_time(trim(given.substr(scheme.size())), token.reveal());
}

}  // namespace

bool is_known(server_request const& request, tcp_policy const& policy) {
  return !request.from.tcp || has_token(request, policy.token);
}

std::optional<server_response> refusal(server_request const& request, tcp_policy const& policy,
                                       bool is_open) {
  if (!request.from.tcp) {
    // A browser never speaks to a Unix socket by itself; a proxy that forwards one does.
    if (!is_safe(request.method) && from_another_site(request)) {
      return problem(403, "cross_origin", "requests from another site are refused");
    }
    return std::nullopt;
  }
  auto const host = to_lower(request.header("Host"));
  if (std::ranges::find(policy.hosts, host) == policy.hosts.end()) {
    return problem(421, "wrong_host", "this listener does not go by that name",
                   "use the address in control.listen");
  }
  if (!is_safe(request.method) && from_another_site(request)) {
    return problem(403, "cross_origin", "requests from another site are refused");
  }
  if (!is_open && !has_token(request, policy.token)) {
    auto answer = problem(401, "unauthorized", "the bearer token is missing or wrong",
                          "send 'Authorization: Bearer …' with the content of control.token_file");
    answer.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"vinny\"");
    return answer;
  }
  return std::nullopt;
}

std::vector<std::string> host_names(std::uint16_t port) {
  auto const suffix = ':' + std::to_string(port);
  return {"127.0.0.1" + suffix, "localhost" + suffix, "[::1]" + suffix};
}

}  // namespace vinny
