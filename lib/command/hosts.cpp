// SPDX-License-Identifier: MIT
#include "command/hosts.hpp"

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <map>
#include <tuple>

#include "catalog/catalog.hpp"
#include "catalog/host_refusals.hpp"
#include "catalog/hosts.hpp"
#include "catalog/schema.hpp"
#include "command/daemon_client.hpp"
#include "control/answers/host_change.hpp"
#include "core/text.hpp"
#include "http/lanes.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

/// What keeps a host waiting, for people.
std::string condition_of(lane_state const& state, instant at) {
  if (state.record.quarantined_at) {
    return "quarantined since " + to_rfc3339(*state.record.quarantined_at).substr(0, 19);
  }
  if (state.cooldown_until && *state.cooldown_until > at) {
    return "rests until " + to_rfc3339(*state.cooldown_until).substr(0, 19);
  }
  if (state.breaker_until && *state.breaker_until > at) {
    return "breaker open until " + to_rfc3339(*state.breaker_until).substr(0, 19);
  }
  return "";
}

std::string wishes_of(lane_state const& state) {
  std::string out;
  if (state.set_delay) out += fmt::format("delay {} ms  ", state.set_delay->count());
  if (state.set_concurrency) out += fmt::format("concurrency {}", *state.set_concurrency);
  return out;
}

json::value when(std::optional<instant> const& at) {
  return at ? json::value(to_rfc3339(*at)) : json::value{};
}

/// What is told of a host.
struct told_host : known_host {
  std::int64_t refused = 0;  // images that were refused or given up
};

std::vector<told_host> read_told_hosts(database& db) {
  auto refused = refused_by_host(db);
  std::vector<told_host> out;
  for (auto& one : read_hosts(db)) {
    auto const at = refused.find(one.name);
    out.push_back({{std::move(one)}, at == refused.end() ? 0 : at->second});
    if (at != refused.end()) refused.erase(at);
  }
  for (auto const& [name, count] : refused) out.push_back({{.name = name, .state = {}}, count});
  return out;
}

json::object to_object(told_host const& one) {
  auto const& name = one.name;
  auto const& state = one.state;
  json::object out;
  out["host"] = name;
  out["errors"] = state.record.errors;
  out["answers"] = state.record.answers;
  out["refused"] = one.refused;
  out["error_percent"] = state.record.error_rate();
  out["failures_in_a_row"] = state.consecutive_failures;
  out["cooldown_until"] = when(state.cooldown_until);
  out["breaker_until"] = when(state.breaker_until);
  out["quarantined_at"] = when(state.record.quarantined_at);
  out["delay_ms"] = state.set_delay ? json::value(state.set_delay->count()) : json::value{};
  out["concurrency"] = state.set_concurrency ? json::value(*state.set_concurrency) : json::value{};
  return out;
}

void worst_first(std::vector<told_host>& all) {
  std::ranges::sort(all, {}, [](told_host const& one) {
    return std::tuple{-one.state.record.error_rate(), -one.refused, std::string_view{one.name}};
  });
}

int list(std::vector<told_host> all, output_options const& how) {
  worst_first(all);
  if (how.json) {
    json::array hosts;
    for (auto const& one : all) hosts.push_back(to_object(one));
    fmt::print("{}\n", json::serialize(json::object{{"hosts", std::move(hosts)}}));
    return exit_code::done;
  }
  if (all.empty()) {
    fmt::print("no host has failed, refused, asked for a rest, or been set\n");
    return exit_code::done;
  }
  fmt::print("{:<40} {:>9} {:>9} {:>7} {:>9}  {}\n", "host", "errors", "answers", "error%",
             "refused", "");
  auto const at = now();
  for (auto const& one : all) {
    auto const& record = one.state.record;
    fmt::print("{:<40} {:>9} {:>9} {:>6.1f}% {:>9}  {}\n", printable(one.name), record.errors,
               record.answers, record.error_rate(), one.refused,
               fmt::format("{} {}", condition_of(one.state, at), wishes_of(one.state)));
  }
  return exit_code::done;
}

/// Through the daemon, or with the catalog in our own hand.
int change(config const& settings, std::vector<std::string> const& hosts, host_change const& how) {
  auto const found = find_daemon(settings);
  if (found.daemon) {
    for (auto const& host : hosts) {
      auto const answer = found.daemon->call("POST", "/v1/hosts/" + host, to_json(how));
      if (!answer) return complain_and(exit_code::no_daemon, answer.error());
      if (answer->status != 200) {
        complain(fmt::format("{}: the daemon answers {}", host, answer->status));
        return answer->status == 403 ? exit_code::not_allowed : exit_code::failed;
      }
    }
    return exit_code::done;
  }
  auto own = catalog::open(settings.data_dir, "vinny");
  if (!own) {
    if (auto const code = complain_of_daemon(found, own.error())) return *code;
    bool const busy = own.error().code == errc::catalog_locked;
    return complain_and(busy ? exit_code::run_active : exit_code::failed, own.error());
  }
  auto const write = [&](database& db) {
    std::map<std::string, lane_state> known;
    for (auto& one : read_hosts(db)) known.emplace(std::move(one.name), one.state);
    for (auto const& host : hosts) {
      lane changed{settings.politeness_of(host)};
      changed.restore(known[host]);
      changed.change(how);
      keep_host(db, host, changed.state.state());
    }
  };
  asio::io_context loop{1};
  result<> written;
  asio::co_spawn(
      loop, [&]() -> task<> { written = co_await (*own)->write(write); },
      [](std::exception_ptr const& error) {
        if (error) std::rethrow_exception(error);
      });
  loop.run();
  return written ? exit_code::done : complain_and(exit_code::failed, written.error());
}

int release_healthy(config const& settings, std::vector<told_host> all, bool apply) {
  std::erase_if(all, [](told_host const& one) { return !one.state.record.quarantined_at; });
  worst_first(all);
  std::vector<std::string> healthy;
  for (auto const& one : all) {
    bool const bad = one.state.record.bad({.errors = settings.politeness.quarantine_errors,
                                           .percent = settings.politeness.quarantine_percent});
    if (!bad) healthy.push_back(one.name);
    fmt::print("{:<8} {:<40} {:>6.1f}% of {} requests failed\n", bad ? "keep" : "RELEASE",
               printable(one.name), one.state.record.error_rate(),
               one.state.record.errors + one.state.record.answers);
  }
  if (all.empty()) fmt::print("no host is in quarantine\n");
  if (healthy.empty()) return exit_code::done;
  if (!apply) {
    fmt::print("nothing was changed; --apply releases {}\n", healthy.size());
    return exit_code::done;
  }
  return change(settings, healthy, {.release = true});
}

/// What is known of hosts, without opening anything.
result<std::vector<told_host>> known_hosts(config const& settings) {
  auto reader = catalog::open_read_only(settings.data_dir);
  if (!reader && reader.error().code != errc::not_found) return std::unexpected(reader.error());
  // What an older version left is brought up to date by the first that writes.
  if (!reader || (*reader)->number("PRAGMA user_version") != catalog_version()) {
    return std::vector<told_host>{};
  }
  try {
    return read_told_hosts(**reader);
  } catch (SQLite::Exception const& error) {
    return std::unexpected(from_sqlite(error, settings.data_dir / "vinny.db"));
  }
}

}  // namespace

int list_hosts(config const& settings, invocation const& how) {
  auto known = known_hosts(settings);
  if (!known) return complain_and(exit_code::failed, known.error());
  return list(std::move(*known), how.output);
}

int change_hosts(config const& settings, invocation const&, host_arguments const& what) {
  std::vector<std::string> names;
  for (auto const& one : what.names) {
    auto name = parse_host_name(one);
    if (!name) return complain_and(exit_code::usage, name.error());
    names.push_back(std::move(*name));
  }
  auto known = known_hosts(settings);
  if (!known) return complain_and(exit_code::failed, known.error());
  if (what.healthy) return release_healthy(settings, std::move(*known), what.apply);
  if (names.empty()) {
    complain("which host? Name it, or give --healthy");
    return exit_code::usage;
  }
  return change(settings, names, what.change);
}

}  // namespace vinny
