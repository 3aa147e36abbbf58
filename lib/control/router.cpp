// SPDX-License-Identifier: MIT
#include "control/router.hpp"

#include <optional>
#include <utility>

#include "core/text.hpp"
#include "observe/names.hpp"

namespace vinny {
namespace {

constexpr std::string_view any_method = "*";

/// The parameters of a path that fits a template, or nothing.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
  auto const wanted = split(pattern, '/');
  auto const given = split(path, '/');
  if (wanted.size() != given.size()) return std::nullopt;
  std::vector<std::string> out;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i].starts_with('{')) {
      if (given[i].empty()) return std::nullopt;
      out.emplace_back(given[i]);
    } else if (wanted[i] != given[i]) {
      return std::nullopt;
    }
  }
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
  for (auto const& one : routes_) {
    auto at = match(one.path, path);
    if (!at) continue;
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

bool router::is_open(std::string_view path) const {
  for (auto const& one : routes_) {
    if (match(one.path, path)) return one.is_open;
  }
  return false;
}

server_response text_response(std::string_view body, std::string_view type) {
  server_response out{.status = 200, .headers = {}, .body = std::string{body}};
  out.headers.emplace_back("Content-Type", std::string{type});
  return out;
}

}  // namespace vinny
