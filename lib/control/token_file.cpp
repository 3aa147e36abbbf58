// SPDX-License-Identifier: MIT
#include "control/token_file.hpp"

#include <fmt/format.h>

#include <fstream>

#include "core/text.hpp"
#include "observe/log.hpp"

namespace vinny {
namespace {

constexpr std::size_t min_token_length = 16;
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

void warn_when_open(std::filesystem::path const& file) {
  std::error_code none;
  auto const mode = std::filesystem::status(file, none).permissions();
  if (none || (mode & std::filesystem::perms::others_read) == std::filesystem::perms::none) return;
  log(log_level::warn, "control", "everybody on this machine may read the token; chmod o-rwx it",
      field("file", file.string()));
}

}  // namespace

result<secret> read_token(std::filesystem::path const& file) {
  std::ifstream in{file};
  std::string line;
  if (!in || !std::getline(in, line)) {
    return fail(errc::config_invalid,
                fmt::format("control.token_file '{}' cannot be read", file.string()));
  }
  std::string_view text = line;
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  text = trim(text);
  if (text.size() < min_token_length) {
    return fail(errc::config_invalid,
                fmt::format("control.token_file '{}' holds fewer than {} characters; make one with "
                            "`openssl rand -hex 32`",
                            file.string(), min_token_length));
  }
  warn_when_open(file);
  return secret{std::string{text}};
}

}  // namespace vinny
