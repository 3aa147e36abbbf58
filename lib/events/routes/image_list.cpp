// SPDX-License-Identifier: MIT
#include "events/routes/image_list.hpp"

#include <boost/json.hpp>

#include "events/publish/rows.hpp"

namespace vinny {

namespace json = boost::json;

std::string images_document(database& db, config const& settings, std::size_t limit,
                            std::size_t offset) {
  json::array images;
  db.query(
      "SELECT r.venue_tag, r.artist_slug, r.size, r.width, r.height, r.bytes, r.stored, "
      "coalesce(a.name, r.artist_slug), r.sha256, r.versioned FROM renditions r LEFT JOIN artists "
      "a ON a.slug = "
      "r.artist_slug WHERE r.state = 'done' ORDER BY r.artist_slug, r.venue_tag, r.size LIMIT ? "
      "OFFSET ?",
      [&](SQLite::Statement& row) {
        rendition_id const id{row.getColumn(0).getString(), row.getColumn(1).getString(),
                              row.getColumn(2).getString()};
        bool const stored = row.getColumn(6).getInt() != 0;
        rendition_row const named{.id = id,
                                  .url = {},
                                  .sha256 = row.getColumn(8).getString(),
                                  .source_mime = {},
                                  .versioned = row.getColumn(9).getInt() != 0};
        images.push_back(
            {{"key", id.key()},
             {"artist", row.getColumn(7).getString()},
             {"artist_slug", id.artist_slug},
             {"venue_tag", id.venue_tag},
             {"size", id.size},
             {"width", row.getColumn(3).getInt64()},
             {"height", row.getColumn(4).getInt64()},
             {"bytes", row.getColumn(5).getInt64()},
             {"url", stored ? json::value(public_address(settings.store.public_url, named))
                            : json::value{}}});
      },
      limit, offset);
  json::object out;
  out["images"] = std::move(images);
  out["total"] = db.number("SELECT count(*) FROM renditions WHERE state = 'done'");
  return json::serialize(out);
}

}  // namespace vinny
