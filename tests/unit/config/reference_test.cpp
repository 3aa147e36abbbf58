// SPDX-License-Identifier: MIT
//
// docs/configuration.md and proto/config.schema.json name every key there is, and no other, with
// the same defaults and bounds.
#include <catch2/catch.hpp>

#include <boost/json.hpp>
#include <map>
#include <set>
#include <sstream>

#include "captures/model/collection_rules.hpp"
#include "config/keys.hpp"
#include "config/venues.hpp"
#include "core/text.hpp"
#include "unit/repository.hpp"

using namespace vinny;
using namespace vinny::settings;
using vinny::test::read_from_repository;
namespace json = boost::json;

namespace {

struct fact {
  std::string shown_default;  // as TOML; empty: none
  std::string bounds;         // of integers
  shape takes = shape::other;
  std::int64_t min = 0;
  std::int64_t max = 0;
};

template <class T>
void collect(std::map<std::string, fact>& into, std::string const& prefix, rules<T> const& from,
             bool defaults) {
  for (auto const& each : from) {
    fact f{defaults ? each.show(T{}) : std::string{}, {}, each.takes, each.min, each.max};
    if (each.takes == shape::integer) {
      f.bounds = std::to_string(each.min) + " to " + std::to_string(each.max);
    }
    into[prefix + each.key] = std::move(f);
  }
}

// "http.concurrency", "politeness.host.*.retries", "venue.tag".
std::map<std::string, fact> known_keys() {
  std::map<std::string, fact> all;
  collect(all, "", config_rules(), true);
  collect(all, "politeness.host.*.", host_rules(), false);
  collect(all, "captures.collection.*.", collection_rules(), true);
  collect(all, "venue.", venue_rules(), true);
  all["venue.tag"].shown_default.clear();
  all["venue.name"].shown_default.clear();
  return all;
}

std::string section_of(std::string_view heading) {
  auto const start = heading.find("`[");
  if (start == heading.npos) return heading == "## Top level" ? "" : "-";
  if (heading.contains("politeness.host.")) return "politeness.host.*.";
  if (heading.contains("captures.collection.")) return "captures.collection.*.";
  if (heading.contains("[[venue]]")) return "venue.";
  return std::string(heading.substr(start + 2, heading.find(']') - start - 2)) + ".";
}

struct entry {
  std::string shown_default;
  std::string allowed;
};

std::map<std::string, entry> documented_keys(std::string const& text) {
  std::map<std::string, entry> all;
  std::string section = "-";
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("## ") || line.starts_with("### ")) section = section_of(line);
    if (section == "-" || !line.starts_with("| `")) continue;
    auto const cells = split(line, '|');
    REQUIRE(cells.size() == 6);
    auto const bare = [](std::string_view cell) {
      cell = trim(cell);
      if (cell.starts_with('`')) cell = cell.substr(1, cell.size() - 2);
      return std::string(cell);
    };
    CHECK_FALSE(trim(cells[4]).empty());
    all[section + bare(cells[1])] = {bare(cells[2]), std::string(trim(cells[3]))};
  }
  return all;
}

std::string as_toml(json::value const& from) {
  if (auto const* text = from.if_string()) return toml_string(*text);
  if (auto const* list = from.if_array()) {
    std::string out;
    for (auto const& each : *list) out += (out.empty() ? "" : ", ") + as_toml(each);
    return "[" + out + "]";
  }
  if (auto const* table = from.if_object()) {
    std::string out;
    for (auto const& [key, each] : *table) {
      out += (out.empty() ? "" : ", ") + std::string(key) + " = " + as_toml(each);
    }
    return out.empty() ? "{}" : "{ " + out + " }";
  }
  return json::serialize(from);
}

// Every property that is not an object of further named ones.
void schema_keys(std::map<std::string, json::object>& into, std::string const& prefix,
                 json::object const& schema) {
  INFO(prefix);
  CHECK(schema.at("additionalProperties") == false);
  for (auto const& [key, content] : schema.at("properties").as_object()) {
    auto const name = prefix + std::string(key);
    auto const& object = content.as_object();
    if (name == "venue") {
      schema_keys(into, "venue.", object.at("items").as_object());
    } else if (name == "politeness.host") {
      schema_keys(into, "politeness.host.*.", object.at("additionalProperties").as_object());
    } else if (name == "captures.collection") {
      schema_keys(into, "captures.collection.*.", object.at("additionalProperties").as_object());
    } else if (object.contains("properties")) {
      schema_keys(into, name + ".", object);
    } else {
      into[name] = object;
    }
  }
}

template <class T>
std::set<std::string> names(std::map<std::string, T> const& from) {
  std::set<std::string> all;
  for (auto const& [name, value] : from) all.insert(name);
  return all;
}

}  // namespace

TEST_CASE("the documentation tells every key with its default and bounds") {
  auto const known = known_keys();
  auto const documented = documented_keys(read_from_repository("docs/configuration.md"));
  CHECK(names(documented) == names(known));
  for (auto const& [name, told] : documented) {
    INFO(name);
    auto const found = known.find(name);
    if (found == known.end()) continue;
    CHECK(told.shown_default == found->second.shown_default);
    CHECK_THAT(told.allowed, Catch::StartsWith(found->second.bounds));
  }
}

TEST_CASE("the documentation names every shipped venue and every secret") {
  auto const text = read_from_repository("docs/configuration.md");
  for (auto const& venue : shipped_venues())
    CHECK_THAT(text, Catch::Contains("`" + venue.tag + "`"));
  for (auto const* name :
       {"R2_ACCOUNT_ID", "R2_ACCESS_KEY_ID", "R2_SECRET_ACCESS_KEY", "R2_BUCKET", "R2_PUBLIC_URL",
        "CLOUDFLARE_API_TOKEN", "CLOUDFLARE_ACCOUNT_ID", "D1_DATABASE_ID", "SLACK_WEBHOOK_URL",
        "SLACK_BOT_TOKEN", "SLACK_CHANNEL", "LIBRARY_METADATA_URL", "LML_API_KEY"}) {
    CHECK_THAT(text, Catch::Contains("| `" + std::string(name) + "` |"));
  }
}

TEST_CASE("the schema describes every key with its type, default and bounds") {
  auto const known = known_keys();
  auto const schema = json::parse(read_from_repository("proto/config.schema.json")).as_object();
  std::map<std::string, json::object> described;
  schema_keys(described, "", schema);
  CHECK(names(described) == names(known));
  std::map<shape, std::string> const types{{shape::boolean, "boolean"},
                                           {shape::integer, "integer"},
                                           {shape::text, "string"},
                                           {shape::list, "array"},
                                           {shape::table, "object"}};
  for (auto const& [name, content] : described) {
    INFO(name);
    auto const found = known.find(name);
    if (found == known.end()) continue;
    auto const& fact = found->second;
    CHECK(content.at("type").as_string() == types.at(fact.takes));
    CHECK_FALSE(content.at("description").as_string().empty());
    CHECK((content.contains("default") ? as_toml(content.at("default")) : "") ==
          fact.shown_default);
    if (fact.takes != shape::integer) continue;
    CHECK(content.at("minimum").as_int64() == fact.min);
    CHECK(content.at("maximum").as_int64() == fact.max);
  }
}

TEST_CASE("every scalar key has a variable of its own") {
  std::set<std::string> variables;
  for (auto const& each : config_rules()) variables.insert(variable_of(each.key));
  CHECK(variables.size() == config_rules().size());
  CHECK(variable_of("store.access_key_id") == "VINNY_STORE_ACCESS_KEY_ID");
}
