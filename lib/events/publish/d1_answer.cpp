// SPDX-License-Identifier: MIT
#include "events/publish/d1_answer.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <optional>
#include <vector>

#include "core/text.hpp"
#include "policy/classify.hpp"
#include "policy/retry_after.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_quote = 300;

// developers.cloudflare.com/d1/observability/debug-d1 and the API's own answers.
constexpr std::int64_t no_route = 7000;
constexpr std::int64_t sql_error = 7500;
constexpr std::int64_t not_authorised = 7403;
constexpr std::int64_t not_found = 7404;
constexpr std::int64_t bad_authentication = 10000;

struct api_error {
  std::int64_t code = 0;
  std::string message;
};

std::string text_of(json::object const& from, std::string_view key) {
  auto const* const value = from.if_contains(key);
  return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
}

std::int64_t number_of(json::object const& from, std::string_view key) {
  auto const* const value = from.if_contains(key);
  if (value == nullptr) return 0;
  if (value->is_int64()) return value->get_int64();
  if (value->is_uint64()) return static_cast<std::int64_t>(value->get_uint64());
  return value->is_double() ? static_cast<std::int64_t>(value->get_double()) : 0;
}

std::optional<json::object> document_of(response const& answer) {
  boost::system::error_code error;
  auto parsed = json::parse(answer.body, error);
  if (error || !parsed.is_object() || !parsed.get_object().contains("success")) return std::nullopt;
  return std::move(parsed.get_object());
}

std::vector<api_error> errors_of(json::object const& document) {
  std::vector<api_error> out;
  auto const* const list = document.if_contains("errors");
  if (list == nullptr || !list->is_array()) return out;
  for (auto const& one : list->get_array()) {
    if (one.is_object()) {
      out.push_back(
          {number_of(one.get_object(), "code"), one_line(text_of(one.get_object(), "message"))});
    } else if (one.is_string()) {
      out.push_back({0, one_line(one.get_string())});
    }
  }
  return out;
}

std::string in_quotes(std::vector<api_error> const& errors) {
  std::string out;
  for (auto const& one : errors) {
    out += fmt::format("{}{}", out.empty() ? "" : "; ", one.message);
    if (one.code != 0) out += fmt::format(" [{}]", one.code);
  }
  return out.empty() ? std::string{"no reason given"} : out;
}

bool has_code(std::vector<api_error> const& errors, std::int64_t code) {
  for (auto const& one : errors) {
    if (one.code == code) return true;
  }
  return false;
}

failure refused_token(std::string const& said, d1_names const& names) {
  return {errc::publish_credentials,
          fmt::format("D1 refuses access to database {} ({}): the token lacks the permission "
                      "Account > D1 > Edit for account {}, or one of the two ids is wrong; see "
                      "d1.api_token, d1.account_id and d1.database_id",
                      names.database_id, said, names.account_id)};
}

failure unknown_database(std::string const& said, d1_names const& names) {
  return {errc::publish_missing,
          fmt::format("there is no D1 database {} in account {} ({}): d1.database_id must be the "
                      "UUID that `wrangler d1 list` shows, not the name",
                      names.database_id, names.account_id, said)};
}

failure slow_down(response const& answer, std::string const& said, instant at) {
  failure why{errc::http_too_many_requests,
              fmt::format("D1 asks to slow down (429: {}); it is tried again", said)};
  why.retry_at = parse_retry_after(answer.header("Retry-After"), at);
  return why;
}

failure not_json(response const& answer) {
  auto const code = is_success(answer.status) ? errc::bad_json : from_status(answer.status);
  failure why{code, fmt::format("d1.api_url answered {} without D1's JSON: is {} the address of "
                                "the API, and is no proxy in between?",
                                answer.status, answer.final_url.origin())};
  why.evidence = one_line(answer.body);
  return why;
}

failure failed(response const& answer, std::optional<json::object> const& document,
               d1_names const& names, instant at) {
  auto const errors = document ? errors_of(*document) : std::vector<api_error>{};
  auto const said = document ? in_quotes(errors) : fmt::format("HTTP {}", answer.status);
  auto const status = answer.status;
  if (status == 429) return slow_down(answer, said, at);
  if (status >= 500) {
    failure why{errc::http_server_error,
                fmt::format("D1 failed ({}: {}); whether it wrote is unknown, so the same rows are "
                            "sent again",
                            status, said)};
    why.retry_at = parse_retry_after(answer.header("Retry-After"), at);
    return why;
  }
  if (!document) return not_json(answer);
  if (status == 401 || status == 403 || has_code(errors, not_authorised) ||
      has_code(errors, bad_authentication)) {
    return refused_token(said, names);
  }
  if (has_code(errors, no_route)) {
    return {errc::publish_missing, fmt::format("D1's interface is not at {} ({}); see d1.api_url",
                                               answer.final_url.origin(), said)};
  }
  if (status == 404 || has_code(errors, not_found)) return unknown_database(said, names);
  if (status == 400 || has_code(errors, sql_error)) return rejected_sql(said);
  return {from_status(status), fmt::format("D1 answered {}: {}", status, said)};
}

/// The document's result, when the answer says success.
result<json::value> result_of(response const& answer, d1_names const& names, instant at) {
  auto document = document_of(answer);
  auto const* const success = document ? document->if_contains("success") : nullptr;
  bool const good =
      is_success(answer.status) && success != nullptr && success->is_bool() && success->get_bool();
  if (!good || !document) return std::unexpected(failed(answer, document, names, at));
  auto* const value = document->if_contains("result");
  if (value == nullptr) return std::unexpected(not_json(answer));
  return std::move(*value);
}

}  // namespace

std::string one_line(std::string_view text) {
  return std::string{clip(squeeze(valid_utf8(text)), longest_quote)};
}

failure rejected_sql(std::string_view said) {
  auto const text = one_line(said);
  auto out = fmt::format("D1 refused a statement ({})", text);
  if (icontains(text, "no such table")) {
    out += "; `vinny export-d1 --execute --full` makes the tables and writes every row";
  } else if (icontains(text, "no such column") || icontains(text, "has no column")) {
    out +=
        "; its tables are not those of proto/d1.sql, and a published table is never altered: "
        "make a new database";
  } else {
    out += "; compare the database's tables with proto/d1.sql";
  }
  return {errc::publish_rejected, out};
}

result<d1_report> read_query(response const& answer, d1_names const& names, instant at) {
  auto const value = result_of(answer, names, at);
  if (!value) return std::unexpected(value.error());
  if (!value->is_array()) return std::unexpected(not_json(answer));
  d1_report out;
  for (auto const& one : value->get_array()) {
    auto const* const object = one.if_object();
    auto const* const success = object != nullptr ? object->if_contains("success") : nullptr;
    if (success == nullptr || !success->is_bool() || !success->get_bool()) {
      return std::unexpected(rejected_sql(object != nullptr ? text_of(*object, "error")
                                                            : "a result that is no object"));
    }
    ++out.statements;
    auto const* const meta = object->if_contains("meta");
    if (meta != nullptr && meta->is_object()) {
      out.rows_written += number_of(meta->get_object(), "rows_written");
    }
  }
  return out;
}

result<d1_import> read_import(response const& answer, d1_names const& names, instant at) {
  auto const value = result_of(answer, names, at);
  if (!value) return std::unexpected(value.error());
  auto const* const object = value->if_object();
  if (object == nullptr) return std::unexpected(not_json(answer));
  d1_import out{.upload_url = text_of(*object, "upload_url"),
                .filename = text_of(*object, "filename"),
                .bookmark = text_of(*object, "at_bookmark"),
                .error = one_line(text_of(*object, "error"))};
  auto const status = text_of(*object, "status");
  auto const* const success = object->if_contains("success");
  bool const refused = success != nullptr && success->is_bool() && !success->get_bool();
  if (!out.upload_url.empty()) {
    out.now = d1_import::state::upload;
  } else if (status == "complete") {
    out.now = d1_import::state::complete;
  } else if (icontains(out.error, "not currently importing")) {
    out.now = d1_import::state::gone;
  } else if (status == "error" || refused) {
    out.now = d1_import::state::failed;
    if (out.error.empty()) out.error = in_quotes(errors_of(*object));
  }
  return out;
}

result<std::string> read_database(response const& answer, d1_names const& names, instant at) {
  auto const value = result_of(answer, names, at);
  if (!value) return std::unexpected(value.error());
  auto const* const object = value->if_object();
  if (object == nullptr) return std::unexpected(not_json(answer));
  return text_of(*object, "name");
}

result<d1_token> read_token(response const& answer, d1_names const& names, instant at) {
  auto const value = result_of(answer, names, at);
  if (!value) return std::unexpected(value.error());
  auto const* const object = value->if_object();
  if (object == nullptr) return std::unexpected(not_json(answer));
  return d1_token{.status = text_of(*object, "status"),
                  .expires_on = text_of(*object, "expires_on")};
}

}  // namespace vinny
