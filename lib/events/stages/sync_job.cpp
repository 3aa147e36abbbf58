// SPDX-License-Identifier: MIT
#include "events/stages/sync_job.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <array>

#include "catalog/runs.hpp"
#include "control/json_body.hpp"
#include "events/model/event_counts.hpp"
#include "events/stages/image_stage.hpp"
#include "events/stages/publish.hpp"
#include "events/stages/scrape.hpp"
#include "events/stages/venue_choice.hpp"
#include "events/store/upload_stage.hpp"
#include "run/run.hpp"
#include "task/task_group.hpp"

namespace vinny {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr std::array<std::string_view, 1> places_taken{"events"};
constexpr std::size_t max_venues = 256;
constexpr std::size_t longest_run_id = 32;

struct step_flag {
  std::string_view name;
  bool sync_request::* member;
};
constexpr std::array<step_flag, 4> steps{{{"scrape", &sync_request::scrape},
                                          {"images", &sync_request::images},
                                          {"upload", &sync_request::upload},
                                          {"publish", &sync_request::publish}}};
constexpr std::array<step_flag, 6> flags{{{"full", &sync_request::full},
                                          {"local", &sync_request::local},
                                          {"force", &sync_request::force},
                                          {"validate", &sync_request::validate},
                                          {"execute", &sync_request::execute},
                                          {"use_wrangler", &sync_request::use_wrangler}}};

result<> read_steps(json::object const& body, sync_request& out) {
  auto const* const value = body.if_contains("steps");
  if (value == nullptr) return {};
  if (!value->is_array() || value->get_array().empty()) {
    return wrong_member("steps", "a list of steps");
  }
  for (auto const& one : steps) out.*one.member = false;
  for (auto const& named : value->get_array()) {
    auto const text = named.is_string() ? std::string_view{named.get_string()} : std::string_view{};
    auto const found = std::ranges::find(steps, text, &step_flag::name);
    if (found == steps.end()) {
      return wrong_member("steps", "a list of: scrape, images, upload, publish");
    }
    out.*found->member = true;
  }
  return {};
}

result<> read_reuse(json::object const& body, sync_request& out) {
  auto const* const value = body.if_contains("run");
  if (value == nullptr || value->is_null()) return {};
  if (!value->is_string() || value->get_string().size() > longest_run_id) {
    return wrong_member("run", "\"latest\" or the id of a run");
  }
  out.reuse = std::string{value->get_string()};
  return {};
}

/// The run whose data is used instead of scraping must be known.
task<result<>> must_exist(catalog& facts, std::string reuse) {
  auto const found = co_await facts.read([reuse](database& db) {
    return reuse == "latest" ? !list_runs(db, 1).empty() : find_run(db, reuse).has_value();
  });
  if (!found) co_return std::unexpected(found.error());
  if (*found) co_return result<>{};
  co_return fail(errc::not_found,
                 reuse == "latest"
                     ? std::string{"there is no earlier run whose data could be used"}
                     : fmt::format("there is no run '{}'; `vinny runs` lists them", reuse));
}

task<bool> collect(run_context& run, sync_request const& wish) {
  bool scraping = wish.scrape;
  bool fetching = wish.images;
  bool storing = wish.upload;
  co_return co_await with_group([&](task_group& group) -> task<bool> {
    if (scraping) {
      group.spawn("scrape", overlapping_step(run, scrape(run), scraping, step::images));
    }
    if (fetching) {
      group.spawn("images", overlapping_step(run, download_images(run, [&] { return scraping; }),
                                             fetching, step::upload));
    }
    if (storing) {
      auto upload = upload_objects(run, [&] { return fetching || scraping; });
      group.spawn("upload", overlapping_step(run, std::move(upload), storing, step::publish));
    }
    while (scraping || fetching || storing) {
      co_await run.waker(step::publish).wait(within(200ms));
    }
    co_return true;
  });
}

}  // namespace

void sync_job::write_to(json::object& out) const {
  json::array named;
  for (auto const& one : steps) {
    if (wish.*one.member) named.push_back(json::value(one.name));
  }
  out["steps"] = std::move(named);
  out["venues"] = json::array(wish.venues.begin(), wish.venues.end());
  for (auto const& one : flags) out[one.name] = wish.*one.member;
  out["run"] = wish.reuse.empty() ? json::value{} : json::value(wish.reuse);
}

result<> sync_job::check(config const& settings) const {
  auto const chosen = select_venues(settings, wish.venues);
  return chosen ? result<>{} : std::unexpected(chosen.error());
}

task<result<>> sync_job::prepare(config const& settings, catalog& facts) {
  auto chosen = select_venues(settings, wish.venues);
  if (!chosen) co_return std::unexpected(chosen.error());
  venues = std::move(*chosen);
  if (wish.reuse.empty()) co_return result<>{};
  wish.scrape = false;
  co_return co_await must_exist(facts, wish.reuse);
}

task<> sync_job::run(run_context& run) {
  co_await collect(run, wish);
  if (wish.publish && !run.draining) run.note_halt(co_await publish(run));
  run.note_halt(co_await write_documents(run));
}

std::span<std::string_view const> sync_job::places() const {
  return places_taken;
}

result<std::shared_ptr<job>> parse_sync(json::object const& body) {
  auto out = std::make_shared<sync_job>();
  auto read = read_steps(body, out->wish);
  if (read) read = read_names(body, "venues", "a list of venue tags", max_venues, out->wish.venues);
  if (read) read = read_reuse(body, out->wish);
  for (auto const& one : flags) {
    if (read) read = read_flag(body, one.name, out->wish.*one.member);
  }
  if (!read) return std::unexpected(read.error());
  return out;
}

}  // namespace vinny
