// SPDX-License-Identifier: MIT
#include "events/source/sitemap.hpp"

#include <fmt/format.h>

#include <pugixml.hpp>

#include "core/text.hpp"

namespace vinny {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// The name without its namespace prefix, whatever that is bound to.
std::string_view local_name(pugi::xml_node node) {
  std::string_view const name{node.name()};
  auto const colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

std::string text_inside(pugi::xml_node node) {
  std::string text;
  for (auto const child : node.children()) {
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
      text += child.value();
    }
  }
  return std::string{trim(text)};
}

bool is_http_url(std::string_view text) {
  auto const start = to_lower(text.substr(0, 8));
  return start.starts_with("http://") || start.starts_with("https://");
}

void add(sitemap& map, sitemap_entry entry) {
  if (map.entries.size() < max_sitemap_entries) {
    map.entries.push_back(std::move(entry));
  } else {
    map.truncated = true;
  }
}

bool looks_like_html(std::string_view bytes) {
  auto const head = to_lower(bytes.substr(0, 1024));
  return head.starts_with("<!doctype html") || head.starts_with("<html") ||
         head.find("<html") != std::string::npos;
}

result<sitemap> read_lines(std::string_view text) {
  sitemap map;
  for (auto line : split(text, '\n')) {
    line = trim(line);
    if (line.empty()) continue;
    if (is_http_url(line)) {
      add(map, {.loc = std::string{line}, .modified = {}});
    } else if (map.entries.empty()) {
      return fail(errc::bad_xml, "the sitemap is neither XML nor a list of http URLs");
    }
  }
  if (map.entries.empty()) return fail(errc::bad_xml, "the sitemap is empty");
  return map;
}

sitemap read_root(pugi::xml_node root, bool is_index) {
  sitemap map;
  map.is_index = is_index;
  for (auto const item : root.children()) {
    if (!iequals(local_name(item), is_index ? "sitemap" : "url")) continue;
    sitemap_entry entry;
    for (auto const field : item.children()) {
      auto const name = local_name(field);
      if (iequals(name, "loc") && entry.loc.empty()) entry.loc = text_inside(field);
      if (iequals(name, "lastmod") && !entry.modified) {
        entry.modified = parse_lastmod(text_inside(field));
      }
    }
    if (!entry.loc.empty()) add(map, std::move(entry));
  }
  return map;
}

}  // namespace

result<sitemap> parse_sitemap(std::string_view bytes) {
  if (bytes.size() > max_sitemap_bytes) {
    return fail(errc::sitemap_too_large,
                fmt::format("the sitemap has {} bytes; the protocol allows {} uncompressed",
                            bytes.size(), max_sitemap_bytes));
  }
  bool const utf16 = bytes.starts_with("\xFE\xFF") || bytes.starts_with("\xFF\xFE");
  if (bytes.starts_with(byte_order_mark)) bytes.remove_prefix(byte_order_mark.size());
  bytes = trim(bytes);
  if (!utf16 && !bytes.starts_with('<')) return read_lines(bytes);
  if (looks_like_html(bytes)) {
    return fail(errc::bad_xml, "an HTML page came instead of a sitemap; check the sitemap's URL");
  }
  pugi::xml_document document;
  auto const parsed = document.load_buffer(bytes.data(), bytes.size());
  if (!parsed) {
    return fail(errc::bad_xml, fmt::format("the sitemap cannot be read as XML at byte {}: {}",
                                           parsed.offset, parsed.description()));
  }
  auto const root = document.document_element();
  auto const name = local_name(root);
  if (iequals(name, "urlset")) return read_root(root, false);
  if (iequals(name, "sitemapindex")) return read_root(root, true);
  return fail(errc::bad_xml,
              fmt::format("the sitemap's root element is <{}>, not urlset or sitemapindex",
                          clip(name, 60)));
}

}  // namespace vinny
