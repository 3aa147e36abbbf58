// SPDX-License-Identifier: MIT
#include "config/sources/environment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "config/checks.hpp"
#include "config/keys.hpp"
#include "config/proxy.hpp"
#include "config/sources/files.hpp"
#include "core/text.hpp"

namespace vinny::settings {
namespace {

constexpr std::size_t max_credential_bytes = 64 << 10;
constexpr auto process_name = "environment";

// Read by others: crash points and fixtures of the tests, log settings.
bool is_foreign(std::string_view name) {
  return name == "VINNY_CRASH_AT" || name.starts_with("VINNY_TEST_") ||
         name.starts_with("VINNY_LOG");
}

struct variable {
  std::string text;
  std::string file;
  int line = 0;
};

class variables {
 public:
  variables(environment const& process, dotenv const& file, std::string const& file_name)
      : process_(process), file_(file), file_name_(file_name) {}

  [[nodiscard]] std::optional<variable> find(std::string const& name) const {
    if (process_.get) {
      if (auto text = process_.get(name); text && !text->empty()) {
        return variable{std::move(*text), process_name, 0};
      }
    }
    auto const found = file_.values.find(name);
    if (found == file_.values.end() || found->second.text.empty()) return {};
    return variable{found->second.text, file_name_, found->second.line};
  }

  [[nodiscard]] std::set<std::string> names() const {
    std::set<std::string> all;
    for (auto const& [name, value] : file_.values) all.insert(name);
    if (process_.names) {
      for (auto& name : process_.names()) all.insert(std::move(name));
    }
    return all;
  }

 private:
  environment const& process_;
  dotenv const& file_;
  std::string const& file_name_;
};

rule<config> const& rule_of(std::string_view key) {
  return *std::ranges::find(config_rules(), key, &rule<config>::key);
}

value text_value(std::string_view text, int line) {
  value made;
  made.kind = shape::text;
  made.line = line;
  made.text = text;
  return made;
}

// A variable has no types: its text becomes the one that the key takes.
std::optional<value> typed(variable const& from, shape wanted, reporter const& report) {
  auto made = text_value(from.text, from.line);
  made.kind = wanted;
  auto const word = to_lower(trim(from.text));
  if (wanted == shape::boolean) {
    made.flag = word == "true" || word == "1" || word == "yes" || word == "on";
    if (made.flag || word == "false" || word == "0" || word == "no" || word == "off") return made;
    report(from.line, "must be true or false, not " + cited(from.text));
    return {};
  }
  if (wanted == shape::integer) {
    auto const* const end = word.data() + word.size();
    auto const [last, error] = std::from_chars(word.data(), end, made.number);
    if (error == std::errc{} && last == end) return made;
    report(from.line, "must be an integer, not " + cited(from.text));
    return {};
  }
  return made;
}

void apply(draft& onto, variables const& all, std::string const& name, rule<config> const& key) {
  auto const found = all.find(name);
  if (!found) return;
  auto const report = onto.report_for(found->file, name);
  if (!key.scalar()) {
    return report(found->line,
                  fmt::format("cannot be a variable: write {} in the configuration file", key.key));
  }
  if (auto const made = typed(*found, key.takes, report)) onto.set(key, *made, report);
}

// R2 has one endpoint for each account (developers.cloudflare.com/r2/api/s3/api).
void apply_account(draft& onto, variables const& all) {
  auto const found = all.find("R2_ACCOUNT_ID");
  if (!found || !onto.made().store.endpoint.empty()) return;
  auto const report = onto.report_for(found->file, "R2_ACCOUNT_ID");
  auto account = found->text;
  if (auto wrong = check_printable(account); wrong || (wrong = identifier(account))) {
    return report(found->line, std::move(*wrong));
  }
  auto const endpoint = fmt::format("https://{}.r2.cloudflarestorage.com", account);
  onto.set(rule_of("store.endpoint"), text_value(endpoint, found->line), report);
}

void refuse_unknown(draft& onto, variables const& all) {
  std::vector<std::string> known;
  for (auto const& each : config_rules()) known.push_back(variable_of(each.key));
  for (auto const& name : all.names()) {
    if (!name.starts_with("VINNY_") || is_foreign(name)) continue;
    if (std::ranges::find(known, name) != known.end()) continue;
    if (auto const found = all.find(name)) {
      onto.report_for(found->file, name)(found->line,
                                         "unknown variable" + did_you_mean(name, known));
    }
  }
}

}  // namespace

void apply_environment(draft& onto, environment const& process, dotenv const& file,
                       std::string const& file_name) {
  for (auto const& [line, column, message] : file.errors) {
    onto.report_for(file_name)(line, message);
  }
  variables const all(process, file, file_name);
  for (auto const& [name, key, secret] : all_settings().synonyms()) {
    apply(onto, all, std::string(name), rule_of(key));
  }
  for (auto const& each : config_rules()) apply(onto, all, variable_of(each.key), each);
  apply_account(onto, all);
  apply_proxy_variables(onto, process);
  refuse_unknown(onto, all);
}

void apply_credentials(draft& onto, environment const& process) {
  auto const folder = process.get ? process.get("CREDENTIALS_DIRECTORY") : std::nullopt;
  if (!folder || folder->empty()) return;
  for (auto const& [name, key, secret] : all_settings().synonyms()) {
    if (!secret) continue;
    for (auto const& file : {std::string(key), std::string(name), to_lower(name)}) {
      auto const path = std::filesystem::path(*folder) / file;
      auto const read = read_file(path, max_credential_bytes);
      auto const report = onto.report_for(path.string(), std::string(key));
      if (!read && read.error() == std::errc::no_such_file_or_directory) continue;
      if (!read) {
        report(0, "cannot be read: " + read.error().message());
        break;
      }
      auto const text = trim(*read);
      if (!text.empty()) onto.set(rule_of(key), text_value(text, 0), report);
      break;
    }
  }
}

}  // namespace vinny::settings
