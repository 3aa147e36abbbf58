// SPDX-License-Identifier: MIT
#include "command/logs.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <boost/json.hpp>

#include <cstdio>

#include "command/daemon_client.hpp"
#include "core/percent.hpp"
#include "observe/log_line.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

log_field to_field(std::string_view key, json::value const& value) {
  if (value.is_string()) return field(key, std::string_view{value.get_string()});
  if (value.is_bool()) return field(key, value.get_bool());
  if (value.is_int64()) return field(key, value.get_int64());
  if (value.is_double()) return field(key, value.get_double());
  return field(key, json::serialize(value));
}

/// What was logged, from its line; nothing when it is no such line.
std::optional<log_record> read_line(std::string_view line) {
  boost::system::error_code error;
  auto const document = json::parse(line, error);
  auto const* const members = error ? nullptr : document.if_object();
  if (members == nullptr) return std::nullopt;
  log_record out;
  for (auto const& [key, value] : *members) {
    auto const text = value.is_string() ? std::string_view{value.get_string()} : std::string_view{};
    if (key == "timestamp") {
      out.at = from_rfc3339(text).value_or(instant{});
    } else if (key == "level") {
      out.level = log_level_from_name(text).value_or(log_level::info);
    } else if (key == "step") {
      out.step = text;
    } else if (key == "message") {
      out.message = text;
    } else if (key == "run_id") {
      out.run_id = text;
    } else {
      out.fields.push_back(to_field(key, value));
    }
  }
  return out;
}

void print_line(std::string_view line, bool as_json, bool colour) {
  if (line.empty()) return;
  auto const record = as_json ? std::nullopt : read_line(line);
  fmt::print("{}\n", record ? to_pretty_line(*record, colour) : std::string{line});
}

/// Prints whole lines and keeps the rest.
class line_printer {
 public:
  line_printer(bool as_json, bool colour) : as_json_(as_json), colour_(colour) {}
  void take(std::string_view piece) {
    pending_ += piece;
    std::size_t begin = 0;
    for (auto end = pending_.find('\n'); end != std::string::npos;
         begin = end + 1, end = pending_.find('\n', begin)) {
      print_line(std::string_view{pending_}.substr(begin, end - begin), as_json_, colour_);
    }
    pending_.erase(0, begin);
    std::fflush(stdout);
  }

 private:
  bool as_json_;
  bool colour_;
  std::string pending_;
};

std::string path_for(log_arguments const& wish) {
  auto out = fmt::format("/v1/logs?level={}&limit={}", name(wish.level), wish.lines);
  if (!wish.run.empty()) out += "&run=" + uri_encode(wish.run, false);
  if (wish.follow) out += "&follow=1";
  return out;
}

int complain_of_stream(failure const& why) {
  complain(why.message);
  return exit_code::no_daemon;
}

}  // namespace

int show_logs(config const& settings, invocation const& how, log_arguments const& wish) {
  if (how.no_daemon) {
    complain("the log is the daemon's: leave out --no-daemon");
    return exit_code::usage;
  }
  auto const found = find_daemon(settings);
  if (!found.daemon) {
    if (auto const code = complain_of_daemon(found)) return *code;
    complain(
        "no daemon works on this catalog; its log of before is where its stderr went (under "
        "systemd: journalctl -u vinnyd)");
    return exit_code::no_daemon;
  }
  bool const colour =
      !how.output.no_color && ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
  line_printer out{how.output.json, colour};
  std::string refusal;
  auto const status =
      found.daemon->stream(path_for(wish), [&](int answered, std::string_view piece) {
        if (answered == 200) {
          out.take(piece);
        } else {
          refusal += piece;
        }
      });
  if (!status) return complain_of_stream(status.error());
  if (*status == 200) return exit_code::done;
  complain(*status == 404 ? "there is no such run; `vinny runs` lists them"
                          : fmt::format("the daemon answers {}: {}", *status, refusal));
  return *status == 403 ? exit_code::not_allowed : exit_code::failed;
}

}  // namespace vinny
