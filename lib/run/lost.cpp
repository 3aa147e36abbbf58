// SPDX-License-Identifier: MIT
#include "run/lost.hpp"

#include <boost/json.hpp>

#include "core/text.hpp"
#include "observe/log.hpp"

namespace vinny {

void tell_lost(run_context& context, run_step step, failure const& why, std::string const& address,
               int attempts) {
  ++context.board(step).failed;
  instruments::global().failed(step, why.code).add();
  log(log_level::warn, name(step), why.message, field("url", address), field("reason", why.code),
      field("attempts", attempts));
  boost::json::object line;
  line["timestamp"] = to_rfc3339(now());
  line["level"] = "warn";
  line["step"] = name(step);
  line["message"] = valid_utf8(why.message);
  line["url"] = valid_utf8(address);
  line["reason"] = name(why.code);
  context.feed.add("log", boost::json::serialize(line));
}

}  // namespace vinny
