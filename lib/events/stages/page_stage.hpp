// SPDX-License-Identifier: MIT
//
// page → event: fetch a page if it changed, read its events, record them and the images they
// refer to in one transaction.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "events/model/event_counts.hpp"
#include "events/source/read_page.hpp"
#include "events/stages/site.hpp"
#include "events/tables/images.hpp"
#include "events/tables/pages.hpp"
#include "run/context.hpp"
#include "run/stage.hpp"

namespace vinny {

class page_stage {
 public:
  static constexpr auto step = step::scrape;
  using input = page_job;
  struct output {
    bool unchanged = false;
    page_outcome outcome;
    page_reading reading;
    std::string read_at;
  };

  page_stage(run_context& context, std::vector<site>& sites);

  task<result<std::vector<page_job>>> claim(std::size_t limit);
  void release(page_job const& job);
  [[nodiscard]] int attempts_allowed(page_job const& job) const;
  task<result<work_outlook>> outlook();
  task<result<output>> run(page_job const& job, deadline limit);
  task<result<>> finish(page_job const& job, output out);
  task<result<>> postpone(page_job const& job, failure const& why, int attempts,
                          std::int64_t due_ms);
  task<result<bool>> give_up(page_job const& job, failure const& why, int attempts);
  [[nodiscard]] std::string address(page_job const& job) const { return safe_url(job.url); }

 private:
  [[nodiscard]] site& site_of(page_job const& job) { return *by_sitemap_.at(job.site); }

  run_context& context_;
  std::map<std::string, site*> by_sitemap_;
  std::vector<std::string> sitemaps_;
  std::map<std::string, std::size_t>
      most_in_hand_;  // by sitemap: one slow site must not take all workers
  std::map<std::string, std::size_t> in_hand_;
  std::set<std::int64_t> active_;
};

/// What a page tells, into the catalog: its events, and the images they refer to.
void record_reading(database& db, page_job const& job, std::vector<event> const& events,
                    std::vector<venue> const& venues, std::string const& today,
                    std::string const& read_at, size_list const& sizes);

}  // namespace vinny
