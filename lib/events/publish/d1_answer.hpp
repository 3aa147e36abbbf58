// SPDX-License-Identifier: MIT
//
// What D1's REST interface answers (developers.cloudflare.com/api, D1), as values or as failures
// with a reason and a cure. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/failure.hpp"
#include "core/time.hpp"
#include "http/message.hpp"

namespace vinny {

/// Names that a message tells the operator.
struct d1_names {
  std::string account_id;
  std::string database_id;
};

/// What a program or a service said, for a message of ours: valid UTF-8, one line, at most 300
/// bytes.
[[nodiscard]] std::string one_line(std::string_view text);

struct d1_report {
  std::size_t statements = 0;
  std::int64_t rows_written = 0;  // as the database counts them, indexes included
};

/// Of /query: every statement was carried out, or none. Failures:
/// publish_rejected (a statement), publish_credentials, publish_missing, http_too_many_requests
/// (with retry_at when the answer tells), http_server_error (the outcome is unknown: send again),
/// bad_json and http_unexpected (not D1's answer).
[[nodiscard]] result<d1_report> read_query(response const& answer, d1_names const& names,
                                           instant at);

/// Of the four steps of /import.
struct d1_import {
  /// `gone`: it is over, and D1 no longer tells how it ended.
  enum class state { upload, active, complete, failed, gone };
  state now = state::active;
  std::string upload_url;  // of init; empty: the file is known
  std::string filename;
  std::string bookmark;  // to ask for with the next poll
  std::string error;     // of a failed import, in D1's words
};
[[nodiscard]] result<d1_import> read_import(response const& answer, d1_names const& names,
                                            instant at);

/// Of GET …/d1/database/{id}: the database's name.
[[nodiscard]] result<std::string> read_database(response const& answer, d1_names const& names,
                                                instant at);

/// Of GET …/tokens/verify.
struct d1_token {
  std::string status;      // "active", "disabled", "expired"
  std::string expires_on;  // RFC 3339; empty: never
};
[[nodiscard]] result<d1_token> read_token(response const& answer, d1_names const& names,
                                          instant at);

/// A refused statement, with the cure where D1's words tell one.
[[nodiscard]] failure rejected_sql(std::string_view said);

}  // namespace vinny
