// SPDX-License-Identifier: MIT
#include "library/postgres/pg_connection.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <array>
#include <charconv>

#include "core/text.hpp"
#include "observe/log.hpp"

namespace vinny {
namespace {

using wait_type = asio::posix::stream_descriptor::wait_type;

void tell_notice(void* /*unused*/, PGresult const* notice) {
  auto const* const text = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);
  if (text != nullptr) log(log_level::debug, "library", fmt::format("PostgreSQL: {}", text));
}

std::vector<std::string> parts_of(std::string const& list) {
  std::vector<std::string> out;
  for (auto const part : split(list, ',')) out.emplace_back(part);
  return out;
}

std::string joined(std::vector<std::string> const& parts) {
  std::string out;
  for (auto const& part : parts) {
    if (&part != parts.data()) out += ',';
    out += part;
  }
  return out;
}

bool is_socket(std::string_view host) {
  return host.empty() || host.front() == '/' || host.front() == '@';
}

/// Each address of each host becomes an entry of its own, so that libpq has nothing to look up.
task<result<>> resolve_hosts(pg_address& where, dns_cache& names, deadline limit) {
  auto const hosts = parts_of(where.get("host"));
  auto const ports = parts_of(where.get("port"));
  if (where.get("host").empty() || !where.get("hostaddr").empty()) co_return result<>{};
  if (ports.size() > 1 && ports.size() != hosts.size()) co_return result<>{};  // libpq complains
  std::vector<std::string> all_hosts, all_ports, addresses;
  std::optional<failure> unknown;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    auto const& port = ports.size() > 1 ? ports[i] : ports.front();
    std::vector<std::string> found;
    if (is_socket(hosts[i])) {
      found.emplace_back();
    } else if (auto const list = co_await names.resolve(hosts[i], limit); list) {
      for (auto const& one : *list) found.push_back(one.to_string());
    } else {
      unknown = list.error();
    }
    for (auto& one : found) {
      all_hosts.push_back(hosts[i]);
      all_ports.push_back(port);
      addresses.push_back(std::move(one));
    }
  }
  if (addresses.empty() && unknown) {
    co_return fail(errc::postgres_unavailable,
                   fmt::format("PostgreSQL at {}: {}", where.name(), unknown->message));
  }
  where.set("host", joined(all_hosts));
  where.set("port", joined(all_ports));
  where.set("hostaddr", joined(addresses));
  co_return result<>{};
}

/// libpq gives no code for what a server said before it let us in.
bool refuses(pg_conn* link, std::string_view text) {
  constexpr std::array<std::string_view, 7> signs{"authentication failed",
                                                  "pg_hba.conf",
                                                  "does not exist",
                                                  "no password supplied",
                                                  "is not permitted to log in",
                                                  "does not support SSL",
                                                  "definition of service"};
  return PQconnectionNeedsPassword(link) != 0 || std::ranges::any_of(signs, [&](auto sign) {
           return text.find(sign) != std::string_view::npos;
         });
}

}  // namespace

errc from_sqlstate(std::string_view state) noexcept {
  auto const group = state.substr(0, 2);
  bool const passes = group == "08" || group == "40" || group == "53" || group == "55" ||
                      group == "57" || group == "58" || state == "25006";  // a standby
  return passes ? errc::postgres_unavailable : errc::postgres_refused;
}

result<pg_address> pg_address::parse(std::string const& text) {
  char* message = nullptr;
  std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> const parsed{
      PQconninfoParse(text.c_str(), &message), PQconninfoFree};
  if (message != nullptr) PQfreemem(message);
  if (!parsed) {
    return fail(errc::config_invalid,
                "it cannot be read as a database's address: write "
                "postgresql://user:password@host:5432/database, special characters as %XX");
  }
  pg_address out;
  for (auto const* one = parsed.get(); one->keyword != nullptr; ++one) {
    if (one->val != nullptr) out.options.push_back({one->keyword, one->val});
  }
  return out;
}

std::string pg_address::get(std::string_view keyword) const {
  auto const it = std::ranges::find(options, keyword, &option::keyword);
  return it == options.end() ? std::string{} : it->value;
}

void pg_address::set(std::string_view keyword, std::string value) {
  auto const it = std::ranges::find(options, keyword, &option::keyword);
  if (it != options.end()) {
    it->value = std::move(value);
  } else {
    options.push_back({std::string{keyword}, std::move(value)});
  }
}

void pg_address::set_unless_given(std::string_view keyword, std::string value) {
  if (get(keyword).empty()) set(keyword, std::move(value));
}

std::string pg_address::name() const {
  auto const host = get("host");
  auto const port = get("port");
  return fmt::format("{}{}{}/{}", host.empty() ? "localhost" : host, port.empty() ? "" : ":", port,
                     get("dbname"));
}

pg_rows::pg_rows(pg_result* from) : of_(from, PQclear) {}

int pg_rows::size() const noexcept {
  return PQntuples(of_.get());
}

std::string pg_rows::text(int row, int column) const {
  return {PQgetvalue(of_.get(), row, column),
          static_cast<std::size_t>(PQgetlength(of_.get(), row, column))};
}

std::int64_t pg_rows::number(int row, int column) const {
  auto const digits = text(row, column);
  std::int64_t out = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return out;
}

bool pg_rows::flag(int row, int column) const {
  return text(row, column) == "t";
}

std::int64_t pg_rows::changed() const {
  std::string_view const digits{PQcmdTuples(of_.get())};
  std::int64_t out = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return out;
}

pg_connection::pg_connection(pg_conn* link, std::string name, asio::any_io_executor const& loop)
    : link_(link), name_(std::move(name)), socket_(loop) {}

pg_connection::~pg_connection() {
  PQfinish(link_);
}

bool pg_connection::watch() {
  // libpq closes its descriptor when it likes, and its number is somebody else's then.
  boost::system::error_code ignored;
  socket_.close(ignored);
  int const own = ::fcntl(PQsocket(link_), F_DUPFD_CLOEXEC, 0);
  if (own < 0) return false;
  socket_.assign(own);
  return true;
}

failure pg_connection::broken(std::string_view why) const {
  auto const said = why.empty() ? std::string_view{PQerrorMessage(link_)} : why;
  auto const code =
      !usable_ && refuses(link_, said) ? errc::postgres_refused : errc::postgres_unavailable;
  return {code, fmt::format("PostgreSQL at {}: {}", name_, squeeze(printable(clip(said, 500))))};
}

task<result<>> pg_connection::ready(wait_type what, deadline limit) {
  // The timer's handler may run when all of this is over: it has its own share of what it asks.
  struct watch {
    bool over = false;
    bool late = false;
  };
  auto const state = std::make_shared<watch>();
  struct ender {
    watch& of;
    ~ender() { of.over = true; }
  } const end{*state};
  asio::steady_timer timer{socket_.get_executor(), limit};
  timer.async_wait([state, socket = &socket_](boost::system::error_code const& error) {
    if (error || state->over) return;
    state->late = true;
    socket->cancel();
  });
  auto const [error] = co_await socket_.async_wait(what, as_values);
  if (state->late) co_return std::unexpected(broken("it took too long"));
  if (error) co_return fail(errc::cancelled);
  co_return result<>{};
}

task<result<>> pg_connection::shake_hands(deadline limit) {
  for (auto step = PGRES_POLLING_WRITING; step != PGRES_POLLING_OK;) {
    if (PQstatus(link_) == CONNECTION_BAD || step == PGRES_POLLING_FAILED) {
      co_return std::unexpected(broken());
    }
    // The next address is another socket.
    if (!watch()) co_return std::unexpected(broken());
    auto const waited = co_await ready(
        step == PGRES_POLLING_READING ? wait_type::wait_read : wait_type::wait_write, limit);
    if (!waited) co_return waited;
    step = PQconnectPoll(link_);
  }
  if (!watch()) co_return std::unexpected(broken());
  PQsetnonblocking(link_, 1);
  PQsetNoticeReceiver(link_, tell_notice, nullptr);
  usable_ = true;
  co_return result<>{};
}

task<result<std::unique_ptr<pg_connection>>> pg_connection::open(pg_address where, dns_cache& names,
                                                                 deadline limit) {
  auto const name = where.name();
  auto const resolved = co_await resolve_hosts(where, names, limit);
  if (!resolved) co_return std::unexpected(resolved.error());
  where.set("client_encoding", "UTF8");
  where.set_unless_given("gssencmode", "disable");
  where.set_unless_given("keepalives_idle", "60");
  where.set_unless_given("tcp_user_timeout", "30000");
  std::vector<char const*> keywords, values;
  for (auto const& one : where.options) {
    keywords.push_back(one.keyword.c_str());
    values.push_back(one.value.c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  auto* const link = PQconnectStartParams(keywords.data(), values.data(), 0);
  if (link == nullptr) co_return fail(errc::postgres_unavailable, "there is no memory for libpq");
  std::unique_ptr<pg_connection> out{
      new pg_connection{link, name, co_await asio::this_coro::executor}};
  auto const done = co_await out->shake_hands(limit);
  if (!done) co_return std::unexpected(done.error());
  co_return out;
}

bool pg_connection::hung_up() {
  // A farewell is read first, and the end behind it at the next look.
  for (int look = 0; look < 3; ++look) {
    if (PQconsumeInput(link_) == 0 || PQstatus(link_) == CONNECTION_BAD) return true;
    pollfd more{.fd = PQsocket(link_), .events = POLLIN, .revents = 0};
    if (::poll(&more, 1, 0) == 0) return false;
  }
  return true;
}

std::string pg_connection::encoding() const {
  auto const* const encoding = PQparameterStatus(link_, "server_encoding");
  return encoding == nullptr ? "" : encoding;
}

task<result<pg_rows>> pg_connection::query(std::string sql, std::vector<std::string> values,
                                           deadline limit) {
  std::vector<char const*> texts;
  texts.reserve(values.size());
  for (auto const& one : values) texts.push_back(one.c_str());
  if (PQsendQueryParams(link_, sql.c_str(), static_cast<int>(texts.size()), nullptr, texts.data(),
                        nullptr, nullptr, 0) == 0) {
    auto why = broken();
    usable_ = false;
    co_return std::unexpected(std::move(why));
  }
  usable_ = false;  // until the answer has been read to its end
  for (int left = PQflush(link_); left != 0; left = PQflush(link_)) {
    if (left < 0) co_return std::unexpected(broken());
    auto const waited = co_await ready(wait_type::wait_write, limit);
    if (!waited) co_return std::unexpected(waited.error());
  }
  std::optional<pg_rows> out;
  std::optional<failure> refused;
  for (;;) {
    while (PQisBusy(link_) != 0) {
      auto const waited = co_await ready(wait_type::wait_read, limit);
      if (!waited) co_return std::unexpected(waited.error());
      if (PQconsumeInput(link_) == 0) co_return std::unexpected(broken());
    }
    auto* const got = PQgetResult(link_);
    if (got == nullptr) break;
    pg_rows rows{got};
    auto const status = PQresultStatus(got);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
      out = std::move(rows);
      continue;
    }
    auto const* const state = PQresultErrorField(got, PG_DIAG_SQLSTATE);
    auto const* const text = PQresultErrorField(got, PG_DIAG_MESSAGE_PRIMARY);
    refused = failure{
        state == nullptr ? errc::postgres_unavailable : from_sqlstate(state),
        fmt::format(
            "PostgreSQL at {}: {}", name_,
            squeeze(printable(clip(text == nullptr ? PQresultErrorMessage(got) : text, 500))))};
    refused->evidence = state == nullptr ? "" : state;
  }
  usable_ = PQstatus(link_) == CONNECTION_OK;
  if (refused) co_return std::unexpected(std::move(*refused));
  if (!out) co_return std::unexpected(broken("it gave no answer"));
  co_return std::move(*out);
}

}  // namespace vinny
