// SPDX-License-Identifier: MIT
#include "control/daemon.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <algorithm>
#include <charconv>
#include <csignal>

#include "control/api.hpp"
#include "control/socket_path.hpp"
#include "control/token_file.hpp"
#include "core/disk_space.hpp"
#include "core/text.hpp"
#include "model/subsystem.hpp"
#include "observe/listen_fds.hpp"
#include "observe/log.hpp"
#include "observe/notify.hpp"

namespace vinny {
namespace {

using namespace std::chrono_literals;

constexpr int exit_failed = 1;
constexpr int exit_busy = 8;
constexpr int exit_config = 78;

constexpr auto drain_time = 8s;  // of the ten that an orderly end may take
constexpr auto status_every = 2s;
constexpr auto writer_patience = 5s;  // a writer silent for longer is not well

int exit_code_of(errc code) noexcept {
  if (code == errc::catalog_locked) return exit_busy;
  return code == errc::config_invalid ? exit_config : exit_failed;
}

struct listen_address {
  std::string host;
  std::uint16_t port = 0;
};

listen_address split_listen(std::string_view text) {
  auto const colon = text.rfind(':');
  listen_address out{.host = std::string{text.substr(0, colon)}};
  if (out.host.starts_with('[')) out.host = out.host.substr(1, out.host.size() - 2);
  auto const digits = text.substr(colon + 1);
  std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
  return out;
}

class daemon_process {
 public:
  daemon_process(asio::io_context& loop, std::unique_ptr<engine> work,
                 std::function<checked<config>()> reload, bool beside)
      : beside_(beside),
        engine_(std::move(work)),
        reload_(std::move(reload)),
        api_(*engine_, {}, [this] { return why_not_ready(); }),
        server_(loop.get_executor(),
                [this](server_request request) { return api_.handle(std::move(request)); },
                {.larger_body =
                     [this](server_request const& head) { return api_.largest_body(head); }}),
        signals_(loop, SIGTERM, SIGINT, SIGHUP),
        log_signals_(loop, SIGUSR1, SIGUSR2),
        tasks_(loop.get_executor()) {}

  /// On what the service manager gives, and on what is configured and was not given.
  result<> listen() {
    auto const& control = engine_->settings()->control;
    bool socket_given = false;
    bool port_given = false;
    for (int const fd : take_listen_fds()) {
      auto const one = server_.listen_given(fd);
      if (!one) return std::unexpected(one.error());
      log(log_level::info, "control", "listening on a socket that came with the start",
          field("name", one->name));
      (one->port ? port_given : socket_given) = true;
      if (!one->port) continue;
      if (auto const open = open_port(*one->port); !open) return open;
    }
    auto const path = socket_path(*engine_->settings());
    if (!socket_given) {
      if (auto const done = server_.listen_unix(path); !done) return done;
      log(log_level::info, "control", "listening", field("socket", path.string()));
    }
    if (control.listen.empty() || port_given) return {};
    auto const where = split_listen(control.listen);
    auto const port = server_.listen_tcp(where.host, where.port);
    if (!port) return std::unexpected(port.error());
    log(log_level::info, "control", "listening", field("address", where.host),
        field("port", *port));
    return open_port(*port);
  }

  /// Who has the token may come to this port.
  result<> open_port(std::uint16_t port) {
    auto token = read_token(engine_->settings()->control.token_file);
    if (!token) return std::unexpected(token.error());
    api_.set_policy({.token = std::move(*token), .hosts = host_names(port)});
    return {};
  }

  void start() {
    tasks_.spawn("signals", watch_signals());
    tasks_.spawn("log signals", watch_log_signals());
    tasks_.spawn("status", tell_status());
    if (!beside_) api_.care(tasks_);
    if (notifier_.watchdog_interval()) tasks_.spawn("watchdog", feed_watchdog());
    instruments::global().reloaded(true);
    notifier_.ready();
    log(log_level::info, "daemon", "ready", field("version", VINNY_VERSION),
        field("data_dir", engine_->settings()->data_dir.string()),
        field("config", engine_->settings()->file.string()));
  }

  /// Waits for the first signal and ends everything in order.
  task<> serve() {
    while (!stopping_) co_await stop_asked_.wait();
    notifier_.stopping();
    log(log_level::info, "daemon", "stopping");
    co_await engine_->drain(within(drain_time));
    co_await api_.stop();
    co_await server_.stop();
    tasks_.cancel();
    co_await tasks_.join();
    // The last of the notes that nobody waited for.
    [[maybe_unused]] auto const flushed = co_await engine_->facts().write([](database&) {});
    log(log_level::info, "daemon", "stopped");
  }

  /// A name server that does not answer must not hold up the end.
  [[nodiscard]] bool waits_for_names() { return engine_->names().pending() > 0; }

 private:
  std::optional<std::string> why_not_ready() {
    if (stopping_) return "shutting down";
    if (is_disk_full()) return "the disk is full";
    if (engine_->facts().lag() > writer_patience) return "the catalog does not answer";
    return std::nullopt;
  }

  bool is_disk_full() {
    auto const& settings = *engine_->settings();
    auto const space = space_at(settings.data_dir);
    if (!space) return false;
    std::error_code none;
    auto const wal = std::filesystem::file_size(settings.data_dir / "vinny.db-wal", none);
    auto& meters = instruments::global();
    bool const full = space->free < least_free(settings.min_free, space->total);
    meters.catalog_wal_bytes.set(none ? 0 : static_cast<double>(wal));
    meters.disk_free_bytes.set(static_cast<double>(space->free));
    meters.disk_full.set(full ? 1 : 0);
    return full;
  }

  task<> watch_signals() {
    for (;;) {
      auto const [error, number] = co_await signals_.async_wait(as_values);
      if (error) co_return;
      if (number == SIGHUP) {
        reload();
      } else if (stopping_) {
        // A second one: at once. It is a crash, and crashes are safe.
        log(log_level::warn, "daemon", "a second signal: ending at once");
        flush_log();
        ::_exit(128 + number);
      } else {
        stopping_ = true;
        stop_asked_.notify_all();
      }
    }
  }

  /// SIGUSR1: the log tells more; SIGUSR2: as it was told at the start.
  task<> watch_log_signals() {
    for (;;) {
      auto const [error, number] = co_await log_signals_.async_wait(as_values);
      if (error) co_return;
      auto const level = number == SIGUSR1 ? log_level::debug : usual_level_;
      // Told at a level that is written before and after.
      set_log_level(std::min(level, log_level::info));
      log(log_level::info, "daemon", "log level", field("log_level", name(level)));
      set_log_level(level);
    }
  }

  /// The listeners are made at the start; a change of theirs is said to wait for one.
  void tell_what_waits(control_config const& before, control_config const& after) {
    bool const same = before.socket == after.socket && before.listen == after.listen &&
                      before.token_file == after.token_file;
    if (!same) log(log_level::warn, "config", "[control] has changed; that takes a restart");
  }

  void reload() {
    notifier_.reloading();
    auto const before = engine_->settings();
    auto fresh = reload_();
    bool good = false;
    if (!fresh) {
      for (auto const& one : fresh.error()) {
        log(log_level::error, "config", to_string(one));
      }
    } else if (auto const taken =
                   engine_->reconfigure(std::make_shared<config const>(std::move(*fresh)));
               !taken) {
      log(log_level::error, "config", taken.error().message);
    } else {
      good = true;
      tell_what_waits(before->control, engine_->settings()->control);
    }
    instruments::global().reloaded(good);
    log(good ? log_level::info : log_level::error, "config",
        good ? "reloaded; it holds from the next run on"
             : "not reloaded: the old configuration stays");
    notifier_.ready();
  }

  std::string what_runs() {
    std::string out;
    for (auto const& run : engine_->running()) {
      auto const record = run->snapshot();
      out += fmt::format("{}run {} {}: {}", out.empty() ? "" : "; ", record.id, record.pipeline,
                         run_line(record.pipeline, record.counts));
    }
    if (!out.empty()) return out;
    auto const last = engine_->last_ended();
    return last ? fmt::format("idle; last run {} {}", last->record.id, name(last->record.state))
                : std::string{"idle"};
  }

  task<> tell_status() {
    for (;;) {
      (void)is_disk_full();  // for the metrics
      notifier_.status(what_runs());
      co_await sleep_for(status_every);
    }
  }

  /// A ping says that the loop turns and the catalog's writer answers.
  task<> feed_watchdog() {
    auto const interval = *notifier_.watchdog_interval() / 3;
    for (;;) {
      auto const answered = co_await engine_->facts().write([](database&) {});
      if (answered && engine_->facts().lag() < writer_patience) {
        notifier_.watchdog();
        instruments::global().watchdog_pings.add();
      } else {
        log(log_level::error, "daemon", "no watchdog ping: the catalog's writer does not answer");
      }
      co_await sleep_for(interval);
    }
  }

  bool beside_;  // another daemon holds the catalog, and sweeps
  std::unique_ptr<engine> engine_;
  std::function<checked<config>()> reload_;
  service_notifier notifier_;
  control_api api_;
  http_server server_;
  asio::signal_set signals_;
  asio::signal_set log_signals_;
  log_level const usual_level_ = current_log_level();
  bool stopping_ = false;
  condition stop_asked_;
  task_group tasks_;
};

}  // namespace

int run_daemon(std::shared_ptr<config const> settings, std::function<checked<config>()> reload,
               bool beside) {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a write over a limit fails, and says so
  asio::io_context loop{1};
  auto work = engine::open(std::move(settings), loop.get_executor(), "vinnyd",
                           beside ? engine_role::beside : engine_role::whole);
  if (!work) {
    log(log_level::error, "daemon", work.error().message, field("reason", work.error().code));
    return exit_code_of(work.error().code);
  }
  daemon_process process{loop, std::move(*work), std::move(reload), beside};
  auto const listening = process.listen();
  if (!listening) {
    log(log_level::error, "daemon", listening.error().message,
        field("reason", listening.error().code));
    flush_log();
    ::_exit(exit_code_of(listening.error().code));
  }
  process.start();
  bool ended = false;
  asio::co_spawn(loop, process.serve(), [&](std::exception_ptr const& error) {
    ended = !error;
    loop.stop();
  });
  loop.run();
  int const code = ended ? 0 : exit_failed;
  if (process.waits_for_names()) {
    flush_log();
    ::_exit(code);
  }
  return code;
}

}  // namespace vinny
