// SPDX-License-Identifier: MIT
//
// D1 by its REST interface: one request, one answer. Kept-alive connections, every wait with a
// deadline, the token in a header only. Trying again, and what belongs into a request, is in
// publish/d1_export.hpp; what answers mean is in publish/d1_answer.hpp.
#pragma once

#include <memory>
#include <string>

#include "config/config.hpp"
#include "events/model/d1_settings.hpp"
#include "events/publish/d1_answer.hpp"
#include "http/connection/pool.hpp"

namespace vinny {

/// What [d1] lacks for publishing by REST, as a clause with the cure; empty: nothing.
[[nodiscard]] std::string missing_for_d1(d1_config const& settings);

class d1_rest {
 public:
  /// Null when missing_for_d1() has something to say. Lets `dial` connect to d1.api_url without
  /// questions: the operator named it. Everything must outlive the client.
  [[nodiscard]] static std::unique_ptr<d1_rest> make(config const& settings, connection_pool& pool,
                                                     dialer& dial);

  /// Carries out the statements in one transaction. Fails as read_query() and connections do; a
  /// failure to reach D1 or to read its answer leaves the outcome open.
  [[nodiscard]] task<result<d1_report>> query(std::string sql, deadline limit);

  /// The steps of an import, each of which may be sent again (see read_import()).
  [[nodiscard]] task<result<d1_import>> import_init(std::string md5, deadline limit);
  /// Puts the file where init said; connection_lost when other bytes arrived there.
  [[nodiscard]] task<result<>> import_upload(std::string upload_url, std::string file,
                                             std::string md5, deadline limit);
  [[nodiscard]] task<result<d1_import>> import_ingest(std::string filename, std::string md5,
                                                      deadline limit);
  [[nodiscard]] task<result<d1_import>> import_poll(std::string bookmark, deadline limit);

  /// The answers as they came, for `vinny doctor`: of the database, of the token as a user's and
  /// as an account's.
  [[nodiscard]] task<result<response>> database(deadline limit);
  [[nodiscard]] task<result<response>> verify_user_token(deadline limit);
  [[nodiscard]] task<result<response>> verify_account_token(deadline limit);

  [[nodiscard]] d1_names const& names() const noexcept { return names_; }

 private:
  d1_rest(config const& settings, url api, connection_pool& pool, dialer& dial);
  // These two are no coroutines: what they take by reference is gone when they return.
  [[nodiscard]] task<result<response>> post(std::string const& path, std::string body,
                                            deadline limit);
  [[nodiscard]] task<result<response>> get(std::string const& path, deadline limit);
  [[nodiscard]] task<result<response>> ask(request what, deadline limit);
  [[nodiscard]] url at(std::string const& path) const;
  /// An answer that repeats the token must not carry it into a message.
  [[nodiscard]] response without_token(response answer) const;
  [[nodiscard]] failure unreached(failure why) const;

  url api_;
  connection_pool& pool_;
  dialer& dial_;
  secret token_;
  std::string user_agent_;
  d1_names names_;
};

}  // namespace vinny
