// SPDX-License-Identifier: MIT
#include "run/job.hpp"

#include <boost/json/array.hpp>

namespace vinny {

result<> job::check(config const&) const {
  return {};
}

task<result<>> job::prepare(config const&, catalog&) {
  co_return result<>{};
}

// Scripts read these members of every kind of run, also where they mean nothing.
boost::json::object request_document(job const& asked) {
  boost::json::object out;
  out["pipeline"] = asked.pipeline();
  out["steps"] = boost::json::array{};
  out["venues"] = boost::json::array{};
  for (auto const* const flag : {"full", "local", "force", "validate", "execute", "use_wrangler"}) {
    out[flag] = false;
  }
  asked.write_to(out);
  if (!out.contains("run")) out["run"] = nullptr;
  return out;
}

}  // namespace vinny
