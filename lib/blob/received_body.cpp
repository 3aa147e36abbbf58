// SPDX-License-Identifier: MIT
#include "blob/received_body.hpp"

#include <fmt/format.h>

#include <utility>

namespace vinny {

result<> received_body::append(file_root const& files, std::string_view piece) {
  if (!draft_) {
    auto begun = files.begin_draft();
    if (!begun) return std::unexpected(begun.error());
    draft_ = std::move(*begun);
    hash_.emplace();
  }
  hash_->update(piece);
  drafted_ += static_cast<std::int64_t>(piece.size());
  return files.append(*draft_, piece);
}

void received_body::restart() {
  *this = received_body{};
}

result<> received_body::close(file_root const& files, std::string rest) {
  if (!draft_) {
    memory_ = std::move(rest);
    return {};
  }
  if (auto const done = append(files, rest); !done) return done;
  map_ = draft_->map(drafted_);
  if (!map_) return fail(errc::io_error, fmt::format("a body of {} bytes: no memory", drafted_));
  return {};
}

std::string const& received_body::digest() {
  if (digest_.empty()) digest_ = draft_ ? hash_->finish_hex() : sha256_hex(memory_);
  return digest_;
}

result<file_draft> received_body::keep(file_root const& files, std::string_view relative) {
  if (!draft_) return files.draft(relative, memory_);
  map_ = file_map{};
  if (auto const placed = files.set_target(*draft_, relative); !placed) {
    return std::unexpected(placed.error());
  }
  return std::move(*draft_);
}

}  // namespace vinny
