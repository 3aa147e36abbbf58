// SPDX-License-Identifier: MIT
#include "library/commands/library.hpp"

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include <stdexcept>

#include "catalog/catalog.hpp"
#include "command/daemon_client.hpp"
#include "command/runs.hpp"
#include "core/percent.hpp"
#include "core/text.hpp"
#include "library/model/library_rank.hpp"
#include "library/model/library_settings.hpp"
#include "library/postgres/postgres_library.hpp"
#include "library/routes/library_answer.hpp"
#include "library/tables/library.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

constexpr std::size_t looked_at = 120;

std::string text_member(json::object const& from, std::string_view name) {
  auto const* const value = from.if_contains(name);
  return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
}

int show(std::string const& document, output_options const& how) {
  if (how.json) {
    fmt::print("{}\n", document);
    return exit_code::done;
  }
  boost::system::error_code error;
  auto const parsed = json::parse(document, error);
  if (error || !parsed.is_object() || !parsed.as_object().contains("results")) {
    complain("the answer cannot be read");
    return exit_code::failed;
  }
  auto const& results = parsed.at("results").as_array();
  for (auto const& one : results) {
    auto const& row = one.as_object();
    auto artwork = text_member(row, "artwork_url");
    if (artwork.empty()) artwork = row.at("pending").as_bool() ? "(being looked up)" : "-";
    fmt::print("{:>8}  {} - {}  {}\n", json::serialize(row.at("id")),
               printable(text_member(row, "artist")), printable(text_member(row, "album")),
               printable(artwork));
  }
  if (results.empty() && !how.quiet) fmt::print("nothing is found\n");
  return exit_code::done;
}

/// Runs work that has no daemon to do it.
template <class T>
result<T> finish(asio::io_context& loop, task<result<T>> work) {
  std::optional<result<T>> out;
  asio::co_spawn(
      loop, [&out, work = std::move(work)]() mutable -> task<> { out = co_await std::move(work); },
      [](std::exception_ptr const& error) {
        if (error) std::rethrow_exception(error);
      });
  loop.run();
  return std::move(*out);
}

int refuse(failure const& why) {
  complain(why.message);
  return exit_code_of(why.code);
}

/// A library in PostgreSQL, for one question.
struct lone_library {
  explicit lone_library(config const& settings)
      : rows(settings.of<library_config>(), settings.politeness.retries + 1, names, nullptr) {}
  asio::io_context loop{1};
  dns_cache names{loop.get_executor()};
  postgres_library rows;
};

int show_hits(std::vector<library_hit> hits, library_query const& asked_for, std::size_t limit,
              output_options const& how) {
  rank_hits(hits, asked_for, limit);
  std::vector<found_row> rows;
  rows.reserve(hits.size());
  for (auto& one : hits) rows.push_back({std::move(one), false});
  return show(search_document(rows), how);
}

int search_postgres(config const& settings, std::string const& query, std::size_t limit,
                    output_options const& how) try {
  lone_library library{settings};
  auto const asked_for = read_query(query);
  auto hits = finish(library.loop, library.rows.search(asked_for, looked_at));
  if (!hits) return refuse(hits.error());
  return show_hits(std::move(*hits), asked_for, limit, how);
} catch (std::runtime_error const& error) {
  return refuse(failure{errc::config_invalid, error.what()});
}

int search_catalog(config const& settings, std::string const& query, std::size_t limit,
                   output_options const& how) {
  auto const reader = catalog::open_read_only(settings.data_dir);
  if (!reader) {
    complain(reader.error().message);
    return exit_code::failed;
  }
  try {
    auto const asked_for = read_query(query);
    return show_hits(search_library(**reader, asked_for, looked_at), asked_for, limit, how);
  } catch (SQLite::Exception const& error) {
    complain(from_sqlite(error, settings.data_dir / "vinny.db").message);
    return exit_code::failed;
  }
}

}  // namespace

int show_library_index(config const& settings) try {
  if (settings.of<library_config>().database.empty()) {
    complain("the library is in the catalog, which has its index; library.database is not set");
    return exit_code::failed;
  }
  lone_library library{settings};
  auto const script = finish(library.loop, library.rows.index_script());
  if (!script) return refuse(script.error());
  fmt::print("{}", *script);
  return exit_code::done;
} catch (std::runtime_error const& error) {
  return refuse(failure{errc::config_invalid, error.what()});
}

int search_library_here(config const& settings, invocation const& how, std::string const& text,
                        std::size_t limit) {
  if (auto const why = why_no_search(text); !why.empty()) {
    complain(std::string{why});
    return exit_code::usage;
  }
  auto const found = how.no_daemon ? found_daemon{} : find_daemon(settings);
  if (!found.daemon) {
    bool const elsewhere = !settings.of<library_config>().database.empty();
    return (elsewhere ? search_postgres : search_catalog)(settings, text, limit, how.output);
  }
  auto const query = uri_encode(text, false);
  auto const answer =
      found.daemon->call("GET", fmt::format("/v1/library/search?q={}&limit={}", query, limit));
  if (!answer) {
    complain(answer.error().message);
    return exit_code::no_daemon;
  }
  if (answer->status != 200) {
    boost::system::error_code error;
    auto const parsed = json::parse(answer->body, error);
    complain(!error && parsed.is_object() ? text_member(parsed.as_object(), "detail")
                                          : fmt::format("the daemon answers {}", answer->status));
    return answer->status == 400   ? exit_code::usage
           : answer->status == 503 ? exit_code::try_again
                                   : exit_code::failed;
  }
  return show(answer->body, how.output);
}

}  // namespace vinny
