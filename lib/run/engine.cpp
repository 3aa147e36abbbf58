// SPDX-License-Identifier: MIT
#include "run/engine.hpp"

#include <fmt/format.h>
#include <boost/asio/post.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <stdexcept>
#include <thread>

#include "catalog/runs.hpp"
#include "core/ulid.hpp"
#include "model/subsystem.hpp"
#include "observe/log.hpp"
#include "task/run_executor.hpp"

namespace vinny {
namespace {

using namespace std::chrono_literals;

constexpr auto messages_when_draining = 2s;  // less than a service is given to stop
constexpr auto runs_are_kept = std::chrono::days{30};
constexpr std::size_t ended_are_kept = 8;  // with their events, for those who follow

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
      ends_(std::make_unique<task_group>(loop_)),
      end_messages_(std::make_unique<task_group>(loop_)) {}

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
    for (auto const* const system : systems()) {
      if (system->stand_beside == nullptr) continue;
      auto const fits = system->stand_beside(*out->settings_);
      if (!fits) return std::unexpected(fits.error());
    }
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
    for (auto const* const system : systems()) {
      if (system->take_over != nullptr) system->take_over(*world_);
    }
  }
  return {};
}

void engine::forget_the_old() {
  auto const before = now() - runs_are_kept;
  facts_->note([before = to_rfc3339(before), at = to_rfc3339(now())](database& db) {
    forget_runs(db, before);
    forget_hosts(db, at, before);
  });
  asio::post(cpu_, [files = files_, before] { forget_run_folders(files.path() / "runs", before); });
}

bool engine::is_taken(std::string_view system) const noexcept {
  return places_.is_taken(system);
}

std::vector<std::shared_ptr<run_context>> engine::running() const {
  std::vector<std::shared_ptr<run_context>> out;
  for (auto const& one : active_) {
    if (one.run) out.push_back(one.run);
  }
  return out;
}

std::shared_ptr<run_context> engine::find(std::string_view id) const {
  for (auto const& one : active_) {
    if (one.id == id) return one.run;
  }
  for (auto const& one : ended_) {
    if (one->record.id == id) return one;
  }
  return nullptr;
}

std::shared_ptr<run_context> engine::last_ended() const {
  return ended_.empty() ? nullptr : ended_.front();
}

task<result<>> engine::prepare(run_context& run) {
  auto const known = co_await run.work->prepare(run.settings, *facts_);
  if (!known) co_return known;
  co_return co_await facts_->write([record = run.record](database& db) { add_run(db, record); });
}

task<result<std::string>> engine::start(std::shared_ptr<job> asked) {
  if (draining_) co_return fail(errc::cancelled, "the program is shutting down");
  if (role_ == engine_role::beside) {
    co_return fail(errc::catalog_locked,
                   "this daemon works beside the one that holds the catalog, and only serves "
                   "captures; ask that one for runs");
  }
  if (auto const active = places_.in_the_way(asked->places())) {
    failure why{errc::run_active, fmt::format("run {} is active", *active)};
    why.evidence = *active;
    co_return std::unexpected(std::move(why));
  }
  run_record record{.id = new_ulid(),
                    .pipeline = std::string{asked->pipeline()},
                    .params = boost::json::serialize(request_document(*asked)),
                    .state = run_state::queued,
                    .created_at = to_rfc3339(now()),
                    .started_at = {},
                    .finished_at = {},
                    .counts = {},
                    .error = {}};
  auto const id = record.id;
  // Before anything waits: a second request must see it.
  places_.take(id, asked->places());
  auto const at = active_.emplace(active_.end(), id, executor_of_run(loop_, id));
  auto run = std::make_shared<run_context>(world_, *facts_, cpu_, files_, std::move(asked),
                                           std::move(record));
  run->alone = alone_;
  auto const ready = co_await prepare(*run);
  if (!ready) {
    leave(at);
    co_return std::unexpected(ready.error());
  }
  forget_the_old();
  at->run = run;
  run->draining = draining_;
  at->tasks.spawn("run " + id, perform(at));
  co_return id;
}

task<> engine::perform(place at) {
  auto const run = at->run;
  auto const notices = std::make_shared<run_notices>(*run);
  co_await execute(*run, *notices);
  places_.leave(at->id);  // at once: who sees its end may ask for the next one
  ended_.push_front(run);
  if (ended_.size() > ended_are_kept) ended_.pop_back();
  end_messages_->spawn("end message", tell_end(run, notices));
  ends_->spawn("end of a run", [](engine& self, place done) -> task<> {
    co_await done->tasks.join();
    self.leave(done);
  }(*this, at));
}

void engine::leave(place at) {
  places_.leave(at->id);
  active_.erase(at);
  run_ended_.notify_all();
}

task<> engine::tell_end(std::shared_ptr<run_context> run, std::shared_ptr<run_notices> notices) {
  co_await notices->announce_end();
  // Of an ended run its record and its events are kept; the connections go.
  run->outside.reset();
}

task<> engine::change_host(std::string host, host_change how) {
  auto& lanes = hosts_->lanes();
  auto& changed = lanes.of(host);
  changed.change(how);
  co_await lanes.keep(host, changed);
}

void engine::work_came_back() {
  for (auto const& run : running()) {
    ++run->came_back;
    run->wake_all();
  }
}

task<> engine::cancel(std::string id) {
  auto const is_it = [&](active_run const& one) { return one.id == id && one.run; };
  if (auto const at = std::ranges::find_if(active_, is_it); at != active_.end()) {
    at->tasks.cancel_members();
  }
  while (std::ranges::any_of(active_, is_it)) co_await run_ended_.wait();
}

task<> engine::idle() {
  while (is_running()) co_await run_ended_.wait();
}

task<> engine::told(deadline limit) {
  while (end_messages_->size() > 0 && clock::now() < limit) co_await sleep_for(20ms);
  end_messages_->cancel_members();
  co_await end_messages_->join();
  co_await ends_->join();
}

task<> engine::drain(deadline limit) {
  draining_ = true;
  for (auto const& run : running()) {
    run->draining = true;
    run->wake_all();
  }
  while (is_running() && clock::now() < limit) co_await run_ended_.wait(limit);
  for (auto& one : active_) one.tasks.cancel();
  co_await idle();
  co_await told(within(messages_when_draining));
}

}  // namespace vinny
