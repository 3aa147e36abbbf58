// SPDX-License-Identifier: MIT
#include "control/answers/run_request.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <vector>

#include "control/json_body.hpp"
#include "model/subsystem.hpp"

namespace vinny {
namespace {

constexpr std::string_view usual_pipeline = "sync";

/// Those that can be asked for by their name.
std::vector<job_kind const*> requestable() {
  std::vector<job_kind const*> out;
  for (auto const* const system : systems()) {
    for (auto const& kind : system->jobs) {
      if (kind.parse != nullptr) out.push_back(&kind);
    }
  }
  return out;
}

std::vector<std::string_view> all_members(std::vector<job_kind const*> const& kinds) {
  std::vector<std::string_view> out{"pipeline"};
  for (auto const* const kind : kinds) {
    for (auto const member : kind->members) {
      if (std::ranges::find(out, member) == out.end()) out.push_back(member);
    }
  }
  return out;
}

}  // namespace

result<std::shared_ptr<job>> parse_run_request(std::string_view body) {
  auto const document = read_json_body(body);
  if (!document) return std::unexpected(document.error());
  auto const kinds = requestable();
  auto const known = all_members(kinds);
  for (auto const& [key, value] : *document) {
    std::string_view const member = key;
    if (std::ranges::find(known, member) != known.end()) continue;
    return unknown_member(member, fmt::format("{}", fmt::join(known, ", ")));
  }
  auto wanted = usual_pipeline;
  if (auto const* const value = document->if_contains("pipeline")) {
    wanted = value->is_string() ? std::string_view{value->get_string()} : std::string_view{};
  }
  auto const kind = std::ranges::find(kinds, wanted, &job_kind::pipeline);
  if (kind != kinds.end()) return (*kind)->parse(*document);
  std::vector<std::string_view> names;
  for (auto const* const one : kinds) names.push_back(one->pipeline);
  return wrong_member("pipeline", fmt::format("one of {}", fmt::join(names, ", ")));
}

}  // namespace vinny
