// SPDX-License-Identifier: MIT
#include "specimens/source/meta.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <algorithm>

#include "core/text.hpp"

namespace vinny {
namespace {

constexpr std::size_t longest_header = 64 * 1024;

std::string_view last_part(std::string_view uri) noexcept {
  auto const cut = uri.find_last_of("/#");
  return cut == std::string_view::npos ? uri : uri.substr(cut + 1);
}

/// Attributes are written with escapes: "\t", "\n", "\"".
result<std::string> unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    switch (text[++i]) {
      case 't':
        out += '\t';
        break;
      case 'n':
        out += '\n';
        break;
      case 'r':
        out += '\r';
        break;
      default:
        out += text[i];
    }
  }
  return out;
}

std::unexpected<failure> refuse(std::string_view why) {
  return fail(errc::bad_archive, fmt::format("meta.xml: {}", why));
}

/// The first element of that name among the children, whatever its namespace prefix.
bool is_named(pugi::xml_node const& node, std::string_view wanted) noexcept {
  std::string_view name = node.name();
  if (auto const colon = name.find(':'); colon != std::string_view::npos) {
    name.remove_prefix(colon + 1);
  }
  return name == wanted;
}

bool lists_media(pugi::xml_node const& table) {
  auto const type = last_part(table.attribute("rowType").value());
  return iequals(type, "Multimedia") || iequals(type, "Image") || iequals(type, "SimpleMultimedia");
}

result<> read_format(pugi::xml_node const& table, table_format& out) {
  std::string_view const encoding = table.attribute("encoding").as_string("UTF-8");
  bool const known = iequals(encoding, "UTF-8") || iequals(encoding, "UTF8") ||
                     iequals(encoding, "ISO-8859-1") || iequals(encoding, "US-ASCII") ||
                     iequals(encoding, "ASCII") || iequals(encoding, "windows-1252");
  if (!known) {
    return refuse(fmt::format("the table is in {}; only UTF-8 and its like are read", encoding));
  }
  auto const delimiter = unescape(table.attribute("fieldsTerminatedBy").as_string(","));
  auto const quote = unescape(table.attribute("fieldsEnclosedBy").as_string("\""));
  auto const line_end = unescape(table.attribute("linesTerminatedBy").as_string("\\n"));
  if (delimiter->size() != 1 || quote->size() > 1) {
    return refuse("fields are separated and enclosed by one character each, or not at all");
  }
  if (*line_end != "\n" && *line_end != "\r\n") {
    return refuse("lines must end with \\n or \\r\\n");
  }
  out.delimiter = delimiter->front();
  out.quote = quote->empty() ? '\0' : quote->front();
  out.header_lines = std::clamp(table.attribute("ignoreHeaderLines").as_int(0), 0, 1000);
  return {};
}

int index_of(pugi::xml_node const& node) {
  return node.attribute("index").as_int(-1);
}

}  // namespace

result<table_format> read_meta(std::string_view xml) {
  pugi::xml_document document;
  if (auto const read = document.load_buffer(xml.data(), xml.size()); !read) {
    return refuse(fmt::format("it is no XML: {}", read.description()));
  }
  auto const archive = document.document_element();
  if (!is_named(archive, "archive")) return refuse("its root is not <archive>");
  pugi::xml_node media;
  std::string tables;
  for (auto const& table : archive.children()) {
    if (!is_named(table, "core") && !is_named(table, "extension")) continue;
    tables += fmt::format("{}{}", tables.empty() ? "" : ", ",
                          last_part(table.attribute("rowType").value()));
    if (!media && lists_media(table)) media = table;
  }
  if (!media) {
    return refuse(fmt::format("it has no table of images (rowType Multimedia); it has: {}",
                              tables.empty() ? "nothing" : clip(tables, 300)));
  }
  table_format out;
  if (auto const read = read_format(media, out); !read) return std::unexpected(read.error());
  int better_id = -1;
  for (auto const& node : media.children()) {
    if (is_named(node, "files")) {
      for (auto const& file : node.children()) {
        if (is_named(file, "location")) out.files.emplace_back(trim(file.text().get()));
      }
    } else if (is_named(node, "id") || is_named(node, "coreid")) {
      out.id = index_of(node);
    } else if (is_named(node, "field")) {
      auto const term = last_part(node.attribute("term").value());
      if (iequals(term, "gbifID")) better_id = index_of(node);
      if (iequals(term, "accessURI")) out.url = index_of(node);
      if (iequals(term, "identifier") && out.url < 0) out.url = index_of(node);
      if (iequals(term, "type")) {
        out.type = index_of(node);
        out.default_type = node.attribute("default").value();
      }
    }
  }
  if (better_id >= 0) out.id = better_id;
  if (out.files.empty()) return refuse("the table of images names no file");
  if (out.id < 0) return refuse("the table of images has no column of ids");
  if (out.url < 0) {
    return refuse("the table of images has no column of addresses (identifier or accessURI)");
  }
  return out;
}

result<> find_columns(std::string_view header, table_format& out) {
  if (header.starts_with("\xEF\xBB\xBF")) header.remove_prefix(3);
  if (header.size() > longest_header) return fail(errc::bad_archive, "the first line is too long");
  auto const names = split(header, out.delimiter);
  auto const find = [&](std::string_view wanted) {
    auto const at = std::ranges::find_if(
        names, [&](std::string_view one) { return iequals(trim(one), wanted); });
    return at == names.end() ? -1 : static_cast<int>(at - names.begin());
  };
  out.id = find("gbifID");
  out.url = find("identifier");
  if (out.url < 0) out.url = find("accessURI");
  out.type = find("type");
  if (out.id >= 0 && out.url >= 0) return {};
  return fail(errc::bad_archive,
              fmt::format("the first line names no column {}; it must be the header of a "
                          "tab-separated multimedia.txt (gbifID, type, format, identifier, …)",
                          out.id < 0 ? "gbifID" : "identifier"));
}

}  // namespace vinny
