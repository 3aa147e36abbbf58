// SPDX-License-Identifier: MIT
#include "events/stages/sitemap_walk.hpp"

#include <fmt/format.h>

#include <deque>
#include <set>

#include "catalog/runs.hpp"
#include "core/host_name.hpp"
#include "core/text.hpp"
#include "events/model/event_counts.hpp"
#include "events/source/event_code.hpp"
#include "events/source/sitemap.hpp"
#include "events/stages/sync_job.hpp"
#include "events/tables/pages.hpp"
#include "http/inflate.hpp"
#include "observe/log.hpp"
#include "policy/classify.hpp"
#include "run/lost.hpp"
#include "run/patient.hpp"
#include "task/offload.hpp"

namespace vinny {
namespace {

constexpr std::size_t max_sitemaps = 2'000;    // files of one site, an endless index stops here
constexpr std::size_t listed_at_once = 2'000;  // pages in one transaction

struct sitemap_file {
  std::string address;
  int depth = 0;
};

bool newer(std::string const& listed, std::string const& read) {
  auto const a = parse_lastmod(listed);
  auto const b = parse_lastmod(read);
  // Where one of them cannot be read, any difference counts.
  return a && b ? a->newer_than(*b) : listed != read;
}

/// What a sitemap file holds for a site.
struct sorted_entries {
  std::vector<listed_page> pages;     // of the site, and not over yet
  std::vector<std::string> children;  // further sitemaps
  std::int64_t past = 0;
  std::int64_t foreign = 0;  // of other hosts, or no URLs at all
};

/// An event page whose address tells a date before today.
bool is_over(std::string const& address, std::string const& today) {
  auto const code = find_event_code(address);
  return code && code->date && to_date(*code->date) < today;
}

sorted_entries sort_out(sitemap const& list, url const& base, std::string const& today) {
  sorted_entries out;
  for (auto const& entry : list.entries) {
    auto const target = base.resolve(entry.loc);
    if (!target || bare_host(target->host()) != bare_host(base.host())) {
      ++out.foreign;
    } else if (list.is_index) {
      out.children.push_back(target->str());
    } else if (is_over(target->str(), today)) {
      ++out.past;
    } else {
      out.pages.push_back({.url = target->str(),
                           .host = target->host(),
                           .lastmod = entry.modified ? entry.modified->text : std::string{}});
    }
  }
  return out;
}

class walk {
 public:
  walk(run_context& context, site& where) : context_(context), site_(where) {}

  task<result<>> run() {
    queue_.push_back({site_.sitemap, 0});
    seen_.insert(site_.sitemap);
    while (!queue_.empty() && !context_.draining) {
      auto const file = std::move(queue_.front());
      queue_.pop_front();
      if (auto const read = co_await visit(file); !read) {
        auto const meaning = classify(read.error().code);
        if (meaning == verdict::halt) co_return read;
        if (meaning == verdict::stop) co_return result<>{};
        site_.sitemap_failed = true;
        if (is_deferral(read.error().code)) {
          ++context_.deferred;
          log(log_level::warn, "scrape",
              "a sitemap is left for a later run: " + read.error().message);
          continue;
        }
        if (auto const kept = co_await report(file.address, read.error()); !kept) co_return kept;
      }
    }
    co_return result<>{};
  }

 private:
  task<result<>> visit(sitemap_file file) {
    auto const address = url::parse(file.address);
    if (!address) co_return std::unexpected(address.error());
    if (file.depth > max_sitemap_depth) {
      co_return fail(errc::sitemap_too_deep,
                     fmt::format("{}: nested {} deep; {} levels are followed", *address, file.depth,
                                 max_sitemap_depth));
    }
    auto const known =
        co_await context_.facts.read([site = site_.sitemap, address = file.address](database& db) {
          return known_sitemap(db, site, address);
        });
    if (!known) co_return std::unexpected(known.error());

    request what{.target = *address, .max_body = static_cast<std::int64_t>(max_sitemap_bytes)};
    what.headers.emplace_back("Accept", accept_sitemaps);
    if (*known && !context_.asked<sync_job>().wish.full)
      ask_if_changed(what, (*known)->etag, (*known)->last_modified);
    auto answer = co_await send_patiently(context_, std::move(what));
    if (!answer) co_return std::unexpected(answer.error());
    if (answer->status == 304 && *known) co_return co_await unchanged(file, **known);
    co_return co_await changed(file, std::move(*answer));
  }

  /// Not modified: what it listed last time still holds.
  task<result<>> unchanged(sitemap_file const& file, sitemap_note const& note) {
    if (auto const queued = co_await enqueue(note.children, file); !queued) co_return queued;
    auto pages =
        co_await context_.facts.read([site = site_.sitemap, address = file.address](database& db) {
          return pages_listed_by(db, site, address);
        });
    if (!pages) co_return std::unexpected(pages.error());
    auto const past = std::erase_if(*pages, [today = site_.today(now())](listed_page const& p) {
      return is_over(p.url, today);
    });
    context_.counts<event_counts>().pages_past += static_cast<std::int64_t>(past);
    site_.past_listed += static_cast<std::int64_t>(past);
    co_return co_await list(file, std::move(*pages));
  }

  task<result<>> changed(sitemap_file const& file, response answer) {
    auto parsed = co_await on_cpu(context_, [body = std::move(answer.body)]() -> result<sitemap> {
      if (!is_gzip(body)) return parse_sitemap(body);
      auto const plain = inflate_bounded(body, static_cast<std::int64_t>(max_sitemap_bytes));
      if (!plain) return std::unexpected(plain.error());
      return parse_sitemap(*plain);
    });
    if (!parsed) {
      co_return fail(parsed.error().code,
                     fmt::format("{}: {}", answer.final_url, parsed.error().message));
    }
    sitemap_note note{.etag = std::string{answer.header("ETag")},
                      .last_modified = std::string{answer.header("Last-Modified")},
                      .children = {}};
    if (parsed->truncated) {
      auto const kept = co_await report(
          file.address,
          failure{errc::sitemap_too_large,
                  fmt::format("{}: more than {} entries; the first {} are read", answer.final_url,
                              max_sitemap_entries, max_sitemap_entries)});
      if (!kept) co_return kept;
      note.etag.clear();
      note.last_modified.clear();
    }
    auto found = co_await on_cpu(
        context_, [list = std::move(*parsed), base = answer.final_url, today = site_.today(now())] {
          return sort_out(list, base, today);
        });
    if (auto const queued = co_await enqueue(found.children, file); !queued) co_return queued;
    note.children = std::move(found.children);
    context_.counts<event_counts>().pages_past += found.past;
    site_.past_listed += found.past;
    if (found.foreign > 0) {
      log(log_level::warn, "scrape", "the sitemap lists addresses that are not of its own host",
          field("url", answer.final_url), field("left_out", found.foreign));
    }
    if (auto const listed = co_await list(file, std::move(found.pages)); !listed) co_return listed;
    // The validators are kept only after the whole list is in the catalog.
    co_return co_await context_.facts.write(
        [site = site_.sitemap, address = file.address, note = std::move(note)](database& db) {
          sitemap_read(db, site, address, note);
        });
  }

  task<result<>> enqueue(std::vector<std::string> const& children, sitemap_file const& parent) {
    std::size_t left_out = 0;
    for (auto const& child : children) {
      if (seen_.contains(child)) continue;
      if (seen_.size() >= max_sitemaps) {
        ++left_out;
      } else {
        seen_.insert(child);
        queue_.push_back({child, parent.depth + 1});
      }
    }
    if (left_out == 0 || cut_) co_return result<>{};
    cut_ = true;
    co_return co_await report(
        parent.address,
        failure{errc::sitemap_too_large,
                fmt::format("{}: the site lists more than {} sitemaps; the others are not read",
                            safe_url(parent.address), max_sitemaps)});
  }

  task<result<>> list(sitemap_file const& file, std::vector<listed_page> pages) {
    for (std::size_t at = 0; at < pages.size(); at += listed_at_once) {
      auto const end = std::min(pages.size(), at + listed_at_once);
      auto const outcome = co_await context_.facts.write(
          [listing = page_listing{.site = site_.sitemap,
                                  .sitemap = file.address,
                                  .pages = {pages.begin() + static_cast<std::ptrdiff_t>(at),
                                            pages.begin() + static_cast<std::ptrdiff_t>(end)},
                                  .venue_tags = site_.tags(),
                                  .full = context_.asked<sync_job>().wish.full}](database& db) {
            return list_pages(db, listing, newer);
          });
      if (!outcome) co_return std::unexpected(outcome.error());
      auto const count = static_cast<std::int64_t>(end - at);
      site_.pages_listed += count;
      context_.counts<event_counts>().pages_found += count;
      context_.counts<event_counts>().pages_unchanged += outcome->unchanged;
      context_.waker(step::scrape).notify_all();
    }
    co_return result<>{};
  }

  task<result<>> report(std::string const& address, failure const& why) {
    ++context_.counts<event_counts>().pages_failed;
    tell_lost(context_, step::scrape, why, safe_url(address));
    co_return co_await context_.facts.write(
        [id = context_.record.id, row = to_run_error("scrape", safe_url(address), address, why, 1)](
            database& db) { add_run_error(db, id, row, to_rfc3339(now())); });
  }

  run_context& context_;
  site& site_;
  std::deque<sitemap_file> queue_;
  std::set<std::string> seen_;
  bool cut_ = false;  // more sitemaps than are read, and said so
};

}  // namespace

task<result<>> walk_sitemaps(run_context& context, site& where) {
  walk one{context, where};
  co_return co_await one.run();
}

}  // namespace vinny
