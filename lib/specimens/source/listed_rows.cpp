// SPDX-License-Identifier: MIT
#include "specimens/source/listed_rows.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "core/text.hpp"
#include "specimens/source/image_reference.hpp"
#include "specimens/source/zip.hpp"

namespace vinny {
namespace {

constexpr std::size_t largest_meta = 1 << 20;
constexpr std::size_t longest_url = 4096;
constexpr std::size_t kept_of_a_line = 200;
/// A list of which none of the first rows can be used is not what it is taken for.
constexpr std::int64_t benefit_of_doubt = 10'000;
constexpr std::string_view usual_table = "multimedia.txt";
constexpr std::string_view meta_file = "meta.xml";

bool is_web_address(std::string_view url) noexcept {
  auto const scheme = url.substr(0, url.find(':'));
  if (!iequals(scheme, "https") && !iequals(scheme, "http")) return false;
  if (std::ranges::any_of(url, [](unsigned char c) { return c < 0x20 || c == 0x7F; })) return false;
  return !host_in(url).empty();
}

std::string fingerprint_of(std::filesystem::path const& path) {
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0) return path.filename().string();
  return fmt::format("{} {} {}.{:09}", path.filename().string(), info.st_size, info.st_mtim.tv_sec,
                     info.st_mtim.tv_nsec);
}

struct opened {
  std::unique_ptr<byte_source> source;
  table_format format;
  std::filesystem::path file;  // whose content it is
};

/// What meta.xml says of the table, which is then `format.files.front()`; where there is none, the
/// usual table with its header.
result<table_format> read_format(result<std::unique_ptr<byte_source>> const& meta) {
  if (!meta && meta.error().code != errc::not_found) return std::unexpected(meta.error());
  if (!meta) {
    table_format usual;
    usual.files = {std::string{usual_table}};
    return usual;
  }
  auto const xml = read_all(**meta, largest_meta);
  if (!xml) return std::unexpected(xml.error());
  auto format = read_meta(*xml);
  if (!format || format->files.size() == 1) return format;
  return fail(errc::bad_archive, fmt::format("meta.xml: the table of images is in {} files; only "
                                             "one is read",
                                             format->files.size()));
}

/// Where an archive's files are in it: "", or "name/" where somebody packed the folder itself.
std::string root_of(zip_archive const& archive) {
  std::string out;
  for (auto const& name : archive.names()) {
    auto const slash = name.rfind('/');
    auto const file = std::string_view{name}.substr(slash == std::string::npos ? 0 : slash + 1);
    if (file != meta_file && file != usual_table) continue;
    if (slash == std::string::npos) return {};
    auto const folder = name.substr(0, slash + 1);
    if (folder.find('/') == slash && out.empty()) out = folder;
  }
  return out;
}

result<opened> open_archive(std::filesystem::path const& path) {
  auto const archive = zip_archive::open(path);
  if (!archive) return std::unexpected(archive.error());
  auto const root = root_of(**archive);
  auto format = read_format((*archive)->member(root + std::string{meta_file}));
  if (!format) return std::unexpected(format.error());
  auto source = (*archive)->member(root + format->files.front());
  if (!source) {
    auto why = source.error();
    if (why.code == errc::not_found) {
      why = {errc::bad_archive, fmt::format("{}; is it a Darwin Core archive?", why.message)};
    }
    return std::unexpected(std::move(why));
  }
  return opened{.source = std::move(*source), .format = std::move(*format), .file = path};
}

result<opened> open_folder(std::filesystem::path const& path) {
  auto format = read_format(open_plain(path / meta_file));
  if (!format) return std::unexpected(format.error());
  auto const& name = format->files.front();
  bool const stays = name.find('/') == std::string::npos && name != "..";
  if (!stays) return fail(errc::bad_archive, "meta.xml: the table's file is not in the folder");
  auto const file = path / name;
  auto source = open_plain(file);
  if (!source) return std::unexpected(source.error());
  return opened{.source = std::move(*source), .format = std::move(*format), .file = file};
}

result<opened> open_any(std::filesystem::path const& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return open_folder(path);
  std::array<char, 4> first{};
  std::size_t have = 0;
  {
    auto const peek = open_plain(path);
    if (!peek) return std::unexpected(peek.error());
    auto const got = (*peek)->read(first);
    if (!got) return std::unexpected(got.error());
    have = *got;
  }
  std::string_view const start{first.data(), have};
  if (start.starts_with("PK")) return open_archive(path);
  auto source = start.starts_with("\x1F\x8B") ? open_gzip(path) : open_plain(path);
  if (!source) return std::unexpected(source.error());
  return opened{.source = std::move(*source), .format = {}, .file = path};
}

}  // namespace

char const* read_listed_row(table_row const& row, listed_row& out) noexcept {
  if (!row.complete) {
    return row.cut ? "row_too_long" : "too_few_columns";
  }
  auto const id = trim(row.id);
  if (id.empty()) return "no_gbif_id";
  auto const [end, error] = std::from_chars(id.data(), id.data() + id.size(), out.gbif_id);
  if (error != std::errc{} || end != id.data() + id.size()) return "bad_gbif_id";
  if (out.gbif_id <= 0 || out.gbif_id > largest_gbif_id) return "bad_gbif_id";
  auto const type = trim(row.type);
  bool const shown = type.empty() || icontains(type, "image") || icontains(type, "photo");
  if (!shown) return "not_a_still_image";
  if (icontains(type, "moving")) return "not_a_still_image";
  out.url = trim(row.url);
  if (out.url.empty()) return "no_url";
  if (out.url.size() > longest_url) return "url_too_long";
  return is_web_address(out.url) ? nullptr : "bad_url";
}

result<std::unique_ptr<list_file>> list_file::open(std::filesystem::path const& path) {
  auto found = open_any(path);
  if (!found) return std::unexpected(found.error());
  std::unique_ptr<list_file> out{
      new list_file{table_reader{std::move(found->source), std::move(found->format)},
                    fingerprint_of(found->file)}};
  if (auto const started = out->table_.start(); !started) {
    auto why = started.error();
    why.message = fmt::format("{}: {}", path.string(), why.message);
    return std::unexpected(std::move(why));
  }
  return out;
}

result<bool> list_file::next(listed_row& out) {
  for (;;) {
    row_position_ = table_.position();
    row_line_ = table_.line();
    if (rejected_.size() >= most_set_aside) {
      out = {};
      return true;
    }
    auto const got = table_.next(row_);
    if (!got || !*got) return got;
    ++rows_;
    auto const* const reason = read_listed_row(row_, out);
    if (reason == nullptr) {
      ++accepted_;
      return true;
    }
    rejected_.push_back({.line = row_.number,
                         .reason = reason,
                         .text = printable(valid_utf8(clip(row_.line, kept_of_a_line)))});
    if (accepted_ == 0 && rows_ >= benefit_of_doubt) {
      return fail(errc::bad_archive,
                  fmt::format("none of the first {} rows names an image (line {}: {}); is this a "
                              "list of GBIF's, with a numeric gbifID in each row?",
                              rows_, row_.number, reason));
    }
  }
}

double list_file::share_read() const noexcept {
  auto const size = table_.source().size();
  return size <= 0 ? 0.0
                   : static_cast<double>(table_.source().consumed()) / static_cast<double>(size);
}

}  // namespace vinny
