// SPDX-License-Identifier: MIT
#include "events/publish/wrangler.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <boost/json.hpp>

#include <array>
#include <fstream>
#include <string_view>

#include "core/text.hpp"
#include "events/model/d1_settings.hpp"
#include "events/publish/d1_answer.hpp"
#include "policy/classify.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

// What a Node program needs to find itself and the way out. Nothing else of ours is its business.
constexpr std::array<std::string_view, 21> passed_on{"PATH",
                                                     "HOME",
                                                     "USER",
                                                     "LOGNAME",
                                                     "LANG",
                                                     "LC_ALL",
                                                     "TMPDIR",
                                                     "TZ",
                                                     "XDG_CONFIG_HOME",
                                                     "XDG_CACHE_HOME",
                                                     "XDG_DATA_HOME",
                                                     "HTTP_PROXY",
                                                     "HTTPS_PROXY",
                                                     "NO_PROXY",
                                                     "http_proxy",
                                                     "https_proxy",
                                                     "no_proxy",
                                                     "NODE_EXTRA_CA_CERTS",
                                                     "NODE_PATH",
                                                     "NVM_DIR",
                                                     "npm_config_cache"};

std::string toml_text(std::string_view text) {
  return json::serialize(json::value(text));
}

/// {"error":{"text":…}} wherever it begins: warnings may stand before it.
std::string error_text(std::string_view out) {
  for (auto at = out.find('{'); at != std::string_view::npos; at = out.find('{', at + 1)) {
    boost::system::error_code error;
    json::stream_parser parser;
    parser.write_some(out.data() + at, out.size() - at, error);
    if (error || !parser.done()) continue;
    auto const parsed = parser.release();
    auto const* const object = parsed.if_object();
    auto const* const inner = object != nullptr ? object->if_contains("error") : nullptr;
    if (inner == nullptr) continue;
    if (inner->is_string()) return one_line(inner->get_string());
    auto const* const text = inner->is_object() ? inner->get_object().if_contains("text") : nullptr;
    std::string said = text != nullptr && text->is_string() ? std::string{text->get_string()} : "";
    auto const* const notes =
        inner->is_object() ? inner->get_object().if_contains("notes") : nullptr;
    if (notes != nullptr && notes->is_array()) {
      for (auto const& note : notes->get_array()) {
        auto const* const more = note.is_object() ? note.get_object().if_contains("text") : nullptr;
        if (more != nullptr && more->is_string())
          said += fmt::format(" {}", std::string_view{more->get_string()});
      }
    }
    return one_line(said);
  }
  return {};
}

bool says(std::string_view text, std::initializer_list<std::string_view> words) {
  for (auto const word : words) {
    if (icontains(text, word)) return true;
  }
  return false;
}

/// `--json`: a list with the outcome of each statement, behind whatever else was printed.
result<> confirmed_by(std::string_view out) {
  auto const start = out.find('[');
  boost::system::error_code error;
  auto const parsed = json::parse(
      start == std::string_view::npos ? std::string_view{"x"} : trim(out.substr(start)), error);
  auto const* const list = error ? nullptr : parsed.if_array();
  bool good = list != nullptr && !list->empty();
  for (std::size_t i = 0; good && i < list->size(); ++i) {
    auto const* const one = (*list)[i].if_object();
    auto const* const success = one != nullptr ? one->if_contains("success") : nullptr;
    good = success != nullptr && success->is_bool() && success->get_bool();
  }
  if (good) return {};
  return fail(errc::publish_tool,
              fmt::format("wrangler ended with 0, but does not say that the rows were written: {}",
                          one_line(clip(out, 300))));
}

std::map<std::string, std::string> our_environment() {
  std::map<std::string, std::string> out;
  for (char** each = ::environ; each != nullptr && *each != nullptr; ++each) {
    std::string_view const entry = *each;
    auto const equals = entry.find('=');
    if (equals != std::string_view::npos)
      out.emplace(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return out;
}

std::string value_of(std::map<std::string, std::string> const& from, std::string const& key) {
  auto const found = from.find(key);
  return found == from.end() ? std::string{} : found->second;
}

}  // namespace

result<std::vector<std::string>> find_wrangler(
    std::map<std::string, std::string> const& environment) {
  auto const path = value_of(environment, "PATH");
  if (auto const own = find_program("wrangler", path)) return std::vector{own->string()};
  if (auto const npx = find_program("npx", path)) {
    std::vector<std::string> command{npx->string(), "--no-install", "wrangler"};
    auto probe = command;
    probe.emplace_back("--version");
    auto quiet = environment;
    quiet["WRANGLER_SEND_METRICS"] = "false";
    auto const there = run_child({.arguments = std::move(probe),
                                  .environment = std::move(quiet),
                                  .folder = {},
                                  .patience = std::chrono::minutes{1}});
    if (there && there->exit_code == 0) return command;
  }
  return fail(errc::publish_tool,
              "wrangler is not in PATH and `npx --no-install wrangler` finds none: "
              "`npm install -g wrangler` gets it (Node 20 or newer), or publish without it: "
              "`vinny export-d1 --execute`");
}

std::string wrangler_config(d1_config const& settings) {
  auto const id = settings.database_id.empty() ? settings.database_name : settings.database_id;
  return fmt::format(
      "# Written by vinny for each `export-d1 --use-wrangler`.\n"
      "name = \"vinny\"\ncompatibility_date = \"2025-01-01\"\nsend_metrics = false\n\n"
      "[[d1_databases]]\nbinding = \"DB\"\ndatabase_name = {}\ndatabase_id = {}\n",
      toml_text(settings.database_name), toml_text(id));
}

std::vector<std::string> wrangler_arguments(d1_config const& settings, wrangler_job const& job) {
  return {"d1",
          "execute",
          settings.database_name,
          job.local ? "--local" : "--remote",
          "--file",
          job.script.string(),
          "--config",
          (job.folder / "wrangler.toml").string(),
          "--json",
          "-y"};
}

std::map<std::string, std::string> wrangler_environment(
    d1_config const& settings, bool local, std::map<std::string, std::string> const& ours) {
  std::map<std::string, std::string> out;
  for (auto const name : passed_on) {
    auto const found = ours.find(std::string{name});
    if (found != ours.end()) out.insert(*found);
  }
  out["CI"] = "1";
  out["NO_COLOR"] = "1";
  out["WRANGLER_SEND_METRICS"] = "false";
  out["WRANGLER_HIDE_BANNER"] = "true";
  out["WRANGLER_LOG_SANITIZE"] = "true";
  if (local) return out;
  out["CLOUDFLARE_API_BASE_URL"] = settings.api_url;
  if (!settings.account_id.empty()) out["CLOUDFLARE_ACCOUNT_ID"] = settings.account_id;
  if (!settings.api_token.empty()) out["CLOUDFLARE_API_TOKEN"] = settings.api_token.reveal();
  return out;
}

result<> read_wrangler(child_outcome const& outcome, d1_config const& settings) {
  if (outcome.exit_code == 0) return confirmed_by(outcome.out);
  auto said = error_text(outcome.out);
  if (said.empty()) said = error_text(outcome.err);
  if (said.empty()) said = one_line(outcome.err.empty() ? outcome.out : outcome.err);
  auto const& token = settings.api_token.reveal();
  replace_all(said, token, "<token>");
  if (says(said, {"7403", "10000", "10001", "authentication error", "not authorized",
                  "CLOUDFLARE_API_TOKEN", "not logged in", "wrangler login"})) {
    return fail(errc::publish_credentials,
                fmt::format("wrangler was refused ({}): the token lacks the permission Account > "
                            "D1 > Edit, or there is none; see d1.api_token and d1.account_id",
                            said));
  }
  if (says(said, {"7404", "couldn't find", "could not be found", "not found"})) {
    return fail(errc::publish_missing,
                fmt::format("wrangler finds no database '{}' ({}); see d1.database_name and "
                            "d1.database_id",
                            settings.database_name, said));
  }
  if (says(said, {"SQLITE_", "no such table", "no such column", "constraint failed", "syntax error",
                  "has no column"})) {
    return std::unexpected(rejected_sql(said));
  }
  return fail(errc::publish_tool,
              fmt::format("wrangler ended with {}: {}", outcome.exit_code,
                          said.empty() ? std::string{"it said nothing"} : said));
}

result<> run_wrangler(d1_config const& settings, wrangler_job const& job) {
  auto environment = wrangler_environment(settings, job.local, our_environment());
  auto command = find_wrangler(environment);
  if (!command) return std::unexpected(command.error());
  std::error_code error;
  std::filesystem::create_directories(job.folder, error);
  std::ofstream config{job.folder / "wrangler.toml", std::ios::binary | std::ios::trunc};
  config << wrangler_config(settings);
  config.close();
  if (!config) {
    return fail(from_errno(errno),
                fmt::format("{} cannot be written", (job.folder / "wrangler.toml").string()));
  }
  for (auto& one : wrangler_arguments(settings, job)) command->push_back(std::move(one));
  auto const outcome = run_child({.arguments = std::move(*command),
                                  .environment = std::move(environment),
                                  .folder = job.folder,
                                  .patience = job.patience,
                                  .stop = job.stop});
  if (!outcome) return std::unexpected(outcome.error());
  return read_wrangler(*outcome, settings);
}

}  // namespace vinny
