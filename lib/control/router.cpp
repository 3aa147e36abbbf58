// SPDX-License-Identifier: MIT
#include "control/router.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "observe/names.hpp"

namespace vinny {
namespace {

constexpr std::string_view any_method = "*";

/// The text before the next '/', which both lose.
std::string_view next_part(std::string_view& rest) {
  auto const end = std::min(rest.find('/'), rest.size());
  auto const out = rest.substr(0, end);
  rest.remove_prefix(end);
  return out;
}

/// The parameters of a path that fits a template, or nothing.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
  std::vector<std::string> out;
  for (;;) {
    auto const wanted = next_part(pattern);
    auto const given = next_part(path);
    if (wanted.starts_with('{')) {
      if (given.empty()) return std::nullopt;
      out.emplace_back(given);
    } else if (wanted != given) {
      return std::nullopt;
    }
    if (pattern.empty() || path.empty()) break;
    pattern.remove_prefix(1);
    path.remove_prefix(1);
  }
  if (pattern.empty() != path.empty()) return std::nullopt;
  return out;
}

}  // namespace

void router::add(route one) {
  if (one.method != any_method) instruments::global().add_route(one.path);
  routes_.push_back(std::move(one));
}

void router::add_script(std::string_view path, std::string_view text) {
  scripts_.push_back(path);
  add({.method = "GET",
       .path = path,
       .call = [text](routed_call const&) -> task<server_response> {
         auto answer = text_response(text, "text/javascript; charset=utf-8");
         answer.headers.emplace_back("Cache-Control", "no-cache");
         co_return answer;
       },
       .is_open = true});
}

void router::show_pictures_of(std::function<std::string()> origin) {
  origins_.push_back(std::move(origin));
}

std::vector<std::string> router::picture_origins() const {
  std::vector<std::string> out;
  for (auto const& ask : origins_) {
    if (auto origin = ask(); !origin.empty()) out.push_back(std::move(origin));
  }
  return out;
}

router::found router::find(std::string_view method, std::string_view path) const {
  found out;
  bool is_first = true;
  for (auto const& one : routes_) {
    auto at = match(one.path, path);
    if (!at) continue;
    if (is_first) out.is_open = one.is_open;
    is_first = false;
    bool const is_any = one.method == any_method;
    if (!is_any) out.served = one.path;
    if (is_any || one.method == method || (method == "HEAD" && one.method == "GET")) {
      out.to = &one;
      out.at = std::move(*at);
      return out;
    }
    out.allowed += (out.allowed.empty() ? "" : ", ") + std::string{one.method};
    if (one.method == "GET") out.allowed += ", HEAD";
  }
  return out;
}

server_response text_response(std::string_view body, std::string_view type) {
  server_response out{.status = 200, .headers = {}, .body = std::string{body}};
  out.headers.emplace_back("Content-Type", std::string{type});
  return out;
}

}  // namespace vinny
