// SPDX-License-Identifier: MIT
#include "events/commands/plan.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include "core/url.hpp"
#include "events/publish/target.hpp"
#include "events/stages/site.hpp"
#include "events/stages/venue_choice.hpp"
#include "run/run.hpp"

namespace vinny {

result<run_plan> plan_run(config const& settings, sync_request const& request, database* db) {
  auto const venues = select_venues(settings, request.venues);
  if (!venues) return std::unexpected(venues.error());
  run_plan out;
  if (request.scrape && request.reuse.empty()) {
    for (auto const& one : sites_of(*venues)) out.sites.emplace_back(one.sitemap, one.tags());
  }
  if (db != nullptr) {
    out.pages_known = db->number("SELECT count(*) FROM pages");
    out.pages_pending = db->number("SELECT count(*) FROM pages WHERE state = 'pending'");
    out.images_pending =
        db->number("SELECT count(*) FROM images WHERE state IN ('pending', 'parked')");
    out.objects_pending =
        db->number("SELECT count(*) FROM renditions WHERE state = 'done' AND stored = 0");
  }
  if (request.upload) {
    out.store = settings.store.kind == "directory"
                    ? (settings.data_dir / settings.store.directory).string()
                    : settings.store.endpoint + '/' + settings.store.bucket;
  }
  if (request.publish) {
    out.target = describe(target_of(settings, request), settings);
  }
  return out;
}

std::string to_json(run_plan const& plan) {
  boost::json::object out;
  boost::json::array sites;
  for (auto const& [sitemap, tags] : plan.sites) {
    sites.push_back(
        {{"sitemap", sitemap}, {"venues", boost::json::array(tags.begin(), tags.end())}});
  }
  out["sites"] = std::move(sites);
  out["pages_known"] = plan.pages_known;
  out["pages_pending"] = plan.pages_pending;
  out["images_pending"] = plan.images_pending;
  out["objects_pending"] = plan.objects_pending;
  out["store"] = plan.store.empty() ? boost::json::value{} : boost::json::value(plan.store);
  out["target"] = plan.target.empty() ? boost::json::value{} : boost::json::value(plan.target);
  return boost::json::serialize(out);
}

std::string to_text(run_plan const& plan, sync_request const& request) {
  std::string out;
  for (auto const& [sitemap, tags] : plan.sites) {
    out += fmt::format("scrape   {} for {}\n", safe_url(sitemap), fmt::join(tags, ", "));
  }
  if (request.scrape && request.reuse.empty()) {
    out += fmt::format("         {} pages known, {} of them waiting; new and changed ones join\n",
                       plan.pages_known, plan.pages_pending);
  }
  if (request.images) out += fmt::format("images   {} waiting\n", plan.images_pending);
  if (request.upload) {
    out += fmt::format("upload   {} waiting, to {}\n", plan.objects_pending, plan.store);
  }
  if (request.publish) out += fmt::format("publish  to {}\n", plan.target);
  return out + "Nothing was asked and nothing was written.\n";
}

}  // namespace vinny
