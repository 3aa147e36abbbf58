// SPDX-License-Identifier: MIT
#include <algorithm>

#include "core/text.hpp"
#include "observe/log_escape.hpp"
#include "observe/log_line.hpp"

namespace vinny {
namespace {

constexpr std::size_t max_fields = 64;
constexpr std::size_t max_name = 64;       // step, run id, key of a field
constexpr std::size_t frame_bytes = 160;   // braces, names, timestamp, level
constexpr std::size_t field_overhead = 8;  // comma, quotes, colon, underscore
constexpr std::size_t number_bytes = 24;
constexpr std::string_view mark = "…";

/// Cuts the text so that it takes at most `budget` bytes when escaped; returns what it takes.
std::size_t fit(std::string& text, std::size_t budget) {
  if (auto const size = escaped_size(text); size <= budget) return size;
  auto const room = budget > mark.size() ? budget - mark.size() : 0;
  std::size_t used = 0;
  std::size_t kept = 0;
  while (kept < text.size()) {
    auto const next = used + escaped_size(text[kept]);
    if (next > room) break;
    used = next;
    ++kept;
  }
  text.resize(clip(text, kept).size());
  if (budget < mark.size()) return escaped_size(text);
  text += mark;
  return escaped_size(text);
}

bool ends_url(char c) noexcept {
  return static_cast<unsigned char>(c) <= ' ' ||
         std::string_view{"\"'<>()[]{}`"}.find(c) != std::string_view::npos;
}

/// Messages are put together in many places; a URL in one must not bring its query along.
std::string without_queries(std::string text) {
  std::string out;
  std::size_t done = 0;
  auto at = text.find("://");
  while (at != std::string::npos) {
    auto end = at + 3;
    while (end < text.size() && text[end] != '?' && !ends_url(text[end])) ++end;
    if (end < text.size() && text[end] == '?') {
      out.append(text, done, end - done).append("?…");
      while (end < text.size() && !ends_url(text[end])) ++end;
      done = end;
    }
    at = text.find("://", end);
  }
  if (done == 0) return text;
  out.append(text, done);
  return out;
}

/// Cut before it is looked at: a text of megabytes costs no more than a long line.
std::string clean_text(std::string_view text, std::size_t bytes = max_log_line) {
  return without_queries(valid_utf8(clip(text, bytes)));
}

}  // namespace

log_record clean(log_record record) {
  record.step = clean_text(record.step, max_name);
  record.run_id = clean_text(record.run_id, max_name);
  auto left = max_log_line - frame_bytes - escaped_size(record.step) - escaped_size(record.run_id);
  record.message = clean_text(record.message);
  left -= fit(record.message, left / 2);  // a long message must leave room for its fields

  if (record.fields.size() > max_fields) record.fields.resize(max_fields);
  for (std::size_t i = 0; i < record.fields.size(); ++i) {
    auto& item = record.fields[i];
    item.key = clean_text(item.key, max_name);
    auto const fixed = escaped_size(item.key) + field_overhead + number_bytes;
    if (left < fixed) {
      record.fields.resize(i);
      break;
    }
    left -= fixed;
    if (auto* const text = std::get_if<std::string>(&item.value)) {
      *text = clean_text(*text);
      left -= fit(*text, left);
    }
  }
  return record;
}

}  // namespace vinny
