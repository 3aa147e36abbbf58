// SPDX-License-Identifier: MIT
#include "http/server/answer_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace vinny {
namespace {

struct status_row {
  int status;
  std::string_view phrase;
  std::string_view problem{};  // of a refusal: the last part of its type
};
constexpr std::array statuses{
    status_row{200, "OK"},
    status_row{201, "Created"},
    status_row{202, "Accepted"},
    status_row{204, "No Content"},
    status_row{302, "Found"},
    status_row{304, "Not Modified"},
    status_row{400, "Bad Request", "bad_request"},
    status_row{401, "Unauthorized"},
    status_row{403, "Forbidden"},
    status_row{404, "Not Found"},
    status_row{405, "Method Not Allowed"},
    status_row{408, "Request Timeout", "request_timeout"},
    status_row{409, "Conflict"},
    status_row{410, "Gone"},
    status_row{413, "Content Too Large", "body_too_large"},
    status_row{415, "Unsupported Media Type"},
    status_row{417, "Expectation Failed", "expectation_failed"},
    status_row{421, "Misdirected Request"},
    status_row{422, "Unprocessable Content"},
    status_row{429, "Too Many Requests"},
    status_row{431, "Request Header Fields Too Large", "head_too_large"},
    status_row{500, "Internal Server Error"},
    status_row{501, "Not Implemented", "not_implemented"},
    status_row{502, "Bad Gateway"},
    status_row{503, "Service Unavailable", "places_taken"},
    status_row{504, "Gateway Timeout"},
    status_row{505, "HTTP Version Not Supported", "http_version"},
};

status_row row_of(int status) noexcept {
  auto const* const it = std::ranges::find(statuses, status, &status_row::status);
  return it == statuses.end() ? status_row{status, ""} : *it;
}

/// Such an answer has no body, and says nothing about one.
bool is_bare(int status) noexcept {
  return status == 204 || status == 304;
}

}  // namespace

std::string head_text(server_response const& answer, delivery how, instant at) {
  std::string out;
  auto const to = std::back_inserter(out);
  fmt::format_to(to, "HTTP/1.1 {} {}\r\nDate: {}\r\n", answer.status, row_of(answer.status).phrase,
                 to_http_date(at));
  for (auto const& [name, value] : answer.headers) fmt::format_to(to, "{}: {}\r\n", name, value);
  if (answer.stream) {
    if (how.chunked()) out += "Transfer-Encoding: chunked\r\n";
  } else if (!is_bare(answer.status)) {
    fmt::format_to(to, "Content-Length: {}\r\n", answer.body.size());
  }
  if (!how.keep_alive) {
    out += "Connection: close\r\n";
  } else if (how.minor_version == 0) {
    out += "Connection: keep-alive\r\n";
  }
  out += "\r\n";
  return out;
}

std::string chunk_text(std::string_view piece) {
  return piece.empty() ? std::string{} : fmt::format("{:x}\r\n{}\r\n", piece.size(), piece);
}

server_response refusal_answer(request_refusal const& refused) {
  auto const row = row_of(refused.status);
  server_response answer{.status = refused.status};
  answer.headers.emplace_back("Content-Type", "application/problem+json");
  answer.headers.emplace_back("Cache-Control", "no-store");
  answer.body =
      fmt::format(R"({{"type":"urn:vinny:problem:{}","title":"{}","status":{},"detail":"{}"}})",
                  row.problem, row.phrase, refused.status, refused.why);
  return answer;
}

}  // namespace vinny
