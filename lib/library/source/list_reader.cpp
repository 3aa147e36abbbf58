// SPDX-License-Identifier: MIT
#include "library/source/list_reader.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "blob/byte_source.hpp"
#include "core/text.hpp"
#include "library/model/artwork_match.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

constexpr std::size_t read_size = 256 << 10;
constexpr std::size_t longest_record = 1 << 20;

using named_values = std::map<std::string, std::string, std::less<>>;

std::optional<std::int64_t> parse_whole(std::string_view text) {
  std::int64_t out = 0;
  auto const clean = trim(text);
  auto const [end, error] = std::from_chars(clean.data(), clean.data() + clean.size(), out);
  return error == std::errc{} && end == clean.data() + clean.size() ? std::optional{out}
                                                                    : std::nullopt;
}

/// As databases write NULL into tables; an album may be called "Null".
bool is_null(std::string_view text) {
  return text == "\\N";
}

std::string_view value_of(named_values const& from, std::string_view name) {
  auto const it = from.find(name);
  return it == from.end() || is_null(it->second) ? std::string_view{}
                                                 : std::string_view{it->second};
}

bool says_yes(std::string_view text) {
  return text == "1" || iequals(text, "t") || iequals(text, "true") || iequals(text, "yes");
}

/// A number that may be missing.
bool is_missing(std::string_view text) {
  return text.empty() || iequals(text, "null");
}

library_entry artist_of(named_values const& from, std::int64_t id, std::int64_t line) {
  auto const discogs = value_of(from, "discogs_artist_id");
  library_artist out{id, valid_utf8(value_of(from, "artist_name")), parse_whole(discogs),
                     from.contains("discogs_artist_id")};
  if (out.artist_name.empty()) return rejected_line{line, "'artist_name' is empty"};
  if (!is_missing(discogs) && !out.discogs_artist_id) {
    return rejected_line{line, "'discogs_artist_id' is not a number"};
  }
  return out;
}

library_entry row_of(named_values const& from, std::int64_t id, std::int64_t line) {
  auto const artist = parse_whole(value_of(from, "artist_id"));
  if (!artist) return rejected_line{line, "'artist_id' is not a number"};
  auto const artwork = value_of(from, "artwork_url");
  bool const has_artwork = !is_missing(artwork);
  if (has_artwork) {
    if (auto const why = why_no_artwork(artwork); !why.empty()) {
      return rejected_line{line, fmt::format("'artwork_url' is {}", why)};
    }
  }
  library_row out{.id = id,
                  .artist_id = *artist,
                  .album_title = valid_utf8(value_of(from, "album_title")),
                  .artwork_url = has_artwork ? std::string{artwork} : std::string{}};
  if (from.contains("label")) out.label = valid_utf8(value_of(from, "label"));
  if (from.contains("discogs_unavailable")) {
    out.discogs_unavailable = says_yes(value_of(from, "discogs_unavailable"));
  }
  return out;
}

library_entry entry_of(named_values const& from, std::int64_t line) {
  for (auto const* const name : {"artist_name", "album_title", "label"}) {
    if (value_of(from, name).size() <= longest_library_text) continue;
    return rejected_line{line,
                         fmt::format("'{}' is longer than {} bytes", name, longest_library_text)};
  }
  auto const id = parse_whole(value_of(from, "id"));
  if (!id || *id <= 0) return rejected_line{line, "'id' is not a positive number"};
  bool const is_artist = from.contains("artist_name") && !from.contains("album_title");
  return is_artist ? artist_of(from, *id, line) : row_of(from, *id, line);
}

/// Lines of a text, with quotes in mind where a table has them.
class records {
 public:
  records(std::unique_ptr<byte_source> source, bool quoted)
      : source_(std::move(source)), quoted_(quoted) {}

  /// Without its line end. False: the end.
  result<bool> next(std::string& out) {
    for (;;) {
      auto const end = record_end();
      if (end != std::string::npos) {
        out.assign(buffer_, begin_, end - begin_);
        number_ = next_number_;
        next_number_ += 1 + std::ranges::count(out, '\n');
        begin_ = end + 1;
        looked_ = begin_;
        at_start_ = true;
        was_quoted_ = false;
        if (out.ends_with('\r')) out.pop_back();
        return true;
      }
      if (at_end_) {
        if (begin_ >= buffer_.size()) return false;
        if (inside_)
          return fail(errc::bad_archive,
                      fmt::format("line {}: a quote is not closed", next_number_));
        buffer_ += '\n';
        looked_ = begin_;
        continue;
      }
      if (buffer_.size() - begin_ > longest_record) {
        return fail(errc::bad_archive,
                    fmt::format("line {}: longer than {} bytes", next_number_, longest_record));
      }
      buffer_.erase(0, begin_);
      looked_ -= begin_;
      begin_ = 0;
      auto const had = buffer_.size();
      buffer_.resize(had + read_size);
      auto const got = source_->read(std::span{buffer_}.subspan(had));
      if (!got) return std::unexpected(got.error());
      buffer_.resize(had + *got);
      at_end_ = *got == 0;
    }
  }
  [[nodiscard]] std::int64_t line() const noexcept { return number_; }
  [[nodiscard]] byte_source const& source() const noexcept { return *source_; }

 private:
  /// A quote opens a value only where that begins; inside another it is a letter (12" mix).
  std::size_t record_end() {
    for (; looked_ < buffer_.size(); ++looked_) {
      char const c = buffer_[looked_];
      if (quoted_ && c == '"' && (inside_ || at_start_ || was_quoted_)) {
        was_quoted_ = inside_;  // a second one right behind it is a quote of the value
        inside_ = !inside_;
        at_start_ = false;
        continue;
      }
      if (c == '\n' && !inside_) return looked_;
      was_quoted_ = false;
      at_start_ = c == ',' && !inside_;
    }
    return std::string::npos;
  }

  std::unique_ptr<byte_source> source_;
  bool quoted_;
  bool inside_ = false;
  bool at_start_ = true;     // of a value
  bool was_quoted_ = false;  // a quote has just ended, or is doubled
  bool at_end_ = false;
  std::string buffer_;
  std::size_t begin_ = 0;
  std::size_t looked_ = 0;
  std::int64_t number_ = 0;
  std::int64_t next_number_ = 1;
};

std::vector<std::string> csv_values(std::string_view record) {
  std::vector<std::string> out(1);
  bool inside = false;
  bool at_start = true;
  for (std::size_t i = 0; i < record.size(); ++i) {
    char const c = record[i];
    if (inside && c == '"') {
      bool const doubled = i + 1 < record.size() && record[i + 1] == '"';
      if (doubled) {
        out.back() += '"';
        ++i;
      } else {
        inside = false;
      }
    } else if (at_start && c == '"') {
      inside = true;
    } else if (c == ',' && !inside) {
      out.emplace_back();
      at_start = true;
      continue;
    } else {
      out.back() += c;
    }
    at_start = false;
  }
  return out;
}

/// Without a byte order mark.
std::string_view without_mark(std::string_view line) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  return line.starts_with(mark) ? line.substr(mark.size()) : line;
}

/// A list whose records are one after another, each by itself.
class record_list : public library_list {
 public:
  explicit record_list(records lines) : lines_(std::move(lines)) {}

  result<std::vector<library_entry>> next(std::size_t most) final {
    std::vector<library_entry> out;
    std::string record;
    while (out.size() < most) {
      auto const got = lines_.next(record);
      if (!got && !out.empty()) break;  // what is good comes first; the next call says it again
      if (!got) return std::unexpected(got.error());
      if (!*got) break;
      if (auto one = read(record, lines_.line())) out.push_back(std::move(*one));
    }
    return out;
  }
  [[nodiscard]] std::int64_t consumed() const noexcept final { return lines_.source().consumed(); }
  [[nodiscard]] std::int64_t size() const noexcept final { return lines_.source().size(); }

 private:
  /// Nothing for a record that is empty.
  [[nodiscard]] virtual std::optional<library_entry> read(std::string const& record,
                                                          std::int64_t line) const = 0;

  records lines_;
};

class csv_list final : public record_list {
 public:
  csv_list(records lines, std::vector<std::string> columns)
      : record_list(std::move(lines)), columns_(std::move(columns)) {}

 private:
  std::optional<library_entry> read(std::string const& record, std::int64_t line) const override {
    if (record.empty()) return std::nullopt;
    auto values = csv_values(record);
    if (values.size() != columns_.size()) {
      return rejected_line{line, fmt::format("{} values where the header has {} columns",
                                             values.size(), columns_.size())};
    }
    named_values named;
    for (std::size_t i = 0; i < values.size(); ++i) named[columns_[i]] = std::move(values[i]);
    return entry_of(named, line);
  }

  std::vector<std::string> columns_;
};

class json_list final : public record_list {
 public:
  using record_list::record_list;

 private:
  std::optional<library_entry> read(std::string const& record, std::int64_t line) const override {
    auto const text = without_mark(record);
    if (trim(text).empty()) return std::nullopt;
    boost::system::error_code error;
    auto const parsed = json::parse(text, error);
    auto const* const object = error ? nullptr : parsed.if_object();
    if (object == nullptr) return rejected_line{line, "not a JSON object"};
    named_values named;
    for (auto const& [key, value] : *object) {
      named[std::string{key}] = value.is_string() ? std::string{value.get_string()}
                                : value.is_null() ? std::string{}
                                                  : json::serialize(value);
    }
    return entry_of(named, line);
  }
};

result<std::unique_ptr<byte_source>> open_bytes(std::filesystem::path const& file) {
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored) && !std::filesystem::is_regular_file(file, ignored)) {
    return fail(errc::bad_archive, fmt::format("{}: is no file", file.string()));
  }
  return file.extension() == ".gz" ? open_gzip(file) : open_plain(file);
}

/// The columns of a header that is a list's.
result<std::vector<std::string>> columns_of(std::string_view header,
                                            std::filesystem::path const& file) {
  auto columns = csv_values(without_mark(header));
  for (auto& one : columns) one = to_lower(trim(one));
  auto const has = [&](std::string_view name) {
    return std::ranges::find(columns, name) != columns.end();
  };
  bool const rows = has("id") && has("artist_id") && has("album_title");
  bool const artists = has("id") && has("artist_name");
  if (rows || artists) return columns;
  return fail(errc::bad_archive,
              fmt::format("{}: its first line is not the header of a list of rows "
                          "(id,artist_id,album_title,artwork_url) or of artists "
                          "(id,artist_name,discogs_artist_id)",
                          file.string()));
}

}  // namespace

result<std::unique_ptr<library_list>> library_list::open(std::filesystem::path const& file) {
  auto source = open_bytes(file);
  if (!source) return std::unexpected(source.error());
  records peek{std::move(*source), false};
  std::string first;
  for (;;) {
    auto const got = peek.next(first);
    if (!got) return std::unexpected(got.error());
    if (!*got) return fail(errc::bad_archive, fmt::format("{}: the list is empty", file.string()));
    if (!trim(first).empty()) break;
  }
  source = open_bytes(file);
  if (!source) return std::unexpected(source.error());
  if (trim(without_mark(first)).starts_with('{')) {
    return std::make_unique<json_list>(records{std::move(*source), false});
  }
  records lines{std::move(*source), true};
  do {
    auto const got = lines.next(first);
    if (!got) return std::unexpected(got.error());
  } while (trim(first).empty());
  auto columns = columns_of(first, file);
  if (!columns) return std::unexpected(columns.error());
  return std::make_unique<csv_list>(std::move(lines), std::move(*columns));
}

}  // namespace vinny
