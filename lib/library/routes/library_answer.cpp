// SPDX-License-Identifier: MIT
#include "library/routes/library_answer.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include "control/problem.hpp"
#include "control/query.hpp"
#include "core/text.hpp"
#include "library/model/library_rank.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

constexpr std::size_t usual_results = 20;
constexpr std::size_t most_results = 100;

server_response bad_search(std::string_view detail) {
  return problem(400, "bad_request", "the request cannot be understood", detail);
}

}  // namespace

std::string search_document(std::vector<found_row> const& rows) {
  json::array results;
  std::int64_t pending = 0;
  for (auto const& one : rows) {
    auto const& hit = one.what;
    pending += one.pending ? 1 : 0;
    results.push_back(json::object{
        {"id", hit.what.id},
        {"artist", valid_utf8(hit.what.artist)},
        {"album", valid_utf8(hit.what.album)},
        {"label", valid_utf8(hit.label)},
        {"artwork_url",
         hit.artwork_url.empty() ? json::value{} : json::value(valid_utf8(hit.artwork_url))},
        {"pending", one.pending}});
  }
  return json::serialize(json::object{{"results", std::move(results)}, {"pending", pending}});
}

task<server_response> library_answer::search(server_request const& request) {
  auto const limit = number_of(request, "limit", usual_results, most_results);
  if (!limit || *limit == 0) {
    co_return bad_search(fmt::format("'limit' must be a number from 1 to {}", most_results));
  }
  auto const it = request.query.find("q");
  auto const query = it == request.query.end() ? std::string_view{} : trim(it->second);
  if (auto const why = why_no_search(query); !why.empty()) {
    co_return bad_search(fmt::format("'q': {}", why));
  }
  auto const found = co_await searches_.find(std::string{query}, *limit);
  if (!found) co_return problem_of(found.error());
  co_return json_response(200, search_document(*found));
}

}  // namespace vinny
