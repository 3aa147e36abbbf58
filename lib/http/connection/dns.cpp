// SPDX-License-Identifier: MIT
#include "http/connection/dns.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "policy/classify.hpp"

namespace vinny {
namespace {

using namespace std::chrono_literals;

constexpr auto good_news_lasts = 60s;
constexpr auto bad_news_lasts = 10s;
constexpr std::size_t max_entries = 10'000;

address_list addresses_of(addrinfo const* list) {
  address_list out;
  for (; list != nullptr; list = list->ai_next) {
    asio::ip::address address;
    if (list->ai_family == AF_INET) {
      sockaddr_in raw{};
      std::memcpy(&raw, list->ai_addr, sizeof raw);
      address = asio::ip::address_v4{ntohl(raw.sin_addr.s_addr)};
    } else if (list->ai_family == AF_INET6) {
      sockaddr_in6 raw{};
      std::memcpy(&raw, list->ai_addr, sizeof raw);
      asio::ip::address_v6::bytes_type bytes{};
      std::memcpy(bytes.data(), &raw.sin6_addr, bytes.size());
      address = asio::ip::address_v6{bytes, raw.sin6_scope_id};
    } else {
      continue;
    }
    if (std::ranges::find(out, address) == out.end()) out.push_back(address);
  }
  return out;
}

result<address_list> ask_system(std::string const& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* list = nullptr;
  int const code = getaddrinfo(host.c_str(), nullptr, &hints, &list);
  std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> const owner{list, &freeaddrinfo};
  if (code != 0) {
    bool const unknown = code == EAI_NONAME || code == EAI_NODATA;
    auto const usual = unknown ? errc::dns_not_found : errc::dns_failure;
    auto const shortage = code == EAI_SYSTEM   ? shortage_of(errno)
                          : code == EAI_MEMORY ? std::optional{errc::out_of_memory}
                                               : std::nullopt;
    auto const kind = shortage.value_or(usual);
    return fail(kind, fmt::format("{}: {} ({})", host, describe(kind), gai_strerror(code)));
  }
  auto out = addresses_of(list);
  if (out.empty()) return fail(errc::dns_not_found, fmt::format("{}: no address", host));
  return out;
}

}  // namespace

dns_cache::dns_cache(asio::any_io_executor loop, std::size_t threads)
    : loop_(std::move(loop)), pool_(threads) {}

dns_cache::~dns_cache() {
  pool_.stop();
  pool_.join();
}

void dns_cache::look_up(std::string const& host, std::shared_ptr<entry> const& place) {
  ++*pending_;
  asio::post(pool_, [pending = pending_, host, place, guard = asio::make_work_guard(loop_)] {
    auto answer = ask_system(host);
    asio::post(guard.get_executor(), [pending, place, answer = std::move(answer)]() mutable {
      --*pending;
      place->answer = std::move(answer);
      place->expires = clock::now() + (place->answer ? good_news_lasts : bad_news_lasts);
      place->done = true;
      place->ready.notify_all();
    });
  });
}

task<result<address_list>> dns_cache::resolve(std::string host, deadline limit) {
  // The system would read such a name up to its NUL, and so another one than was checked.
  if (host.find('\0') != std::string::npos) {
    co_return fail(errc::dns_not_found, "a host name with a NUL in it does not exist");
  }
  boost::system::error_code not_literal;
  auto const literal = asio::ip::make_address(host, not_literal);
  if (!not_literal) co_return address_list{literal};

  auto place = entries_[host];
  if (!place || (place->done && place->expires <= clock::now())) {
    if (entries_.size() > max_entries) {
      std::erase_if(entries_, [](auto const& item) { return !item.second || item.second->done; });
    }
    place = std::make_shared<entry>();
    entries_[host] = place;
    look_up(host, place);
  }
  while (!place->done) {
    if (!co_await place->ready.wait(limit) && !place->done) {
      co_return fail(errc::resolve_timeout,
                     fmt::format("{}: {}", host, describe(errc::resolve_timeout)));
    }
  }
  co_return place->answer;
}

}  // namespace vinny
