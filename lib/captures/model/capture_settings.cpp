// SPDX-License-Identifier: MIT
#include "captures/model/capture_settings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "captures/model/collection_rules.hpp"
#include "config/settings_table.hpp"

namespace vinny {
namespace {

using namespace settings;

constexpr std::int64_t day = 86'400;
constexpr std::int64_t most_source = 128LL << 20;  // of the memory that a decoder has
constexpr std::size_t max_collections = 1'000;
constexpr std::chrono::seconds shortest_presigned{900};

complaint capture_source(std::string& text) {
  constexpr std::string_view scheme = "s3://";
  if (!text.starts_with(scheme)) {
    if (text.find("://") == text.npos) return {};
    return fmt::format("must be a directory or s3://bucket/prefix, not {}", cited(text));
  }
  auto const rest = std::string_view{text}.substr(scheme.size());
  auto const slash = std::min(rest.find('/'), rest.size());
  std::string name{rest.substr(0, slash)};
  if (name.empty()) return std::string{"must name a bucket: s3://bucket/prefix"};
  if (auto wrong = bucket(name)) return wrong;
  std::string prefix{rest.substr(std::min(slash + 1, rest.size()))};
  return key_prefix(prefix);
}

rules<thumbnail_size> const& box_rules() {
  static rules<thumbnail_size> const all{
      integer("width", &thumbnail_size::width, least_side, most_side),
      integer("height", &thumbnail_size::height, least_side, most_side),
  };
  return all;
}

std::optional<std::vector<thumbnail_size>> read_thumbnail_sizes(value const& from,
                                                                reporter const& report) {
  if (!expect(shape::table, from, report) ||
      !few_enough(from.members.size(), max_sizes, from.line, report)) {
    return {};
  }
  std::vector<thumbnail_size> sizes;
  for (auto const& [label, line, content] : from.members) {
    auto const here = report.at(label);
    if (!is_slug(label)) here(line, "a label must be 1 to 80 of a-z, 0-9 and '-'");
    thumbnail_size size{.label = label};
    bool const boxed = content.kind == shape::table;
    if (boxed) {
      read_members(size, content, box_rules(), here);
    } else if (within(content, least_side, most_side, here)) {
      size.width = static_cast<std::uint32_t>(content.number);
    }
    bool const widthless = boxed && std::ranges::none_of(content.members, [](auto const& m) {
                             return m.key == "width";
                           });
    if (widthless) here(line, "needs a width, such as { width = 240, height = 160 }");
    sizes.push_back(std::move(size));
  }
  return sizes;
}

std::string show_thumbnail_sizes(std::vector<thumbnail_size> const& sizes) {
  std::vector<std::string> parts;
  for (auto const& [label, width, height] : sizes) {
    parts.push_back(height == 0
                        ? fmt::format("{} = {}", label, width)
                        : fmt::format("{} = {{ width = {}, height = {} }}", label, width, height));
  }
  return joined(parts, '{', '}');
}

rules<thumbnails_config> thumbnails_rules() {
  using c = thumbnails_config;
  return {
      composite("sizes", shape::table, &c::sizes, read_thumbnail_sizes, show_thumbnail_sizes),
      integer("quality", &c::quality, 1, 100),
      integer("max_bytes", &c::max_bytes, 1'024, most_source),
      integer("queue", &c::queue, 1, 100'000),
      integer("presigned_s", &c::presigned, 0, 7 * day),
  };
}

}  // namespace

settings::rules<collection_config> const& collection_rules() {
  using namespace settings;
  using c = collection_config;
  static rules<c> const all{
      text("source", &c::source, capture_source),
      text("public_url", &c::public_url, base_url_or_empty),
      boolean("private", &c::is_private),
  };
  return all;
}

namespace {

void read_captures(config& into, value const& table, reporter const& report,
                   std::function<void(std::string, int)> const& mark) {
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
        auto& one = into.edit<collections_config>().all[name];
        read_members(one, content, collection_rules(), here);
        if (one.source.starts_with("s3://")) mark("captures", at);
      }
    }
  }
}

void show_collections(std::string& out, config const& shown) {
  for (auto const& [name, each] : shown.of<collections_config>().all) {
    out += fmt::format("\n[captures.collection.{}]\n", name);
    show_members(out, each, collection_rules());
  }
}

void check(config const& made, needs& to) {
  to.need(!to.was_set("captures") || !made.store.endpoint.empty(), "store.endpoint", "captures",
          "is needed for a collection in a bucket: its bucket is at the store's endpoint");
  auto const holds = made.of<thumbnails_config>().presigned;
  to.need(holds.count() == 0 || holds >= shortest_presigned, "thumbnails.presigned_s",
          "thumbnails.presigned_s",
          fmt::format("must be 0 or at least {}: browsers keep the way to it for a while",
                      shortest_presigned.count()));
  to.need(holds.count() == 0 || made.store.kind == "s3", "store.kind", "thumbnails.presigned_s",
          "must be \"s3\" for presigned addresses");
}

/// Directories are relative to the file's folder.
void resolve(config& made, std::filesystem::path const& folder) {
  for (auto& [name, one] : made.edit<collections_config>().all) {
    bool const directory = !one.source.empty() && !one.source.starts_with("s3://");
    if (directory) one.source = (folder / one.source).lexically_normal().string();
  }
}

}  // namespace

void configure_captures(settings_table& to) {
  to.section("thumbnails", thumbnails_rules(), "images");
  to.nested({.name = "captures", .read = read_captures, .show = show_collections});
  to.check(check);
  to.resolve(resolve);
}

thumbnail_size const* thumbnails_config::find(std::string_view label) const noexcept {
  auto const found = std::ranges::find(sizes, label, &thumbnail_size::label);
  return found == sizes.end() ? nullptr : &*found;
}

std::optional<collection_config::bucket_place> collection_config::bucket() const {
  constexpr std::string_view scheme = "s3://";
  if (!source.starts_with(scheme)) return std::nullopt;
  auto const rest = std::string_view{source}.substr(scheme.size());
  auto const slash = std::min(rest.find('/'), rest.size());
  return bucket_place{.bucket = std::string{rest.substr(0, slash)},
                      .prefix = std::string{rest.substr(std::min(slash + 1, rest.size()))}};
}

collection_config const& collections_config::of(std::string const& name) const noexcept {
  static collection_config const unnamed;
  auto const found = all.find(name);
  return found == all.end() ? unnamed : found->second;
}

}  // namespace vinny
