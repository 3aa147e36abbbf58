// SPDX-License-Identifier: MIT
#include "config/proxy.hpp"

#include <array>
#include <charconv>

#include "config/draft.hpp"
#include "config/load.hpp"
#include "core/host_name.hpp"
#include "core/percent.hpp"
#include "core/text.hpp"

namespace vinny::settings {
namespace {

constexpr std::string_view curls_port = "1080";
constexpr std::string_view no_proxy_word = "none";

using named_text = std::pair<std::string, std::string>;  // its name and its text

/// The first of them that is set. Both cases, as curl has it, the small one first. HTTP_PROXY in
/// capitals is what a client's "Proxy:" header becomes where a program runs behind CGI: there, only
/// small letters count.
std::optional<named_text> first_of(environment const& process, std::string const& scheme) {
  if (!process.get) return std::nullopt;
  std::string capitals = scheme;
  for (auto& c : capitals) c = c == '_' ? c : static_cast<char>(c - 'a' + 'A');
  bool const behind_cgi = process.get("REQUEST_METHOD").has_value();
  for (auto const& name : {scheme, capitals}) {
    if (name == "HTTP_PROXY" && behind_cgi) continue;
    if (auto text = process.get(name); text && !text->empty()) return named_text{name, *text};
  }
  return std::nullopt;
}

void apply(draft& onto, std::optional<named_text> const& from, proxy_setting& into) {
  if (!from) return;
  if (auto wrong = read_proxy(from->second, into)) {
    onto.report_for("environment", from->first)(0, std::move(*wrong));
  }
}

bool is_network(std::string_view text) {
  auto const slash = text.find('/');
  if (slash == std::string_view::npos) return false;
  auto const digits = text.substr(slash + 1);
  int bits = -1;
  auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  bool const six = text.substr(0, slash).contains(':');
  return error == std::errc{} && end == digits.data() + digits.size() && bits >= 0 &&
         bits <= (six ? 128 : 32);
}

}  // namespace

complaint read_proxy(std::string_view text, proxy_setting& into) {
  text = trim(text);
  if (iequals(text, no_proxy_word)) {
    into = {};
    return {};
  }
  auto const wrong = [](std::string_view why) {
    return fmt::format("must be a proxy such as http://proxy.example:3128, or \"none\" ({})", why);
  };
  if (auto const scheme = text.find("://"); scheme != std::string_view::npos) {
    if (!iequals(text.substr(0, scheme), "http")) {
      return wrong("only http:// proxies are spoken to; they carry https through a tunnel");
    }
    text.remove_prefix(scheme + 3);
  }
  text = text.substr(0, text.find('/'));
  secret credentials;
  if (auto const at = text.rfind('@'); at != std::string_view::npos) {
    credentials = secret{percent_decode(text.substr(0, at))};
    text.remove_prefix(at + 1);
  }
  auto place = std::string{text};
  auto const behind = text.starts_with('[') ? text.find(']') : 0;
  if (behind == std::string_view::npos) return wrong("its bracket is not closed");
  if (text.find(':', behind) == std::string_view::npos) place.append(":").append(curls_port);
  if (host_and_port(place)) return wrong("its host or port is none");
  into = {.address = "http://" + place, .credentials = std::move(credentials)};
  return {};
}

rule<http_config> proxy_rule() {
  return {"proxy",
          shape::text,
          [](http_config& into, value const& from, reporter const& report) {
            if (!expect(shape::text, from, report)) return;
            proxy_setting read;
            auto wrong = check_printable(from.text);
            if (!wrong && !from.text.empty()) wrong = read_proxy(from.text, read);
            if (wrong) return report(from.line, std::move(*wrong));
            into.proxy_for_http = into.proxy_for_https = std::move(read);
          },
          [](http_config const& from) {
            auto const& shown =
                from.proxy_for_https.address.empty() ? from.proxy_for_http : from.proxy_for_https;
            return toml_string(shown.address);
          },
          0,
          0,
          [](http_config const& from) {
            return from.proxy_for_https.credentials.empty() ? &from.proxy_for_http.credentials
                                                            : &from.proxy_for_https.credentials;
          }};
}

complaint no_proxy_entry(std::string& text) {
  if (text == "*" || is_network(text)) return {};
  std::string name = text.starts_with('.') ? text.substr(1) : text;
  if (name.ends_with('.')) name.pop_back();
  if (host(name)) {
    return fmt::format("must be a host, an address, a network such as 10.0.0.0/8, or \"*\", not {}",
                       cited(text));
  }
  text = std::move(name);
  return {};
}

void apply_proxy_variables(draft& onto, environment const& process) {
  auto& http = onto.made().http;
  if (!onto.was_set("http.proxy")) {
    auto const all = first_of(process, "all_proxy");
    auto own = first_of(process, "http_proxy");
    apply(onto, own ? own : all, http.proxy_for_http);
    own = first_of(process, "https_proxy");
    apply(onto, own ? own : all, http.proxy_for_https);
  }
  auto const direct = first_of(process, "no_proxy");
  if (!direct || onto.was_set("http.no_proxy")) return;
  std::string list = direct->second;
  for (auto& c : list) c = c == ' ' || c == '\t' ? ',' : c;
  for (auto const part : split(list, ',')) {
    std::string entry{trim(part)};
    // As curl: "*" is everybody when it stands alone, and what cannot be understood is passed over.
    if (entry.empty() || (entry == "*" && direct->second != "*")) continue;
    if (!no_proxy_entry(entry)) http.no_proxy.push_back(std::move(entry));
  }
}

}  // namespace vinny::settings
