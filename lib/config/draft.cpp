// SPDX-License-Identifier: MIT
#include "config/draft.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "config/checks.hpp"
#include "config/keys.hpp"
#include "config/venues.hpp"

namespace vinny::settings {
namespace {

constexpr std::size_t max_hosts = 1'000;
constexpr std::size_t max_venues = 1'000;

rule<config> const* find_rule(std::string_view key) {
  auto const& all = config_rules();
  auto const found = std::ranges::find(all, key, &rule<config>::key);
  return found == all.end() ? nullptr : &*found;
}

nested_table const* find_nested(std::string_view name) {
  auto const& all = all_settings().nested_tables();
  auto const found = std::ranges::find(all, name, &nested_table::name);
  return found == all.end() ? nullptr : &*found;
}

bool is_section(std::string_view name) {
  auto const start = std::string(name) + ".";
  return std::ranges::any_of(config_rules(),
                             [&](auto const& each) { return each.key.starts_with(start); });
}

// What may be meant in a section (or at the top, with an empty name): its own keys by their short
// names, then those of the other sections in full.
std::vector<std::string> candidates(std::string const& section) {
  std::vector<std::string> own;
  std::vector<std::string> others;
  for (auto const& rule : config_rules()) {
    auto const& key = rule.key;
    auto const dot = key.find('.');
    auto const here = dot == key.npos ? std::string{} : key.substr(0, dot);
    if (here == section) {
      own.push_back(dot == key.npos ? key : key.substr(dot + 1));
    } else {
      others.push_back(key);
      bool const listed = std::ranges::find(own, here) != own.end();
      if (section.empty() && !listed) own.push_back(here);
    }
  }
  if (section.empty()) {
    own.emplace_back("venue");
    for (auto const& one : all_settings().nested_tables()) own.push_back(one.name);
  }
  if (section == "politeness") own.emplace_back("host");
  own.insert(own.end(), others.begin(), others.end());
  return own;
}

}  // namespace

draft::draft() {
  made_.venues = shipped_venues();
}

void draft::set(rule<config> const& key, value const& from, reporter const& report) {
  set_at_[key.key] = {report.file(), from.line};
  auto const before = problems_.size();
  key.read(made_, from, report);
  if (problems_.size() != before) refused_.insert(key.key);
}

void draft::read_toml(std::string_view toml, std::string const& file_name) {
  made_.file = file_name;
  auto const report = report_for(file_name);
  auto const document = parse_document(toml);
  for (auto const& [line, column, message] : document.errors) {
    readable_ = false;
    report(line,
           column == 0 ? message : fmt::format("syntax error in column {}: {}", column, message));
  }
  for (auto const& [key, line, content] : document.root.members) {
    auto const here = report.at(key);
    if (auto const* found = find_rule(key)) {
      set(*found, content, here);
    } else if (auto const* const table = find_nested(key)) {
      table->read(made_, content, here,
                  [&](std::string mark, int at) { set_at_[std::move(mark)] = {here.file(), at}; });
    } else if (key == "venue") {
      read_venues(content, here);
    } else if (is_section(key)) {
      if (expect(shape::table, content, here)) read_section(key, content, here);
    } else {
      here(line, "unknown key" + did_you_mean(key, candidates({})));
    }
  }
}

void draft::read_section(std::string const& name, value const& table, reporter const& report) {
  for (auto const& [key, line, content] : table.members) {
    auto const here = report.at(key);
    if (auto const* found = find_rule(fmt::format("{}.{}", name, key))) {
      set(*found, content, here);
    } else if (name == "politeness" && key == "host") {
      read_hosts(content, here);
    } else {
      here(line, "unknown key" + did_you_mean(key, candidates(name)));
    }
  }
}

void draft::read_hosts(value const& table, reporter const& report) {
  if (!expect(shape::table, table, report)) return;
  if (table.members.size() > max_hosts) {
    return report(table.line, fmt::format("must have at most {} hosts", max_hosts));
  }
  for (auto const& [key, line, content] : table.members) {
    auto const here = report.at(key);
    if (!expect(shape::table, content, here)) continue;
    auto const nested = [](member const& m) { return m.content.kind == shape::table; };
    if (std::ranges::any_of(content.members, nested)) {
      here(line, "a host name with dots must be quoted: [politeness.host.\"cdn.example.org\"]");
      continue;
    }
    auto name = key;
    if (auto wrong = host(name)) {
      here(line, "the key " + *wrong);
      continue;
    }
    read_members(made_.politeness.host[name], content, host_rules(), here);
  }
}

void draft::read_venues(value const& list, reporter const& report) {
  if (list.kind == shape::table) {
    return report(list.line, "must be written with two brackets: [[venue]]");
  }
  if (!expect(shape::list, list, report)) return;
  if (list.items.size() > max_venues) {
    return report(list.line, fmt::format("must have at most {} entries", max_venues));
  }
  std::map<std::string, int> seen;
  for (auto const& item : list.items) {
    if (!expect(shape::table, item, report)) continue;
    venue read;
    read_members(read, item, venue_rules(), report);
    auto const has_tag = std::ranges::find(item.members, "tag", &member::key);
    if (has_tag == item.members.end()) {
      report.at("tag")(item.line, "is needed: a short name such as \"liv\"");
    }
    if (read.tag.empty()) continue;
    if (auto const [first, fresh] = seen.emplace(read.tag, has_tag->line); !fresh) {
      report.at("tag")(has_tag->line, fmt::format("{} is taken by the entry in line {}",
                                                  cited(read.tag), first->second));
      continue;
    }
    auto const known = std::ranges::find(made_.venues, read.tag, &venue::tag);
    if (read.name.empty()) read.name = known == made_.venues.end() ? read.tag : known->name;
    if (known == made_.venues.end()) {
      made_.venues.push_back(std::move(read));
    } else {
      *known = std::move(read);
    }
  }
}

// Reports `key` as missing or contradicting, at the place of the key that it is needed for.
void draft::need(bool fulfilled, std::string const& key, std::string const& because,
                 std::string message) {
  if (fulfilled || refused_.contains(key) || refused_.contains(because)) return;
  auto const place = set_at_[because];
  report_for(place.file, key)(place.line, std::move(message));
}

checked<config> draft::finish() && {
  if (readable_) {
    for (auto const& check : all_settings().checks()) check(made_, *this);
  }
  if (!problems_.empty()) {
    auto const own = made_.file.string();
    std::multimap<std::pair<bool, int>, config_problem> in_order;  // the file's first, by line
    for (auto& each : problems_) {
      bool const elsewhere = each.file != own;
      in_order.emplace(std::pair(elsewhere, elsewhere ? 0 : each.line), std::move(each));
    }
    problems_.clear();
    for (auto& [place, each] : in_order) problems_.push_back(std::move(each));
    return std::unexpected(std::move(problems_));
  }
  auto const folder = made_.file.parent_path();
  for (auto const& resolve : all_settings().resolves()) resolve(made_, folder);
  std::ranges::sort(made_.images.sizes, {},
                    [](auto const& size) { return std::pair(size.second, size.first); });
  return std::move(made_);
}

}  // namespace vinny::settings
