// SPDX-License-Identifier: MIT
#include "captures/commands/captures.hpp"

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include <functional>

#include "blob/file.hpp"
#include "blob/sorted_walk.hpp"
#include "captures/model/capture_settings.hpp"
#include "captures/routes/capture_answer.hpp"
#include "captures/routes/capture_document.hpp"
#include "command/daemon_client.hpp"
#include "core/text.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

/// One thing to add.
struct picture {
  std::string name;  // as it was given
  bool is_url = false;
};

struct addition {
  std::string content_type;
  std::string body;
};

/// Sends one addition and gives the answer.
using sender = std::function<result<daemon_answer>(addition const&)>;

bool is_address(std::string_view text) {
  return text.starts_with("http://") || text.starts_with("https://");
}

/// The files of directories by the order of their names; anything else as it was given.
result<std::vector<picture>> expand(std::vector<std::string> const& names) {
  std::vector<picture> out;
  for (auto const& name : names) {
    std::error_code error;
    bool const folder = !is_address(name) && std::filesystem::is_directory(name, error);
    if (!folder) {
      out.push_back({name, is_address(name)});
      continue;
    }
    sorted_walk files{name};
    for (;;) {
      auto file = files.next();
      if (!file) return std::unexpected(file.error());
      if (!*file) break;
      out.push_back({(std::filesystem::path{name} / (*file)->path).string(), false});
    }
  }
  return out;
}

result<addition> read_addition(picture const& one, std::string const& collection,
                               std::int64_t max_bytes) {
  if (one.is_url) {
    json::object document{{"url", one.name}};
    if (!collection.empty()) document["collection"] = collection;
    return addition{"application/json", json::serialize(document)};
  }
  std::filesystem::path const path{one.name};
  auto const folder = std::filesystem::absolute(path).parent_path();
  auto bytes = file_root{folder}.read(path.filename().string(), max_bytes);
  if (!bytes) {
    return fail(bytes.error().code, fmt::format("{}: {}", one.name, describe(bytes.error().code)));
  }
  return addition{"application/octet-stream", std::move(*bytes)};
}

std::string target_for(std::string const& collection) {
  return collection.empty() ? "/v1/captures" : "/v1/captures?collection=" + collection;
}

std::string text_of(json::object const& document, std::string_view member) {
  auto const* const value = document.if_contains(member);
  return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
}

json::object parse_answer(std::string const& body) {
  boost::system::error_code error;
  auto parsed = json::parse(body, error);
  return !error && parsed.is_object() ? parsed.as_object() : json::object{};
}

void tell(json::object const& capture) {
  fmt::print("{:>8}  {:<12} {}\n", capture.contains("id") ? json::serialize(capture.at("id")) : "",
             printable(text_of(capture, "collection")), printable(text_of(capture, "location")));
}

int add_all(std::vector<picture> const& all, capture_arguments const& what,
            output_options const& output, std::int64_t max_bytes, sender const& send) {
  json::array added;
  std::size_t refused = 0;
  for (auto const& one : all) {
    auto const content = read_addition(one, what.collection, max_bytes);
    auto const answer = content ? send(*content) : std::unexpected(content.error());
    if (!answer) {
      complain(answer.error().message);
      ++refused;
      if (answer.error().code == errc::connection_lost) return exit_code::no_daemon;
      continue;
    }
    auto document = parse_answer(answer->body);
    if (answer->status >= 300) {
      auto const why = text_of(document, "detail");
      complain(fmt::format("{}: {}", one.name, why.empty() ? text_of(document, "title") : why));
      ++refused;
      continue;
    }
    if (!output.json && !output.quiet) tell(document);
    added.push_back(std::move(document));
  }
  if (output.json) {
    fmt::print("{}\n", json::serialize(json::object{{"captures", added}, {"refused", refused}}));
  }
  if (refused == 0) return exit_code::done;
  return added.empty() ? exit_code::failed : exit_code::partial;
}

/// Runs a coroutine to its end. Somebody must hold work on the loop: else a thread that lets go of
/// the last of it, a little later, stops the next run.
template <class Body>
void run_to_end(asio::io_context& loop, Body body) {
  asio::co_spawn(loop, std::move(body), [&loop](std::exception_ptr const& error) {
    loop.stop();
    if (error) std::rethrow_exception(error);
  });
  loop.run();
  loop.restart();
}

int add_here(std::shared_ptr<config const> const& settings, std::vector<picture> const& all,
             capture_arguments const& what, output_options const& output,
             found_daemon const& looked) {
  asio::io_context loop{1};
  auto const held = asio::make_work_guard(loop);
  auto work = engine::open(settings, loop.get_executor(), "vinny");
  if (!work) {
    if (auto const code = complain_of_daemon(looked, work.error())) return *code;
    complain(work.error().message);
    return work.error().code == errc::catalog_locked ? exit_code::run_active : exit_code::failed;
  }
  thumbnail_maker maker{**work, loop.get_executor()};
  capture_answer answers{**work, maker};
  return add_all(all, what, output, settings->of<thumbnails_config>().max_bytes,
                 [&](addition const& one) -> result<daemon_answer> {
                   server_request request{.method = "POST",
                                          .path = "/v1/captures",
                                          .query = {},
                                          .headers = {},
                                          .body = one.body,
                                          .from = {}};
                   request.headers.emplace_back("Content-Type", one.content_type);
                   if (!what.collection.empty()) request.query["collection"] = what.collection;
                   server_response answer;
                   run_to_end(loop, [&]() -> task<> { answer = co_await answers.add(request); });
                   return daemon_answer{answer.status, std::move(answer.body)};
                 });
}

}  // namespace

int add_captures(std::shared_ptr<config const> const& settings, invocation const& how,
                 capture_arguments const& what) {
  auto const all = expand(what.names);
  if (!all) {
    complain(all.error().message);
    return exit_code::failed;
  }
  auto const found = how.no_daemon ? found_daemon{} : find_daemon(*settings);
  if (!found.daemon) return add_here(settings, *all, what, how.output, found);
  return add_all(*all, what, how.output, settings->of<thumbnails_config>().max_bytes,
                 [&](addition const& one) {
                   return found.daemon->call("POST", target_for(what.collection), one.body,
                                             one.content_type);
                 });
}

int list_captures_here(config const& settings, invocation const& how,
                       capture_arguments const& what) {
  auto const& output = how.output;
  auto reader = catalog::open_read_only(settings.data_dir);
  if (!reader) {
    complain(reader.error().message);
    return exit_code::failed;
  }
  capture_addresses const addresses{settings, {}, now()};
  try {
    auto const rows = list_captures(**reader, {.collection = what.collection,
                                               .before = what.before > 0 ? what.before : INT64_MAX,
                                               .limit = what.limit + 1});
    auto const page = addresses.page(rows, what.limit);
    if (output.json) {
      fmt::print("{}\n", page);
      return exit_code::done;
    }
    for (auto const& one : parse_answer(page).at("captures").as_array()) tell(one.as_object());
    if (rows.empty() && !output.quiet) fmt::print("there are no captures\n");
    if (rows.size() > what.limit) {
      fmt::print("more: vinny captures list --before {}\n", rows[what.limit - 1].what.id);
    }
  } catch (SQLite::Exception const& error) {
    complain(from_sqlite(error, settings.data_dir / "vinny.db").message);
    return exit_code::failed;
  }
  return exit_code::done;
}

}  // namespace vinny
