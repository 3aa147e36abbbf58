// SPDX-License-Identifier: MIT
//
// Telling the service manager how we are: sd_notify(3) as one datagram to $NOTIFY_SOCKET, without
// libsystemd. Without that variable every call does nothing.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace vinny {

class service_notifier {
 public:
  /// Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID once. A path that does not fit a socket
  /// address, or is neither absolute nor abstract ('@…'), counts as none.
  service_notifier();

  [[nodiscard]] bool active() const noexcept { return !address_.empty(); }

  // Each returns whether the datagram was handed over. A manager whose queue is full is waited
  // for at most 200 ms; nothing throws.
  bool ready() const noexcept;
  /// One line for `systemctl status`; line breaks become spaces, 512 bytes at most.
  bool status(std::string_view text) const noexcept;
  bool stopping() const noexcept;
  /// To be followed by ready(). Carries MONOTONIC_USEC, which Type=notify-reload asks for.
  bool reloading() const noexcept;
  bool watchdog() const noexcept;
  /// More time for the present start, stop or reload, counted from now.
  bool extend_timeout(std::chrono::microseconds more) const noexcept;

  /// How long the manager waits between pings before it kills us; ping at a third of it. None
  /// when there is no watchdog or it is meant for another process.
  [[nodiscard]] std::optional<std::chrono::microseconds> watchdog_interval() const noexcept {
    return watchdog_interval_;
  }

 private:
  bool send(std::string_view message) const noexcept;

  std::string address_;  // as in the environment; empty: none
  std::optional<std::chrono::microseconds> watchdog_interval_;
};

}  // namespace vinny
