// SPDX-License-Identifier: MIT
#include "config/load.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <ranges>

#include "config/draft.hpp"
#include "config/sources/environment.hpp"
#include "config/sources/files.hpp"

namespace vinny {
namespace {

namespace fs = std::filesystem;
using settings::draft;

struct found_file {
  fs::path path;  // empty: there is none
  std::string text;
};

bool is_missing(std::error_code const& error) {
  return error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory;
}

found_file find_file(load_options const& options, draft& onto) {
  using settings::max_document_bytes;
  auto const cannot = [&](fs::path const& path, std::error_code const& error) {
    onto.report_for(path.string())(0, "cannot be read: " + error.message());
    return found_file{path, {}};
  };
  if (options.file) {
    auto read = settings::read_file(*options.file, max_document_bytes);
    if (!read) return cannot(*options.file, read.error());
    return {*options.file, std::move(*read)};
  }
  for (auto const* name : {"./vinny.toml", "/etc/vinny/vinny.toml"}) {
    auto const path = fs::path(name).lexically_normal();
    auto read = settings::read_file(path, max_document_bytes);
    if (read) return {path, std::move(*read)};
    if (!is_missing(read.error())) return cannot(path, read.error());
  }
  return {};
}

void apply_variables(draft& onto, fs::path const& beside, environment const& process) {
  auto const path = beside.parent_path() / ".env";
  std::error_code ignored;
  settings::dotenv file;
  if (fs::is_regular_file(path, ignored)) {  // a Python environment may be a folder of that name
    auto const read = settings::read_file(path, settings::max_document_bytes);
    if (read) {
      file = settings::parse_dotenv(*read);
    } else {
      onto.report_for(path.string())(0, "cannot be read: " + read.error().message());
    }
  }
  settings::apply_environment(onto, process, file, path.string());
}

}  // namespace

std::string to_string(config_problem const& problem) {
  auto text = problem.file;
  if (problem.line > 0) text += fmt::format(":{}", problem.line);
  if (!text.empty()) text += ": ";
  if (!problem.key.empty()) text += problem.key + ": ";
  return text + problem.message;
}

environment process_environment() {
  auto const values = std::make_shared<std::map<std::string, std::string>>();
  for (char** each = ::environ; each != nullptr && *each != nullptr; ++each) {
    std::string_view const entry = *each;
    auto const equals = entry.find('=');
    if (equals == entry.npos) continue;
    values->emplace(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return {.get = [values](std::string const& name) -> std::optional<std::string> {
            auto const found = values->find(name);
            if (found == values->end()) return {};
            return found->second;
          },
          .names =
              [values] {
                std::vector<std::string> names;
                for (auto const& [name, value] : *values) names.push_back(name);
                return names;
              }};
}

checked<config> parse_config(std::string_view toml, std::string const& file_name) {
  draft made;
  made.read_toml(toml, file_name);
  return std::move(made).finish();
}

checked<config> load_config(load_options const& options) {
  draft made;
  auto const file = find_file(options, made);
  made.read_toml(file.text, file.path.string());
  apply_variables(made, file.path, options.env);
  settings::apply_credentials(made, options.env);
  if (options.data_dir && options.data_dir->empty()) {
    made.report_for("command line", "--data-dir")(0, "must not be empty");
  } else if (options.data_dir) {
    made.made().data_dir = *options.data_dir;
  }
  return std::move(made).finish();
}

}  // namespace vinny
