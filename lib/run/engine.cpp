// SPDX-License-Identifier: MIT
#include "run/engine.hpp"

#include <fmt/format.h>
#include <boost/asio/post.hpp>

#include <stdexcept>
#include <thread>

#include "captures/tables/thumbnails.hpp"
#include "catalog/runs.hpp"
#include "core/digest.hpp"
#include "library/tables/lookups.hpp"
#include "observe/log.hpp"

namespace vinny {
namespace {

using namespace std::chrono_literals;

constexpr auto farewell_when_draining = 2s;  // less than a service is given to stop
constexpr auto runs_are_kept = std::chrono::days{30};

std::size_t cpu_threads() {
  return std::max(1U, std::thread::hardware_concurrency());
}

void forget_run_folders(std::filesystem::path const& runs, instant before) {
  std::error_code error;
  for (std::filesystem::directory_iterator at{runs, error}, end; !error && at != end;
       at.increment(error)) {
    auto const name = at->path().filename().string();
    std::error_code ignored;
    if (is_ulid(name) && ulid_time_ms(name) < before.time_since_epoch().count()) {
      std::filesystem::remove_all(at->path(), ignored);
    }
  }
}

}  // namespace

engine::engine(std::shared_ptr<config const> settings, asio::any_io_executor loop,
               std::unique_ptr<catalog> facts)
    : settings_(std::move(settings)),
      loop_(std::move(loop)),
      facts_(std::move(facts)),
      files_(settings_->data_dir),
      cpu_(cpu_threads()),
      names_(loop_),
      runs_(std::make_unique<task_group>(loop_)),
      farewells_(std::make_unique<task_group>(loop_)) {}

engine::~engine() {
  cpu_.stop();
  cpu_.join();
}

result<std::unique_ptr<engine>> engine::open(std::shared_ptr<config const> settings,
                                             asio::any_io_executor loop, std::string const& program,
                                             engine_role role) {
  bool const beside = role == engine_role::beside;
  auto facts = beside ? catalog::open_beside(settings->data_dir)
                      : catalog::open(settings->data_dir, program);
  if (!facts) return std::unexpected(facts.error());
  std::unique_ptr<engine> out{new engine{settings, std::move(loop), std::move(*facts)}};
  out->alone_ = program != "vinnyd";
  out->role_ = role;
  if (!beside) out->files_.remove_leftovers();
  if (!beside && settings->store.kind == "directory") {
    file_root{settings->data_dir / settings->store.directory}.remove_leftovers();
  }
  if (auto const ready = out->reconfigure(std::move(settings)); !ready) {
    return std::unexpected(ready.error());
  }
  if (beside) {
    auto const same = out->same_thumbnail_store();
    if (!same) return std::unexpected(same.error());
    return out;
  }
  out->facts_->note([at = to_rfc3339(now())](database& db) {
    if (int const cut_off = close_cut_off_runs(db, at); cut_off > 0) {
      log(log_level::warn, "run", "a run was cut off by a crash; the next one goes on from there",
          field("runs", cut_off));
    }
  });
  return out;
}

result<> engine::know_hosts(config const& settings) {
  if (hosts_) return {};
  auto reader = catalog::open_read_only(settings.data_dir);
  if (!reader) return std::unexpected(reader.error());
  memory_ = std::make_unique<catalog_host_memory>(*facts_, **reader);
  hosts_ = std::make_unique<host_registry>(settings, memory_.get());
  return {};
}

result<> engine::reconfigure(std::shared_ptr<config const> settings) {
  if (settings->data_dir != settings_->data_dir) {
    return fail(errc::config_invalid, "data_dir cannot change while the program runs; restart it");
  }
  try {
    if (auto const known = know_hosts(*settings); !known) return known;
    world_ = std::make_shared<world>(settings, *hosts_, names_, *facts_, cpu_);
    hosts_->reconfigure(*settings);
  } catch (SQLite::Exception const& error) {
    return std::unexpected(from_sqlite(error, facts_->file()));
  } catch (std::runtime_error const& error) {
    return fail(errc::config_invalid, error.what());
  }
  settings_ = std::move(settings);
  if (role_ == engine_role::whole) {
    facts_->note([store = store_name(*settings_), library = world_->library->name()](database& db) {
      take_thumbnail_store(db, store);
      take_library(db, library);
    });
  }
  return {};
}

result<> engine::same_thumbnail_store() const {
  auto const reader = catalog::open_read_only(settings_->data_dir);
  if (!reader) return std::unexpected(reader.error());
  auto const theirs = thumbnail_store(**reader);
  if (theirs == store_name(*settings_)) return {};
  return fail(errc::config_invalid,
              fmt::format("[store] is another one than that of the daemon that holds the catalog "
                          "({}); thumbnails are in one store",
                          theirs.empty() ? "it has none yet" : theirs));
}

void engine::forget_the_old() {
  auto const before = now() - runs_are_kept;
  facts_->note([before = to_rfc3339(before), at = to_rfc3339(now())](database& db) {
    forget_runs(db, before);
    forget_hosts(db, at, before);
  });
  asio::post(cpu_, [files = files_, before] { forget_run_folders(files.path() / "runs", before); });
}

task<result<>> engine::must_exist(std::string const& reuse) {
  if (reuse.empty()) co_return result<>{};
  auto const found = co_await facts_->read([reuse](database& db) {
    return reuse == "latest" ? !list_runs(db, 1).empty() : find_run(db, reuse).has_value();
  });
  if (!found) co_return std::unexpected(found.error());
  if (*found) co_return result<>{};
  co_return fail(errc::not_found,
                 reuse == "latest"
                     ? std::string{"there is no earlier run whose data could be used"}
                     : fmt::format("there is no run '{}'; `vinny runs` lists them", reuse));
}

task<result<std::string>> engine::start(run_request request) {
  if (draining_) co_return fail(errc::cancelled, "the program is shutting down");
  if (role_ == engine_role::beside) {
    co_return fail(errc::catalog_locked,
                   "this daemon works beside the one that holds the catalog, and only serves "
                   "captures; ask that one for runs");
  }
  if (is_running()) co_return fail(errc::run_active, fmt::format("run {} is active", active_));
  auto venues = select_venues(*settings_, request.venues);
  if (!venues) co_return std::unexpected(venues.error());
  run_record record{.id = new_ulid(),
                    .pipeline = std::string{request.pipeline()},
                    .params = request_to_json(request),
                    .state = run_state::queued,
                    .created_at = to_rfc3339(now()),
                    .started_at = {},
                    .finished_at = {},
                    .counts = {},
                    .error = {}};
  active_ = record.id;  // before anything waits: a second request must see it
  auto outside = world_;
  auto run = std::shared_ptr<run_context>(new run_context{.settings = *outside->settings,
                                                          .facts = *facts_,
                                                          .web = outside->web,
                                                          .store = *outside->store,
                                                          .cpu = cpu_,
                                                          .files = files_,
                                                          .request = std::move(request),
                                                          .record = record,
                                                          .venues = std::move(*venues)});
  run->capture_buckets = &outside->capture_buckets;
  run->d1 = outside->d1.get();
  run->slack = outside->slack.get();
  run->library = outside->library.get();
  run->lookups = outside->lookups.get();
  run->sentry = outside->sentry.get();
  run->alone = alone_;
  if (!run->request.reuse.empty()) run->request.scrape = false;
  auto const known = co_await must_exist(run->request.reuse);
  auto const recorded =
      known ? co_await facts_->write([record](database& db) { add_run(db, record); }) : known;
  if (!recorded) {
    active_.clear();
    idle_.notify_all();
    co_return std::unexpected(recorded.error());
  }
  forget_the_old();
  current_ = run;
  run->draining = draining_;
  runs_->spawn("run " + record.id, perform(run, std::move(outside)));
  co_return record.id;
}

task<> engine::perform(std::shared_ptr<run_context> run, std::shared_ptr<world> outside) {
  auto const notices = std::make_shared<run_notices>(*run);
  co_await execute(*run, *notices);
  active_.clear();
  idle_.notify_all();
  farewells_->spawn("farewell", tell_end(run, notices, std::move(outside)));
}

task<> engine::tell_end(std::shared_ptr<run_context> run, std::shared_ptr<run_notices> notices,
                        std::shared_ptr<world> outside) {
  co_await notices->farewell();
}

task<> engine::change_host(std::string host, host_change how) {
  auto& lanes = hosts_->lanes();
  auto& changed = lanes.of(host);
  changed.change(how);
  co_await lanes.keep(host, changed);
}

void engine::work_came_back() {
  auto const run = running();
  if (!run) return;
  ++run->came_back;
  for (auto& one : run->wake) one.notify_all();
}

void engine::cancel() {
  runs_->cancel_members();
}

task<> engine::idle() {
  return runs_->join();
}

task<> engine::told(deadline limit) {
  while (farewells_->size() > 0 && clock::now() < limit) co_await sleep_for(20ms);
  farewells_->cancel_members();
  co_await farewells_->join();
}

task<> engine::drain(deadline limit) {
  draining_ = true;
  if (current_) {
    current_->draining = true;
    for (auto& one : current_->wake) one.notify_all();
  }
  while (is_running() && clock::now() < limit) co_await idle_.wait(limit);
  runs_->cancel();
  co_await runs_->join();
  co_await told(within(farewell_when_draining));
}

}  // namespace vinny
