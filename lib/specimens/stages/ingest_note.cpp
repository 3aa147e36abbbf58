// SPDX-License-Identifier: MIT
#include "specimens/stages/ingest_note.hpp"

#include <boost/json.hpp>

#include "catalog/notes.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

std::string const under_way = "specimens.ingest";
std::string const finished = "specimens.list";

json::object to_json(ingest_note const& note) {
  json::object out;
  out["file"] = note.fingerprint;
  out["rules"] = note.rules;
  out["phase"] = static_cast<int>(note.doing);
  out["position"] = note.position;
  out["line"] = note.line;
  out["after"] = note.after;
  out["runs"] = note.runs;
  out["rows"] = note.rows;
  out["rejected"] = note.rejected;
  out["images"] = note.images;
  out["gbif_ids"] = note.specimens;
  out["retired"] = note.retired;
  return out;
}

}  // namespace

std::optional<ingest_note> unfinished_ingest(database& db) {
  auto const text = read_note(db, under_way).value_or("");
  boost::system::error_code error;
  auto const parsed = json::parse(text, error);
  if (error || !parsed.is_object()) return std::nullopt;
  auto const& from = parsed.get_object();
  auto const number = [&](std::string_view key) {
    auto const* const value = from.if_contains(key);
    return value != nullptr && value->is_int64() ? value->get_int64() : 0;
  };
  auto const* const file = from.if_contains("file");
  ingest_note out;
  if (file != nullptr && file->is_string()) out.fingerprint = std::string{file->get_string()};
  auto const* const rules = from.if_contains("rules");
  if (rules != nullptr && rules->is_string()) out.rules = std::string{rules->get_string()};
  out.doing = static_cast<ingest_note::phase>(number("phase"));
  out.position = number("position");
  out.line = number("line");
  out.after = number("after");
  out.runs = static_cast<int>(number("runs"));
  out.rows = number("rows");
  out.rejected = number("rejected");
  out.images = number("images");
  out.specimens = number("gbif_ids");
  out.retired = number("retired");
  return out;
}

void keep_ingest(database& db, ingest_note const& note) {
  set_note(db, under_way, json::serialize(to_json(note)));
}

void finish_ingest(database& db, ingest_note const& note, std::string const& at) {
  auto last = to_json(note);
  last["finished_at"] = at;
  set_note(db, finished, json::serialize(last));
  set_note(db, under_way, "");
}

}  // namespace vinny
