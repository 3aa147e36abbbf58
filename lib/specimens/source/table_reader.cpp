// SPDX-License-Identifier: MIT
#include "specimens/source/table_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace vinny {
namespace {

constexpr std::size_t buffer_size = 4UZ << 20;
static_assert(buffer_size >= 2 * table_reader::longest_row);

std::size_t find_byte(char const* from, std::size_t size, char wanted) noexcept {
  auto const* const at = static_cast<char const*>(std::memchr(from, wanted, size));
  return at == nullptr ? std::string_view::npos : static_cast<std::size_t>(at - from);
}

}  // namespace

table_reader::table_reader(std::unique_ptr<byte_source> source, table_format format)
    : source_(std::move(source)), format_(std::move(format)), buffer_(buffer_size) {}

result<bool> table_reader::refill() {
  if (at_end_) return false;
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  auto const got = source_->read({buffer_.data() + end_, buffer_.size() - end_});
  if (!got) return std::unexpected(got.error());
  end_ += *got;
  at_end_ = *got == 0;
  return *got > 0;
}

std::size_t table_reader::row_end(std::size_t from, bool& quoted) const noexcept {
  if (format_.quote == 0) {
    auto const at = find_byte(buffer_.data() + from, end_ - from, '\n');
    return at == std::string_view::npos ? at : from + at;
  }
  quoted = false;
  for (auto at = begin_; at < end_; ++at) {
    if (quoted) {
      if (buffer_[at] != format_.quote) continue;
      bool const doubled = at + 1 < end_ && buffer_[at + 1] == format_.quote;
      if (doubled) {
        ++at;
      } else {
        quoted = false;
      }
    } else if (buffer_[at] == '\n') {
      return at;
    } else if (buffer_[at] == format_.quote) {
      // Anywhere else it is a character like others.
      quoted = at == begin_ || buffer_[at - 1] == format_.delimiter;
    }
  }
  return std::string_view::npos;
}

std::unexpected<failure> table_reader::unclosed() const {
  return fail(errc::bad_archive,
              fmt::format("line {}: a quoted value does not end; does meta.xml say rightly that "
                          "fields are enclosed?",
                          line_ + 1));
}

result<bool> table_reader::next_line(std::string_view& out) {
  cut_ = false;
  bool quoted = false;
  std::size_t looked = begin_;
  for (;;) {
    auto const at = row_end(looked, quoted);
    if (at != std::string_view::npos) {
      out = {buffer_.data() + begin_, at - begin_};
      position_ += static_cast<std::int64_t>(at + 1 - begin_);
      begin_ = at + 1;
      break;
    }
    looked = end_;
    if (end_ - begin_ > longest_row) {
      if (quoted) return unclosed();
      cut_ = true;
      position_ += static_cast<std::int64_t>(end_ - begin_);
      begin_ = end_;
    }
    auto const seen = looked - begin_;
    auto const more = refill();
    if (!more) return more;
    looked = begin_ + seen;
    if (!*more) {
      if (begin_ == end_ && !cut_) return false;
      if (quoted) return unclosed();
      out = {buffer_.data() + begin_, end_ - begin_};
      position_ += static_cast<std::int64_t>(end_ - begin_);
      begin_ = end_;
      break;
    }
  }
  ++line_;
  if (out.ends_with('\r')) out.remove_suffix(1);
  return true;
}

result<> table_reader::start() {
  std::string_view header;
  bool const by_header = format_.id < 0;
  auto const lines = by_header ? 1 : format_.header_lines;
  for (int i = 0; i < lines; ++i) {
    auto const read = next_line(header);
    if (!read) return std::unexpected(read.error());
    if (!*read) return fail(errc::bad_archive, "the list is empty");
  }
  return by_header ? find_columns(header, format_) : result<>{};
}

result<> table_reader::resume(std::int64_t position, std::int64_t line) {
  auto const ahead = position - position_;
  auto const buffered = static_cast<std::int64_t>(end_ - begin_);
  if (ahead < 0) return fail(errc::internal, "a list is not read backwards");
  begin_ = ahead < buffered ? begin_ + static_cast<std::size_t>(ahead) : end_;
  if (ahead > buffered) {
    if (auto const skipped = source_->skip(ahead - buffered); !skipped) return skipped;
  }
  position_ = position;
  line_ = line;
  return {};
}

void table_reader::take_plain(std::string_view line, table_row& out) const noexcept {
  int const last = std::max({format_.id, format_.url, format_.type});
  std::size_t at = 0;
  int seen = 0;
  for (int column = 0; column <= last; ++column) {
    auto const length = find_byte(line.data() + at, line.size() - at, format_.delimiter);
    auto const value = line.substr(at, length);
    if (column == format_.id) {
      out.id = value;
      ++seen;
    }
    if (column == format_.url) {
      out.url = value;
      ++seen;
    }
    if (column == format_.type) out.type = value;
    if (length == std::string_view::npos) break;
    at += length + 1;
  }
  out.complete = seen == 2;
}

void table_reader::take_quoted(std::string_view line, table_row& out) {
  int const last = std::max({format_.id, format_.url, format_.type});
  out.complete = false;
  std::size_t at = 0;
  int seen = 0;
  std::string value;
  for (int column = 0; column <= last && at <= line.size(); ++column) {
    value.clear();
    if (at < line.size() && line[at] == format_.quote) {
      for (++at; at < line.size(); ++at) {
        if (line[at] == format_.quote) {
          bool const doubled = at + 1 < line.size() && line[at + 1] == format_.quote;
          if (!doubled) break;
          ++at;
        }
        value += line[at];
      }
      at = std::min(line.find(format_.delimiter, std::min(at, line.size())), line.size());
    } else {
      auto const stop = std::min(line.find(format_.delimiter, at), line.size());
      value = line.substr(at, stop - at);
      at = stop;
    }
    ++at;
    if (column == format_.id) out.id = unquoted_[0] = value;
    if (column == format_.url) out.url = unquoted_[1] = value;
    if (column == format_.type) out.type = unquoted_[2] = value;
    seen += int{column == format_.id} + int{column == format_.url};
  }
  out.complete = seen == 2;
}

result<bool> table_reader::next(table_row& out) {
  std::string_view line;
  do {
    auto const read = next_line(line);
    if (!read || !*read) return read;
  } while (line.empty() && !cut_);
  out = {.id = {}, .url = {}, .type = {}, .line = line, .number = line_};
  if (cut_) {
    out.complete = false;
    out.cut = true;
    return true;
  }
  if (format_.quote == 0) {
    take_plain(line, out);
  } else {
    take_quoted(line, out);
  }
  if (format_.type < 0) out.type = format_.default_type;
  return true;
}

}  // namespace vinny
