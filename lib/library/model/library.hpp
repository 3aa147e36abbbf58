// SPDX-License-Identifier: MIT
//
// A library: its rows are albums, some with artwork; artists are rows of their own.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace vinny {

/// Of an address that is kept: varchar(512) in the database that this comes from.
inline constexpr std::size_t longest_artwork_url = 512;  // characters
/// Of a title, a name or a label in a list.
inline constexpr std::size_t longest_library_text = 1'000;  // bytes

/// Smaller than every id: where a walk begins.
inline constexpr std::int64_t before_all_rows = std::numeric_limits<std::int64_t>::min();

struct library_row {
  std::int64_t id = 0;
  std::int64_t artist_id = 0;
  std::string album_title{};
  std::string artwork_url{};  // empty: none is known
  // None: the list does not tell.
  std::optional<std::string> label{};
  std::optional<bool> discogs_unavailable{};
};

struct library_artist {
  std::int64_t id = 0;
  std::string artist_name{};
  std::optional<std::int64_t> discogs_artist_id{};
  bool tells_discogs = true;  // false: the list does not
};

/// A row whose artwork can be asked for; the artist's name is the artist's own row's.
struct library_question {
  std::int64_t id = 0;
  std::string artist{};
  std::string album{};
};

/// Artwork that was found for a row.
struct library_find {
  std::int64_t id = 0;
  std::string url{};
};

/// What became of artwork that was to be written: the rows that took it, and those whose table
/// refused it, with its reason. All others had some by then.
struct library_filled {
  std::vector<std::int64_t> taken{};
  std::map<std::int64_t, std::string> refused{};
};

/// A row as a search shows it.
struct library_hit {
  library_question what{};
  std::string label{};
  std::string artwork_url{};  // empty: none is known
  bool can_ask = false;       // the lookup service may know some
};

/// The rows whose id leaves `index` when divided by `count`; negative ids count on from below.
struct library_part {
  std::int64_t index = 0;
  std::int64_t count = 1;
  [[nodiscard]] bool has(std::int64_t id) const noexcept {
    return (id % count + count) % count == index;
  }
  friend bool operator==(library_part const&, library_part const&) = default;
};

}  // namespace vinny
