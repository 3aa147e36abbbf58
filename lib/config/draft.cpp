// SPDX-License-Identifier: MIT
#include "config/draft.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "config/checks.hpp"
#include "config/keys.hpp"
#include "config/venues.hpp"
#include "core/url.hpp"

namespace vinny::settings {
namespace {

constexpr std::size_t max_hosts = 1'000;
constexpr std::size_t max_venues = 1'000;
constexpr std::size_t max_collections = 1'000;
constexpr std::chrono::seconds shortest_presigned{900};

rule<config> const* find_rule(std::string_view key) {
  auto const& all = config_rules();
  auto const found = std::ranges::find(all, key, &rule<config>::key);
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
  if (section.empty()) own.insert(own.end(), {"venue", "captures"});
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
    } else if (key == "captures") {
      read_captures(content, here);
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

void draft::read_captures(value const& table, reporter const& report) {
  if (!expect(shape::table, table, report)) return;
  for (auto const& [section, line, collections] : table.members) {
    auto const all = report.at(section);
    if (section != "collection") {
      all(line, "unknown key" + did_you_mean(section, {"collection"}));
      continue;
    }
    if (!expect(shape::table, collections, all)) continue;
    if (collections.members.size() > max_collections) {
      return all(line, fmt::format("must have at most {} collections", max_collections));
    }
    for (auto const& [name, at, content] : collections.members) {
      auto const here = all.at(name);
      auto key = name;
      if (auto wrong = slug_text(key)) {
        here(at, "the name " + *wrong);
      } else if (expect(shape::table, content, here)) {
        auto& into = made_.collections[name];
        read_members(into, content, collection_rules(), here);
        if (into.source.starts_with("s3://")) set_at_["captures"] = {report.file(), at};
      }
    }
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

void draft::check_together() {
  auto const& store = made_.store;
  if (store.kind == "s3") {
    need(!store.endpoint.empty(), "store.endpoint", "store.kind",
         "is needed when kind is \"s3\": the URL of the store, such as "
         "https://<account>.r2.cloudflarestorage.com");
    need(!store.bucket.empty(), "store.bucket", "store.kind", "is needed when kind is \"s3\"");
  }
  need(store.secret_access_key.empty() || !store.access_key_id.empty(), "store.access_key_id",
       "store.secret_access_key", "is needed when secret_access_key is set");
  need(store.access_key_id.empty() || !store.secret_access_key.empty(), "store.secret_access_key",
       "store.access_key_id", "is needed when access_key_id is set");
  need(made_.control.listen.empty() || !made_.control.token_file.empty(), "control.token_file",
       "control.listen", "is needed when listen is set: a file with the token that clients send");
  need(!set_at_.contains("captures") || !store.endpoint.empty(), "store.endpoint", "captures",
       "is needed for a collection in a bucket: its bucket is at the store's endpoint");
  auto const holds = made_.thumbnails.presigned;
  need(holds.count() == 0 || holds >= shortest_presigned, "thumbnails.presigned_s",
       "thumbnails.presigned_s",
       fmt::format("must be 0 or at least {}: browsers keep the way to it for a while",
                   shortest_presigned.count()));
  need(holds.count() == 0 || store.kind == "s3", "store.kind", "thumbnails.presigned_s",
       "must be \"s3\" for presigned addresses");
  auto const& slack = made_.slack;
  need(slack.bot_token.empty() || !slack.channel.empty(), "slack.channel", "slack.bot_token",
       "is needed when bot_token is set: the channel's id or #name");
  need(slack.webhook_url.empty() || url::parse(slack.webhook_url.reveal()).has_value(),
       "slack.webhook_url", "slack.webhook_url", "must be an http or https URL");
  auto const& database = made_.library.database.reveal();
  need(database.empty() || database.starts_with("postgresql://") ||
           database.starts_with("postgres://") || database.find('=') != std::string::npos,
       "library.database", "library.database",
       "must be postgresql://user@host:port/database, or \"host=… dbname=…\"");
  auto const& dsn = made_.sentry.dsn.reveal();
  auto const at = dsn.find('@');
  bool const names_project = at != std::string::npos && dsn.find('/', at) != std::string::npos &&
                             !dsn.ends_with('/') && dsn.find('?') == std::string::npos;
  need(dsn.empty() || (url::parse(dsn).has_value() && names_project), "sentry.dsn", "sentry.dsn",
       "must be https://<key>@<host>/<project>");
  auto const& images = made_.images;
  need(images.min_bytes <= images.max_bytes, "images.max_bytes",
       set_at_.contains("images.max_bytes") ? "images.max_bytes" : "images.min_bytes",
       fmt::format("must not be less than min_bytes: {} is less than {}", images.max_bytes,
                   images.min_bytes));
}

checked<config> draft::finish() && {
  if (readable_) check_together();
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
  for (auto* path : {&made_.http.ca_file, &made_.control.token_file, &made_.specimens.variants}) {
    if (!path->empty()) *path = (folder / *path).lexically_normal();
  }
  for (auto& [name, one] : made_.collections) {
    bool const directory = !one.source.empty() && !one.source.starts_with("s3://");
    if (directory) one.source = (folder / one.source).lexically_normal().string();
  }
  std::ranges::sort(made_.images.sizes, {},
                    [](auto const& size) { return std::pair(size.second, size.first); });
  return std::move(made_);
}

}  // namespace vinny::settings
