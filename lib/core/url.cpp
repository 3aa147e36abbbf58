// SPDX-License-Identifier: MIT
#include "core/url.hpp"

namespace vinny {

std::string url::target() const {
  return has_query_ ? path_ + '?' + query_ : path_;
}

std::string url::host_header() const {
  auto out = host_.find(':') == std::string::npos ? host_ : '[' + host_ + ']';
  if (port_ != (is_https() ? 443 : 80)) out += ':' + std::to_string(port_);
  return out;
}

std::string url::host_and_port() const {
  auto out = host_.find(':') == std::string::npos ? host_ : '[' + host_ + ']';
  return out + ':' + std::to_string(port_);
}

std::string url::origin() const {
  return scheme_ + "://" + host_header();
}
std::string url::str() const {
  return origin() + target();
}
std::string url::safe() const {
  return origin() + path_ + (has_query_ ? "?…" : "");
}

url url::without_query() const {
  auto out = *this;
  out.query_.clear();
  out.has_query_ = false;
  return out;
}

url url::with_path(std::string path, std::string query) const {
  auto out = *this;
  out.path_ = std::move(path);
  out.query_ = std::move(query);
  out.has_query_ = !out.query_.empty();
  return out;
}

std::string safe_url(std::string_view text) {
  auto const end = text.find_first_of("?#");
  std::string out{text.substr(0, end)};
  // Credentials in an authority are no better than a query.
  if (auto const scheme = out.find("://"); scheme != std::string::npos) {
    auto const slash = out.find('/', scheme + 3);
    auto const at = out.rfind('@', slash);
    if (at != std::string::npos && at > scheme) out.erase(scheme + 3, at - scheme - 2);
  }
  if (end != std::string_view::npos && text[end] == '?') out += "?…";
  return out;
}

}  // namespace vinny
