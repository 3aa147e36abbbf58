// SPDX-License-Identifier: MIT
#include "captures/stages/sync_captures_job.hpp"

#include <fmt/format.h>
#include <boost/json/array.hpp>

#include <algorithm>
#include <array>

#include "captures/model/capture_settings.hpp"
#include "captures/stages/capture_sync.hpp"
#include "config/config.hpp"
#include "control/json_body.hpp"

namespace vinny {
namespace {

constexpr std::array<std::string_view, 1> places_taken{"captures"};
constexpr std::size_t max_collections = 1'000;

}  // namespace

void sync_captures_job::write_to(boost::json::object& out) const {
  out["full"] = full;
  out["collections"] = boost::json::array(collections.begin(), collections.end());
}

result<> sync_captures_job::check(config const& settings) const {
  std::vector<std::string> known;
  for (auto const& [name, one] : settings.of<collections_config>().all) {
    if (!one.source.empty()) known.push_back(name);
  }
  for (auto const& name : collections) {
    if (std::ranges::find(known, name) != known.end()) continue;
    return fail(
        errc::not_found,
        fmt::format("there is no collection '{}' with a source; those that have one: {}", name,
                    known.empty() ? "none" : fmt::format("{}", fmt::join(known, ", "))));
  }
  return {};
}

task<> sync_captures_job::run(run_context& run) {
  run.note_halt(co_await sync_captures(run));
}

std::span<std::string_view const> sync_captures_job::places() const {
  return places_taken;
}

result<std::shared_ptr<job>> parse_sync_captures(boost::json::object const& body) {
  auto out = std::make_shared<sync_captures_job>();
  auto read =
      read_names(body, "collections", "a list of collections", max_collections, out->collections);
  if (read) read = read_flag(body, "full", out->full);
  if (!read) return std::unexpected(read.error());
  return out;
}

}  // namespace vinny
